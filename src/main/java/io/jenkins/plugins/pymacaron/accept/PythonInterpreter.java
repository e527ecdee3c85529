package io.jenkins.plugins.pymacaron.accept;

import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.process.CommandNotFoundException;
import io.jenkins.plugins.pymacaron.process.ProcessResult;
import io.jenkins.plugins.pymacaron.process.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Python that runs the tests.
 *
 * @param program by name or by path
 * @param version such as 3.11.2
 * @param pytest its version; empty where this Python does not have it
 * @param xdist the version of pytest-xdist; empty where pytest would not load it
 * @param unittest whether unittest runs the tests although pytest could
 */
public record PythonInterpreter(
        String program, String version, Optional<String> pytest, Optional<String> xdist, boolean unittest) {
    private static final Duration ASK_WITHIN = Duration.ofSeconds(30);
    /**
     * Python looks for modules in its working directory: a file of the project, or beside it, must not count as pytest.
     * The word before the answer distinguishes it from output of a sitecustomize.
     */
    private static final String QUESTION = """
            import os, sys
            if sys.path[:1] == ['']:
                del sys.path[0]
            try:
                import pytest
                has = pytest.__version__
            except ImportError:
                has = ''
            try:
                import xdist.dsession
                shares = has and not os.environ.get('PYTEST_DISABLE_PLUGIN_AUTOLOAD') and xdist.__version__
            except Exception:
                shares = ''
            sys.stdout.write('\\npym-python %d.%d.%d %s %s\\n' % (sys.version_info[:3] + (has, shares or '')))
            """;

    private static final Pattern ANSWER = Pattern.compile(
            "^pym-python (([0-9]+)\\.([0-9]+)\\.[0-9]+) ([0-9][^\\s]{0,40})?(?: ([0-9][^\\s]{0,40}))?",
            Pattern.MULTILINE);

    PythonInterpreter(String program, String version, Optional<String> pytest) {
        this(program, version, pytest, Optional.empty(), false);
    }

    /**
     * Finds it: the one that was chosen, else the project's virtualenv, else {@code python3} on PATH.
     *
     * @param project the directory that may contain {@code .venv}
     * @param where the directory in which the tests will run: a {@code python3} of pyenv is another one in each
     *     directory
     * @throws IOException when there is none, or it does not run, or is too old; one line
     */
    public static PythonInterpreter find(Processes processes, Optional<Path> chosen, Path project, Path where)
            throws IOException, InterruptedException {
        Path venv = project.resolve(".venv/bin/python");
        // A link to a Python that is gone is found too, so that it is named and not ignored.
        String program = chosen.map(Path::toString)
                .orElseGet(() -> Files.isExecutable(venv) || Files.isSymbolicLink(venv) ? venv.toString() : "python3");
        // A bare name is looked for on PATH; any other name is relative to this process's directory, not to the
        // directory of the question.
        if (program.indexOf('/') >= 0) {
            program = Path.of(program).toAbsolutePath().toString();
        }
        try {
            ProcessResult answer = processes.query(
                    Command.of(program, "-c", QUESTION).in(where).within(ASK_WITHIN));
            return of(program, answer.orThrow(program + " cannot run the tests: asking for its version"));
        } catch (CommandNotFoundException e) {
            throw new IOException("no Python to run the tests with: " + e.getMessage(), e);
        }
    }

    private static PythonInterpreter of(String program, ProcessResult answer) throws IOException {
        Matcher found = ANSWER.matcher(answer.output());
        if (!found.find()) {
            throw new IOException(program + " cannot run the tests: it is no Python");
        }
        int major = Integer.parseInt(found.group(2));
        if (major < 3 || major == 3 && Integer.parseInt(found.group(3)) < 8) {
            throw new IOException(
                    program + " cannot run the tests: it is Python " + found.group(1) + ", and 3.8 or newer is needed");
        }
        return new PythonInterpreter(
                program,
                found.group(1),
                Optional.ofNullable(found.group(4)),
                Optional.ofNullable(found.group(5)),
                false);
    }

    /**
     * Returns the interpreter with the configured runner.
     *
     * @param runner pytest or unittest
     * @throws IOException when this Python does not have it; one line
     */
    public PythonInterpreter running(String runner) throws IOException {
        if (runner.equals("pytest") && pytest.isEmpty()) {
            throw new IOException(program + " (Python " + version + ") has no pytest, which runner in accept asks for."
                    + " Install it: " + program + " -m pip install pytest");
        }
        return new PythonInterpreter(program, version, pytest, xdist, runner.equals("unittest"));
    }

    /** Returns whether pytest runs the tests. */
    boolean usesPytest() {
        return pytest.isPresent() && !unittest;
    }

    /** Returns whether pytest itself shares tests among processes. */
    boolean usesXdist() {
        return usesPytest() && xdist.isPresent();
    }

    /** Returns how so many processes share the acceptance tests, as an addition to {@link #toString}; empty for one. */
    public String sharing(int processes) {
        if (processes == 1) {
            return "";
        }
        return ", acceptance tests in " + processes + " processes, "
                + (usesXdist() ? "by pytest-xdist " + xdist.get() : "each with its share of the files");
    }

    /** Returns the first number of pytest's version, 0 without one. */
    int pytestMajor() {
        return pytest.map(v -> v.replaceFirst("\\D.*", ""))
                .filter(v -> !v.isEmpty() && v.length() < 5)
                .map(Integer::parseInt)
                .orElse(0);
    }

    @Override
    public String toString() {
        String runner = usesPytest()
                ? "pytest " + pytest.get()
                : "unittest" + (unittest ? ", as accept.runner asks" : ", for want of pytest");
        return program + " (Python " + version + ", " + runner + ")";
    }
}
