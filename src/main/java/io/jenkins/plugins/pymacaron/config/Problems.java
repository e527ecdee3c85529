package io.jenkins.plugins.pymacaron.config;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Collects the problems of one file, so that the user sees all of them at once. The same problem counts once. */
final class Problems {
    /** More problems are of no use to a reader, and a hostile file could contain a hundred thousand. */
    private static final int MOST = 100;

    private final String file;
    private final Set<Problem> errors = new LinkedHashSet<>();
    private final Set<Problem> warnings = new LinkedHashSet<>();

    Problems(String file) {
        this.file = file;
    }

    void error(FilePosition at, String message, String advice) {
        errors.add(new Problem(Severity.ERROR, file, at.line(), at.column(), message, advice));
    }

    void warning(FilePosition at, String message, String advice) {
        warnings.add(new Problem(Severity.WARNING, file, at.line(), at.column(), message, advice));
    }

    void addAll(Problems others) {
        errors.addAll(others.errors);
        warnings.addAll(others.warnings);
    }

    /**
     * Returns the problems in the order of the file; when there are too many, warnings are left out first, and the last
     * line says so.
     */
    List<Problem> all() {
        Stream<Problem> first = Stream.concat(errors.stream(), warnings.stream())
                .limit(MOST)
                .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
        int more = errors.size() + warnings.size() - MOST;
        return more <= 0
                ? first.toList()
                : Stream.concat(first, Stream.of(Problem.warning(file, "there are " + more + " more problems", "")))
                        .toList();
    }

    boolean hasErrors() {
        return !errors.isEmpty();
    }

    void throwIfErrors() throws ConfigException {
        if (hasErrors()) {
            throw new ConfigException(all());
        }
    }
}
