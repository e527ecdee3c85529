package io.jenkins.plugins.pymacaron.docker;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the reason of a failed {@code pip install} in the output of a build. pip's own last words give no reason: "See
 * above for output", or that no wheel could be built.
 */
final class PipWords {
    private static final Pattern NO_NETWORK = Pattern.compile(
            ".*Retrying \\(Retry\\(total=0.*?(Failed to establish a new connection: [^'\"]+|(?:SSL|ReadTimeout|Proxy)Error\\([^,]*).*");
    private static final Pattern CONFLICT = Pattern.compile(
            "(?:ERROR: )(Cannot install .* because these package versions have conflicting dependencies\\.)");
    private static final Pattern NO_MATCH = Pattern.compile("ERROR: (No matching distribution found for .*)");
    private static final Pattern PINNED = Pattern.compile(".*==([^\\s;,]+)");
    /** Each ignored version with its requirement, divided by semicolons. */
    private static final Pattern IGNORED =
            Pattern.compile("ERROR: Ignored the following versions that require a different python version: (.*)");
    /**
     * The summary of packages that could not be built, on one line; in later versions a heading with a line below it.
     */
    private static final Pattern UNBUILT =
            Pattern.compile("(?:ERROR: )+((?:Failed to build installable|Could not build) wheels.*)");

    private static final Pattern FAILED = Pattern.compile("× (.*)");
    private static final Pattern WHICH = Pattern.compile("╰─> (?!See above|\\[)(.*)");

    private static final Pattern HASHES = Pattern.compile(
            "ERROR: (THESE PACKAGES DO NOT MATCH THE HASHES.*|" + "Hashes are required in --require-hashes mode.*)");
    private static final Pattern OTHER_PYTHON = Pattern.compile(".*(Package '.*' requires a different Python: .*)");
    /** The last line of setuptools where a compiler failed, which has printed the reason above it. */
    private static final Pattern COMPILER_FAILED = Pattern.compile("error: command '.*' failed with exit code \\d+");

    private static final Pattern COMPILER_ERROR = Pattern.compile("(\\S+:\\d+(?::\\d+)?: (?:fatal )?error: .*)");
    private static final String BEGIN = "lines of output]";
    private static final String END = "[end of output]";

    private PipWords() {}

    /** Returns the line with the reason; empty if this is no failure of pip, or its other lines tell it. */
    static Optional<String> reason(String tail) {
        List<String> lines = tail.lines()
                .map(BuildLines::plain)
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
                .or(() -> find(lines, NO_MATCH).map(line -> line + otherPython(lines, line)))
                .or(() -> find(lines, UNBUILT))
                .or(() -> failed(lines));
    }

    /** Returns the line: the requested version may be ignored, because it is for another Python. */
    private static String otherPython(List<String> lines, String line) {
        Matcher pinned = PINNED.matcher(line);
        Optional<String> ignored = find(lines, IGNORED);
        if (ignored.isEmpty()) {
            return "";
        }
        String version = pinned.matches() ? pinned.group(1) + " Requires-Python " : " ";
        return Arrays.stream(ignored.get().split("; "))
                .filter(one -> one.startsWith(version))
                .findFirst()
                .map(one -> ", which requires Python "
                        + one.substring(version.length()).strip())
                .orElse("; other versions require a different Python");
    }

    /** Returns the last heading of an error, and its subject where that is below it. */
    private static Optional<String> failed(List<String> lines) {
        Optional<String> heading = Optional.empty();
        String which = "";
        for (String line : lines) {
            Matcher failed = FAILED.matcher(line);
            Matcher about = WHICH.matcher(line);
            if (failed.matches()) {
                heading = Optional.of(failed.group(1));
                which = "";
            } else if (about.matches()) {
                which = ": " + about.group(1);
            }
        }
        String about = which;
        return heading.map(line -> "pip: " + line.replaceFirst("\\.$", "") + about);
    }

    private static Optional<String> find(List<String> lines, Pattern pattern) {
        return lines.stream()
                .map(pattern::matcher)
                .filter(Matcher::matches)
                .map(m -> m.group(1))
                .findFirst();
    }

    /** Returns the last line of the program that was to build a package. */
    private static Optional<String> subprocess(List<String> lines) {
        int end = lines.lastIndexOf(END);
        if (end < 1 || lines.stream().noneMatch(line -> line.contains(BEGIN) || line.contains("subprocess"))) {
            return Optional.empty();
        }
        String last = lines.get(end - 1);
        if (last.contains(BEGIN)) {
            return Optional.empty();
        }
        String why = COMPILER_FAILED.matcher(last).matches()
                ? find(lines.subList(0, end), COMPILER_ERROR).orElse(last)
                : last;
        Optional<String> what = lines.subList(0, end).stream()
                .filter(line -> line.startsWith("× "))
                .reduce((before, line) -> line)
                .map(line -> line.substring(2).replaceFirst(" did not run successfully\\.$", ""));
        return Optional.of(what.map(w -> "pip, " + w + ": ").orElse("pip: ") + why);
    }
}
