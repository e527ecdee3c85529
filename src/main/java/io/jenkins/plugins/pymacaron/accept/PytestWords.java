package io.jenkins.plugins.pymacaron.accept;

import io.jenkins.plugins.pymacaron.report.TestCase;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the one line with the reason in pytest's output, and adds what to install where that solves the problem. */
public final class PytestWords {
    /** The line of a usage error, of a required plugin, of an ini file that cannot be read. */
    private static final Pattern ERROR = Pattern.compile("(?:ERROR: |[\\w.\\-]+: error: )(?!usage:)(.+)");
    /** The line of an exception, in a traceback as pytest prints it ({@code E }), or in Python's own. */
    private static final Pattern EXCEPTION = Pattern.compile(
            "(?:E +|INTERNALERROR> )?((?:[A-Za-z_][\\w.]*)?(?:Error|Exception|Exit|Interrupt|Warning|Failed)(?:: .+)?)");

    /** The line of a run that was ended before its end ({@code _report_keyboardinterrupt} of _pytest/terminal.py). */
    private static final Pattern ENDED =
            Pattern.compile("!+ (?:[\\w.]+\\.)?((?:Exit|Interrupted|KeyboardInterrupt)(?:: .+?)?) !+");

    private static final Pattern CONFTEST = Pattern.compile("ImportError while loading conftest '([^']+)'\\.");
    private static final Pattern MARKED = Pattern.compile("E +(\\S.*)");
    private static final Pattern NO_MODULE = Pattern.compile(".*No module named '([\\w.]+)'.*");
    /** The line of Python's own tracebacks; before a SyntaxError it has the place of the mistake. */
    private static final Pattern PLACE = Pattern.compile("(?:E +)?File \"(?:[^\"]*/)?([^\"/]+)\", line (\\d+).*");
    /** The line of _pytest/python.py, importtestmodule: the file after it is the other one. */
    private static final Pattern MISMATCH = Pattern.compile("import file mismatch:");

    private static final Pattern OTHER_FILE = Pattern.compile("(?:.*/)?([^/]+/[^/]+\\.py)");
    private static final Pattern DESELECTED = Pattern.compile("=* *(?:.*, )?(\\d+) deselected.*");
    private static final Pattern NO_FIXTURE = Pattern.compile("fixture '(\\w+)' not found");
    private static final Pattern NO_OPTION = Pattern.compile("unrecognized arguments:.* ?--([a-z]+).*");
    private static final int LONGEST = 300;

    /** The plugins that add options, by the plugins' own documentation. */
    private static final Map<String, String> PLUGINS = Map.of(
            "mocker", "pytest-mock",
            "benchmark", "pytest-benchmark",
            "client", "pytest-flask or pytest-django",
            "requests_mock", "requests-mock",
            "cov", "pytest-cov",
            "timeout", "pytest-timeout",
            "numprocesses", "pytest-xdist",
            "reruns", "pytest-rerunfailures");

    private PytestWords() {}

    /** Returns the reason why a run had no result, by its last lines; empty if they do not tell. */
    static Optional<String> reason(String tail) {
        List<String> lines = tail.lines().map(String::strip).toList();
        Optional<String> conftest = first(lines, CONFTEST);
        Optional<String> exception = last(lines, EXCEPTION);
        if (conftest.isPresent()) {
            String file = conftest.get().replaceFirst(".*/([^/]+/[^/]+)$", "$1");
            return Optional.of(advised("loading " + file + ": " + exception.orElse("ImportError")));
        }
        return first(lines, ERROR)
                .or(() -> last(lines, ENDED))
                .or(() -> exception)
                .map(PytestWords::advised);
    }

    /** Returns the reason of a failed test, on one line. */
    public static String message(TestCase test) {
        String message = test.message().lines().findFirst().orElse("").strip();
        boolean hollow = message.equals("collection failure")
                || message.equals("internal error")
                || message.startsWith("failed on setup with")
                || message.startsWith("failed on teardown with");
        if (!hollow) {
            return message;
        }
        List<String> detail = test.detail().lines().map(String::strip).toList();
        if (first(detail, MISMATCH, 0).isPresent()) {
            return "import file mismatch: "
                    + first(detail, OTHER_FILE)
                            .map(file -> file + " has the same name")
                            .orElse("another has its name")
                    + ". Rename one of them, or put an __init__.py into the directory of each";
        }
        Optional<String> exit = last(detail, EXCEPTION)
                .filter(line -> line.startsWith("SyntaxError") || message.equals("internal error"));
        if (exit.isPresent()) {
            return advised(exit.get() + place(detail));
        }
        return last(detail, MARKED)
                .or(() -> detail.stream().filter(line -> !line.isEmpty()).findFirst())
                .map(PytestWords::advised)
                .orElse(message);
    }

    private static String advised(String reason) {
        String line = reason.length() > LONGEST ? reason.substring(0, LONGEST) + " …" : reason;
        Matcher module = NO_MODULE.matcher(line);
        if (module.matches()) {
            return line + "; install it for the interpreter of the tests";
        }
        Matcher fixture = NO_FIXTURE.matcher(line);
        Matcher option = NO_OPTION.matcher(line);
        String name = fixture.matches() ? fixture.group(1) : option.matches() ? option.group(1) : "";
        return PLUGINS.containsKey(name) ? line + "; " + PLUGINS.get(name) + " has it" : line;
    }

    /** Returns how many tests the options of a run left out, if it says so. */
    static Optional<String> deselected(String tail) {
        return last(tail.lines().map(String::strip).toList(), DESELECTED);
    }

    /** Returns the place in the form in which Python adds it to a SyntaxError. */
    private static String place(List<String> lines) {
        return lines.stream()
                .map(PLACE::matcher)
                .filter(Matcher::matches)
                .map(m -> " (" + m.group(1) + ", line " + m.group(2) + ")")
                .reduce((before, place) -> place)
                .orElse("");
    }

    private static Optional<String> first(List<String> lines, Pattern pattern) {
        return first(lines, pattern, 1);
    }

    private static Optional<String> first(List<String> lines, Pattern pattern, int group) {
        return lines.stream()
                .map(pattern::matcher)
                .filter(Matcher::matches)
                .map(m -> m.group(group))
                .findFirst();
    }

    private static Optional<String> last(List<String> lines, Pattern pattern) {
        return lines.stream()
                .map(pattern::matcher)
                .filter(Matcher::matches)
                .map(m -> m.group(1))
                .reduce((before, line) -> line);
    }
}
