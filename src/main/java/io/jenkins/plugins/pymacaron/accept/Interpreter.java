package io.jenkins.plugins.pymacaron.accept;

import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.process.CommandNotFoundException;
import io.jenkins.plugins.pymacaron.process.Finished;
import io.jenkins.plugins.pymacaron.process.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The Python that runs the tests.
 *
 * @param program by name or by path
 * @param version such as 3.11.2
 * @param pytest its version; empty where this Python does not have it
 */
public record Interpreter(String program, String version, Optional<String> pytest) {
    private static final Duration ASK_WITHIN = Duration.ofSeconds(30);
    private static final String QUESTION =
            """
            import sys
            print('%d.%d.%d' % sys.version_info[:3])
            try:
                import pytest
                print(pytest.__version__)
            except ImportError:
                pass
            """;

    /**
     * Finds it: the one that was chosen, else the project's virtualenv, else {@code python3} on PATH.
     *
     * @param project where {@code .venv} may be
     * @throws IOException when there is none, or it does not run; one line
     */
    public static Interpreter find(Processes processes, Optional<Path> chosen, Path project)
            throws IOException, InterruptedException {
        Path venv = project.resolve(".venv/bin/python");
        String program = chosen.map(Path::toString)
                .orElseGet(() -> Files.isExecutable(venv) ? venv.toString() : "python3");
        Finished answer;
        try {
            answer = processes.query(Command.of(program, "-c", QUESTION).within(ASK_WITHIN));
        } catch (CommandNotFoundException e) {
            throw new IOException("no Python to run the tests with: " + e.getMessage(), e);
        }
        answer.orThrow("starting " + program);
        String[] lines = answer.output().strip().split("\\s*\n\\s*");
        return new Interpreter(program, lines[0], lines.length > 1 ? Optional.of(lines[1]) : Optional.empty());
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
        return program + " (Python " + version + pytest.map(v -> ", pytest " + v).orElse(", unittest") + ")";
    }
}
