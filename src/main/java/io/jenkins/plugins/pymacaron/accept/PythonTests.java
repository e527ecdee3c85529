package io.jenkins.plugins.pymacaron.accept;

import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.process.Finished;
import io.jenkins.plugins.pymacaron.process.ProcessTimeoutException;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.report.AcceptanceReport;
import io.jenkins.plugins.pymacaron.report.JUnitXml;
import io.jenkins.plugins.pymacaron.report.JUnitXmlException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs a project's tests with the interpreter's pytest, or with unittest where it has none. */
public final class PythonTests {
    /** pytest's exit code when it found no test at all (pytest.ExitCode.NO_TESTS_COLLECTED); our runner has the same. */
    private static final int NO_TESTS = 5;

    private static final String TOKEN = "PYM_JWT_TOKEN";

    private final Processes processes;
    private final Interpreter interpreter;

    public PythonTests(Processes processes, Interpreter interpreter) {
        this.processes = processes;
        this.interpreter = interpreter;
    }

    /**
     * What to run.
     *
     * @param directory the checkout, from which the tests import
     * @param paths directories or files in it, or elsewhere
     * @param environment added to ours; without a PYM_JWT_TOKEN in it, the tests get none at all
     * @param report where the JUnit XML goes, in a directory that exists
     */
    public record Task(
            Path directory, List<Path> paths, Map<String, String> environment, Duration timeout, Path report) {}

    /**
     * Runs the tests to their end. Failing tests are in the report and no error.
     *
     * @return the report, masked
     * @throws IOException with one line: there are no tests, they ran too long, crashed, or left no report
     */
    public AcceptanceReport run(Task task) throws IOException, InterruptedException {
        Files.deleteIfExists(task.report());
        Finished finished;
        try {
            finished = processes.run(command(task));
        } catch (ProcessTimeoutException e) {
            throw new IOException("the tests did not end within " + task.timeout().toSeconds() + " s", e);
        }
        if (finished.exitCode() == NO_TESTS) {
            throw new IOException("there are no tests in " + names(task));
        }
        if (!Files.exists(task.report())) {
            throw new IOException("the tests crashed and left no report: " + finished.reason());
        }
        AcceptanceReport report = parse(task, finished);
        if (report.counts().total() == 0) {
            throw new IOException("the tests left a report without a test: " + finished.reason());
        }
        if (finished.exitCode() != 0 && report.counts().bad() == 0) {
            throw new IOException("all tests in the report passed, but the runner ended with exit code "
                    + finished.exitCode() + ": " + finished.reason());
        }
        return report;
    }

    private AcceptanceReport parse(Task task, Finished finished) throws IOException {
        try {
            AcceptanceReport report = JUnitXml.parse(task.report()).map(processes.mask()::mask);
            // What lies on the disk has no secret in it either.
            JUnitXml.write(task.report(), report);
            return report;
        } catch (JUnitXmlException e) {
            Files.deleteIfExists(task.report());
            throw new IOException(
                    "the tests ended with exit code " + finished.exitCode() + ", and their report is of no use: "
                            + processes.mask().mask(e.getMessage()),
                    e);
        }
    }

    private Command command(Task task) throws IOException {
        List<String> argv = new ArrayList<>(List.of(interpreter.program()));
        if (interpreter.pytest().isPresent()) {
            argv.addAll(List.of(
                    "-m",
                    "pytest",
                    "-v",
                    "-p",
                    "no:cacheprovider",
                    "-o",
                    "junit_family=xunit2",
                    "--junitxml=" + task.report().toAbsolutePath()));
        } else {
            argv.addAll(List.of(runner(task).toString(), task.report().toAbsolutePath().toString()));
        }
        task.paths().forEach(path -> argv.add(path.toString()));
        Map<String, String> environment = new LinkedHashMap<>(task.environment());
        environment.put("PYTHONDONTWRITEBYTECODE", "1");
        environment.put("PYTHONUNBUFFERED", "1");
        environment.merge("PYTHONPATH", task.directory().toString(), (given, own) -> own + ":" + given);
        Set<String> withheld = environment.containsKey(TOKEN) ? Set.of() : Set.of(TOKEN);
        return Command.of(argv)
                .in(task.directory())
                .without(withheld)
                .with(environment)
                .within(task.timeout());
    }

    private static Path runner(Task task) throws IOException {
        Path file = task.report().toAbsolutePath().resolveSibling("unittest_xml.py");
        try (InputStream in = PythonTests.class.getResourceAsStream("unittest_xml.py")) {
            Files.write(file, in.readAllBytes());
        }
        return file;
    }

    private static String names(Task task) {
        return String.join(
                " and ", task.paths().stream().map(p -> p.getFileName() + "/").toList());
    }

    /** What the user should know of his tests although it stops nothing. */
    public List<String> warnings(List<Path> paths) throws IOException {
        return interpreter.ignoresNose() ? NoseStyle.warnings(paths) : List.of();
    }
}
