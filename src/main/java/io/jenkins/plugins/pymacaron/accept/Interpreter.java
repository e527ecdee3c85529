package io.jenkins.plugins.pymacaron.accept;

import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.process.CommandNotFoundException;
import io.jenkins.plugins.pymacaron.process.Finished;
import io.jenkins.plugins.pymacaron.process.PrivateDirectory;
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
 */
public record Interpreter(String program, String version, Optional<String> pytest) {
    private static final Duration ASK_WITHIN = Duration.ofSeconds(30);
    /** The word before the answer tells it from what a sitecustomize may print. */
    private static final String QUESTION = """
            import sys
            try:
                import pytest
                has = pytest.__version__
            except ImportError:
                has = ''
            sys.stdout.write('\\npym-python %d.%d.%d %s\\n' % (sys.version_info[:3] + (has,)))
            """;

    private static final Pattern ANSWER =
            Pattern.compile("^pym-python (([0-9]+)\\.([0-9]+)\\.[0-9]+) ([0-9][^\\s]{0,40})?", Pattern.MULTILINE);

    /**
     * Finds it: the one that was chosen, else the project's virtualenv, else {@code python3} on PATH.
     *
     * @param project where {@code .venv} may be
     * @throws IOException when there is none, or it does not run, or is too old; one line
     */
    public static Interpreter find(Processes processes, Optional<Path> chosen, Path project)
            throws IOException, InterruptedException {
        Path venv = project.resolve(".venv/bin/python");
        // A link to a Python that is gone is found too, so that it is named rather than passed over.
        String program = chosen.map(Path::toString)
                .orElseGet(() -> Files.isExecutable(venv) || Files.isSymbolicLink(venv) ? venv.toString() : "python3");
        // A bare name is looked for on PATH, anything else from where we are, not from where the question is asked.
        if (program.indexOf('/') >= 0) {
            program = Path.of(program).toAbsolutePath().toString();
        }
        // Python looks for modules where it runs. There is nothing here, so that no file beside the project is pytest;
        // the
        // tests, which run in the checkout, may have one of their own.
        try (PrivateDirectory nowhere = PrivateDirectory.create("pymacaron-python-")) {
            Finished answer = processes.query(
                    Command.of(program, "-c", QUESTION).in(nowhere.path()).within(ASK_WITHIN));
            return of(program, answer.orThrow(program + " cannot run the tests: asking for its version"));
        } catch (CommandNotFoundException e) {
            throw new IOException("no Python to run the tests with: " + e.getMessage(), e);
        }
    }

    private static Interpreter of(String program, Finished answer) throws IOException {
        Matcher found = ANSWER.matcher(answer.output());
        if (!found.find()) {
            throw new IOException(program + " cannot run the tests: it is no Python");
        }
        int major = Integer.parseInt(found.group(2));
        if (major < 3 || major == 3 && Integer.parseInt(found.group(3)) < 8) {
            throw new IOException(
                    program + " cannot run the tests: it is Python " + found.group(1) + ", and 3.8 or newer is needed");
        }
        return new Interpreter(program, found.group(1), Optional.ofNullable(found.group(4)));
    }

    /** Whether nose's {@code setup} and {@code teardown} methods are silently left out: since pytest 8. */
    boolean ignoresNose() {
        return pytest.map(v -> v.replaceFirst("\\D.*", ""))
                .filter(v -> !v.isEmpty() && v.length() < 5)
                .map(Integer::parseInt)
                .map(major -> major >= 8)
                .orElse(true);
    }

    @Override
    public String toString() {
        return program + " (Python " + version
                + pytest.map(v -> ", pytest " + v).orElse(", unittest") + ")";
    }
}
