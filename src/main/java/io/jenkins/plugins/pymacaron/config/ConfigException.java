package io.jenkins.plugins.pymacaron.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Thrown when the user's input cannot be used. It carries all errors and warnings; its message has one line each. */
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

    /** Returns the problems, at least one error, in the order of the file. */
    public List<Problem> problems() {
        return List.copyOf(problems);
    }
}
