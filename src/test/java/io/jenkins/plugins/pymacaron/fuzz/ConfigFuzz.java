package io.jenkins.plugins.pymacaron.fuzz;

import io.jenkins.plugins.pymacaron.config.ConfigException;
import io.jenkins.plugins.pymacaron.config.ConfigReader;
import io.jenkins.plugins.pymacaron.config.Overrides;

/** Any bytes as a pym-config.yaml: a configuration, or a list of problems. */
public final class ConfigFuzz {
    private ConfigFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        try {
            ConfigReader.read("pym-config.yaml", input, Overrides.NONE).slots().forEach(slot -> slot.plain());
        } catch (ConfigException e) {
            if (e.problems().isEmpty()) {
                throw new IllegalStateException("refused without a reason", e);
            }
        }
    }
}
