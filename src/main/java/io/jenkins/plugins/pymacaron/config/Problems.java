package io.jenkins.plugins.pymacaron.config;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects what is wrong with one file, so that the user hears of all of it at once. The same problem counts once. */
final class Problems {
    private final String file;
    private final Set<Problem> problems = new LinkedHashSet<>();

    Problems(String file) {
        this.file = file;
    }

    void error(Position at, String message, String advice) {
        problems.add(new Problem(Severity.ERROR, file, at.line(), at.column(), message, advice));
    }

    void warning(Position at, String message, String advice) {
        problems.add(new Problem(Severity.WARNING, file, at.line(), at.column(), message, advice));
    }

    void addAll(Problems others) {
        problems.addAll(others.problems);
    }

    /** In the order of the file. */
    List<Problem> all() {
        return problems.stream()
                .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column))
                .toList();
    }

    boolean hasErrors() {
        return problems.stream().anyMatch(Problem::isError);
    }

    void throwIfErrors() throws ConfigException {
        if (hasErrors()) {
            throw new ConfigException(all());
        }
    }
}
