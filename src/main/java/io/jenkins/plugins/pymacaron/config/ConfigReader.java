package io.jenkins.plugins.pymacaron.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads and checks a project's configuration. All problems are reported at once. */
public final class ConfigReader {
    private ConfigReader() {}

    /**
     * Reads {@code pym-config.yaml}, or {@code pym-config.ENV.yaml}, of a project.
     *
     * @param directory the service's directory
     */
    public static ProjectConfig read(Path directory, Overrides overrides) throws ConfigException {
        Path file = ConfigFile.locate(directory, overrides.environment());
        ProjectConfig project = read(file.getFileName().toString(), ConfigFile.content(file), overrides);
        List<Problem> warnings = new ArrayList<>(project.warnings());
        warnings.addAll(filesNotRead(directory, project));
        return new ProjectConfig(
                project.file(), project.environment(), project.base(), project.staging(), project.live(), warnings);
    }

    /** Reads a configuration that is already in memory; {@code fileName} is for messages. */
    public static ProjectConfig read(String fileName, byte[] content, Overrides overrides) throws ConfigException {
        Problems problems = new Problems(fileName);
        Value.Mapping file = YamlReader.read(fileName, content, problems);
        Problems parameterProblems = new Problems(ParameterSettings.SOURCE);
        Settings parameters = ParameterSettings.read(overrides, parameterProblems);
        problems.addAll(parameterProblems);

        SettingsReader.Read base = SettingsReader.read(file, Keys.ALL, problems);
        SlotBlocks slots = new SlotBlocks(fileName, base, parameters, problems);
        PymConfig staging = slots.staging();
        List<PymConfig> live = slots.live();
        PymConfig common = slots.base();
        new SlotChecks(problems, overrides).check(common, staging, live);
        problems.throwIfErrors();
        return new ProjectConfig(fileName, overrides.environment(), common, staging, live, problems.all());
    }

    /**
     * Returns warnings about unused files. {@code --env} selects the file that deploys; PYM_ENV selects the file that
     * the service reads when it runs, and falls back to pym-config.yaml. A user of several files should know when these
     * two differ.
     */
    private static List<Problem> filesNotRead(Path directory, ProjectConfig project) {
        List<Problem> warnings = new ArrayList<>();
        for (Slot slot : project.environment().isEmpty() ? new Slot[0] : Slot.values()) {
            PymConfig config =
                    slot == Slot.STAGING ? project.staging() : project.live().get(0);
            String pymEnv = PymEnv.of(slot, config);
            String expected = ConfigFile.name(Optional.of(pymEnv));
            if (config.pymEnv().isEmpty() && !Files.exists(directory.resolve(expected))) {
                warnings.add(Problem.warning(
                        project.file(),
                        "in " + slot.id() + " PYM_ENV is " + pymEnv + ", and there is no " + expected
                                + ", so the service reads pym-config.yaml there",
                        "Set pym_env: " + project.environment().get() + " if it is to read this file."));
            }
        }
        return warnings;
    }
}
