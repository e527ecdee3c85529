package io.jenkins.plugins.pymacaron.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What the user gave cannot be used. Carries everything that is wrong with it, warnings too; its message has one line each. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ArrayList<Problem> problems;

    public ConfigException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = new ArrayList<>(problems);
    }

    public ConfigException(Problem problem) {
        this(List.of(problem));
    }

    /** At least one error, in the order of the file. */
    public List<Problem> problems() {
        return List.copyOf(problems);
    }
}
