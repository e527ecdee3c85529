package io.jenkins.plugins.pymacaron.target;

import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.process.LogLines;
import io.jenkins.plugins.pymacaron.process.PipelineCredentials;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Where a deployment goes: one slot of one service, with the configuration that holds there.
 *
 * @param index 0, but for the second and later regions of live
 * @param config the settings of the slot, its block laid over the file
 * @param variables what the service gets in its environment, PYM_ENV and the secrets
 */
public record Environment(Slot slot, int index, PymConfig config, Map<String, String> variables) {
    public Environment {
        variables = Map.copyOf(variables);
        if (variables.keySet().stream().anyMatch(PipelineCredentials::isOwn)) {
            // The configuration refuses such a name before.
            throw new IllegalArgumentException("a service does not get credentials of the pipeline's own");
        }
    }

    /** The name that locks, labels and history know it by, for instance {@code docker/hello/live}. */
    public String name() {
        String region = index == 0 ? "" : "-" + (index + 1);
        return config.target().id() + "/" + config.name() + "/" + slot.id() + region;
    }

    /** What the service wrote, fit to be shown: its secrets masked, without control characters. */
    public List<String> shown(String log) {
        Set<String> secrets = new HashSet<>();
        config.envSecrets().stream()
                .map(variables::get)
                .filter(Objects::nonNull)
                .forEach(secrets::add);
        List<String> lines = new ArrayList<>();
        LogLines shown = new LogLines(new SecretMask(secrets), lines::add);
        shown.add(log);
        shown.close();
        return lines;
    }

    /** Without the values of variables, which hold secrets. */
    @Override
    public String toString() {
        return name() + " " + variables.keySet();
    }
}
