package io.jenkins.plugins.pymacaron.config;

import java.nio.file.Path;

/** Reads and checks a project's configuration. */
public final class ConfigReader {
    private ConfigReader() {}

    /** Reads {@code pym-config.yaml}, or {@code pym-config.ENV.yaml}, from a project's directory. */
    public static ProjectConfig read(Path directory, Overrides overrides) throws ConfigException {
        throw new ConfigException(Problem.error(directory.toString(), "reading is not built yet", ""));
    }

    /** Reads a configuration that is already here; {@code fileName} is for messages. */
    public static ProjectConfig read(String fileName, byte[] content, Overrides overrides) throws ConfigException {
        throw new ConfigException(Problem.error(fileName, "reading is not built yet", ""));
    }
}
