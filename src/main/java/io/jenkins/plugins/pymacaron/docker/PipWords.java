package io.jenkins.plugins.pymacaron.docker;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the reason of a failed {@code pip install} in the output of a build. pip's own last words name no reason: "See above
 * for output", or that no wheel could be built.
 */
final class PipWords {
    /** What BuildKit puts before a line of a program: the number of the step and the seconds since its begin. */
    private static final Pattern STEP = Pattern.compile("^(?:#\\d+ )?\\d+\\.\\d+ ?");

    private static final Pattern NO_NETWORK = Pattern.compile(
            ".*Retrying \\(Retry\\(total=0.*?(Failed to establish a new connection: [^'\"]+|(?:SSL|ReadTimeout|Proxy)Error\\([^,]*).*");
    private static final Pattern CONFLICT = Pattern.compile(
            "(?:ERROR: )(Cannot install .* because these package versions have conflicting dependencies\\.)");
    private static final Pattern NO_MATCH = Pattern.compile("ERROR: (No matching distribution found for .*)");
    private static final Pattern HASHES = Pattern.compile(
            "ERROR: (THESE PACKAGES DO NOT MATCH THE HASHES.*|" + "Hashes are required in --require-hashes mode.*)");
    private static final Pattern OTHER_PYTHON = Pattern.compile(".*(Package '.*' requires a different Python: .*)");
    private static final String BEGIN = "lines of output]";
    private static final String END = "[end of output]";

    private PipWords() {}

    /** The line with the reason; empty if this is no failure of pip, or its other lines tell it. */
    static Optional<String> reason(String tail) {
        List<String> lines = tail.lines()
                .map(line -> STEP.matcher(line.strip()).replaceFirst("").strip())
                .filter(line -> !line.isEmpty())
                .toList();
        boolean unresolved = find(lines, NO_MATCH).isPresent();
        return find(lines, NO_NETWORK)
                .filter(line -> unresolved)
                .map(line -> "pip cannot reach the package index: " + line)
                .or(() -> find(lines, CONFLICT))
                .or(() -> find(lines, OTHER_PYTHON))
                .or(() -> find(lines, HASHES))
                .or(() -> subprocess(lines))
                .or(() -> find(lines, NO_MATCH));
    }

    private static Optional<String> find(List<String> lines, Pattern pattern) {
        return lines.stream()
                .map(pattern::matcher)
                .filter(Matcher::matches)
                .map(m -> m.group(1))
                .findFirst();
    }

    /** The last line of what the program wrote that was to build a package. */
    private static Optional<String> subprocess(List<String> lines) {
        int end = lines.lastIndexOf(END);
        if (end < 1 || lines.stream().noneMatch(line -> line.contains(BEGIN) || line.contains("subprocess"))) {
            return Optional.empty();
        }
        String last = lines.get(end - 1);
        if (last.contains(BEGIN)) {
            return Optional.empty();
        }
        Optional<String> what = lines.subList(0, end).stream()
                .filter(line -> line.startsWith("× "))
                .reduce((before, line) -> line)
                .map(line -> line.substring(2).replaceFirst(" did not run successfully\\.$", ""));
        return Optional.of(what.map(w -> "pip, " + w + ": ").orElse("pip: ") + last);
    }
}
