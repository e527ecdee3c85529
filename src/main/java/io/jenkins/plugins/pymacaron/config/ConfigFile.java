package io.jenkins.plugins.pymacaron.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the file of a project. As with pymconfig, {@code --env} never falls back to another file than the one that it
 * names.
 */
final class ConfigFile {
    private static final String STEM = "pym-config";
    private static final int MOST_NAMED = 10;

    private ConfigFile() {}

    static String name(Optional<String> environment) {
        return STEM + environment.map(env -> "." + env).orElse("") + ".yaml";
    }

    /** Returns the ENV in a name of {@link #name}. */
    static Optional<String> environment(String name) {
        return name.startsWith(STEM + ".")
                        && name.endsWith(".yaml")
                        && name.length() > name(Optional.of("")).length()
                ? Optional.of(name.substring(STEM.length() + 1, name.length() - ".yaml".length()))
                : Optional.empty();
    }

    /** Finds the file. @throws ConfigException if the environment is no valid name, or there is no such file */
    static Path locate(Path directory, Optional<String> environment) throws ConfigException {
        Optional<String> strange = environment.filter(env -> !ServiceTypes.isEnvironmentName(env));
        if (strange.isPresent()) {
            throw new ConfigException(Problem.error(
                    ParameterSettings.SOURCE,
                    "the environment " + QuotedText.of(strange.get())
                            + " is no name of letters, digits, dots, dashes and underscores",
                    "Give the ENV of a file " + STEM + ".ENV.yaml."));
        }
        Path file = directory.resolve(name(environment));
        if (!Files.isRegularFile(file)) {
            throw new ConfigException(Problem.error(
                    name(environment),
                    "there is no such file in the directory of the service",
                    advice(others(directory), environment)));
        }
        return file;
    }

    private static String advice(List<String> others, Optional<String> environment) {
        if (others.isEmpty()) {
            return "Run in the directory of the service (dir in Jenkins), or commit the file there.";
        }
        String there = "There is " + String.join(", ", others) + ".";
        Optional<String> misnamed =
                others.stream().filter(name -> name.endsWith(".yml")).findFirst();
        if (misnamed.isPresent()) {
            return there + " Rename " + misnamed.get() + " to end in .yaml.";
        }
        return there
                + (environment.isPresent()
                        ? " Name the environment of one of them, or commit the file."
                        : " Select one by its ENV.");
    }

    private static List<String> others(Path directory) {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith(STEM) && (name.endsWith(".yaml") || name.endsWith(".yml")))
                    .sorted()
                    .limit(MOST_NAMED)
                    .map(QuotedText::of)
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Returns the content, or slightly more than the allowed size. */
    static byte[] content(Path file) throws ConfigException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(YamlSource.LARGEST + 1);
        } catch (IOException e) {
            throw new ConfigException(Problem.error(
                    file.getFileName().toString(), "the file cannot be read: " + e, "Check its permissions."));
        }
    }
}
