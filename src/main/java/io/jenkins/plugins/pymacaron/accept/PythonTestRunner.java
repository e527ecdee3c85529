package io.jenkins.plugins.pymacaron.accept;

import io.jenkins.plugins.pymacaron.process.CheckoutPaths;
import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.process.PrivateDirectory;
import io.jenkins.plugins.pymacaron.process.ProcessResult;
import io.jenkins.plugins.pymacaron.process.ProcessTimeoutException;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import io.jenkins.plugins.pymacaron.report.AcceptanceReport;
import io.jenkins.plugins.pymacaron.report.JUnitXml;
import io.jenkins.plugins.pymacaron.report.JUnitXmlException;
import io.jenkins.plugins.pymacaron.report.TextMask;
import io.jenkins.plugins.pymacaron.report.XmlLimits;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs a project's tests with the interpreter's pytest, or with unittest where it has none. */
public final class PythonTestRunner {
    /** pytest's exit code when it found no test at all (pytest.ExitCode.NO_TESTS_COLLECTED); our runner has the same. */
    private static final int NO_TESTS = 5;

    /** pytest's exit code for options, plugins and configurations that it cannot use (pytest.ExitCode.USAGE_ERROR). */
    private static final int USAGE = 4;

    /**
     * pytest's exit code when a run was ended before its end (pytest.ExitCode.INTERRUPTED); our runner has the same.
     */
    private static final int INTERRUPTED = 2;

    private static final String TOKEN = "PYM_JWT_TOKEN";
    private static final String PATH = "PYTHONPATH";

    private static final String RUNNER = "unittest_xml.py";
    /** The plugin for pytest, by its name as a module. */
    private static final String PLUGIN = "pymacaron_plugin";
    /** Tells our runner that the tests that it leaves out are no failure. */
    private static final String ASKED = "--asked";

    private final Processes processes;
    private final PythonInterpreter interpreter;

    public PythonTestRunner(Processes processes, PythonInterpreter interpreter) {
        this.processes = processes;
        this.interpreter = interpreter;
    }

    /**
     * The tests to run.
     *
     * @param directory the checkout, from which the tests import
     * @param paths directories or files in it, or elsewhere
     * @param environment added to that of this process; without a PYM_JWT_TOKEN in it, the tests get none at all
     * @param direct hosts that the tests ask without a proxy
     */
    public record Task(
            Path directory, List<Path> paths, Map<String, String> environment, Set<String> direct, Duration timeout) {}

    /**
     * Runs the tests to their end. Failed tests are in the report and no error.
     *
     * @return the report, masked
     * @throws TestsNotRunException with one line: there are no tests, they ran too long, crashed, or left no report
     */
    public AcceptanceReport run(Task task) throws IOException, InterruptedException {
        // The files that the tests write contain their secrets, and stay where only this user can read them.
        try (PrivateDirectory scratch = PrivateDirectory.create("pymacaron-tests-")) {
            Path raw = scratch.path().resolve("report.xml");
            ProcessResult finished;
            try {
                finished = processes.run(command(task, scratch.path(), raw), this::log);
            } catch (ProcessTimeoutException e) {
                throw new TestsNotRunException(
                        "the tests in " + names(task) + " did not end within "
                                + task.timeout().toSeconds() + " s and were ended",
                        e);
            }
            return judged(task, finished, raw);
        }
    }

    private void log(String line) {
        if (!PassedCaseLines.include(line)) {
            processes.say(line);
        }
    }

    private AcceptanceReport judged(Task task, ProcessResult finished, Path raw) throws IOException {
        if (finished.exitCode() == NO_TESTS) {
            throw new TestsNotRunException(
                    PytestWords.deselected(finished.tail())
                            .map(count -> "no test in " + names(task) + " was run: its options leave out all, " + count
                                    + ". Look at addopts in pytest's ini file, and at PYTEST_ADDOPTS")
                            .orElse("there are no tests in " + names(task)),
                    null);
        }
        if (!Files.exists(raw)) {
            String how = finished.exitCode() == USAGE
                    ? "the tests could not begin: "
                    : "the tests crashed and left no report: ";
            throw new TestsNotRunException(how + reason(finished), null);
        }
        AcceptanceReport report = parse(finished, raw);
        if (report.counts().total() == 0) {
            throw new TestsNotRunException("the tests left a report without a test: " + reason(finished), null);
        }
        if (finished.exitCode() == INTERRUPTED && report.counts().bad() == 0) {
            throw new TestsNotRunException(
                    "the tests in " + names(task) + " were ended before all of them had run: " + reason(finished),
                    null);
        }
        if (finished.exitCode() != 0 && report.counts().bad() == 0) {
            throw new TestsNotRunException(
                    "all tests in the report passed, but the runner did not: " + reason(finished), null);
        }
        return report;
    }

    private static String reason(ProcessResult finished) {
        return PytestWords.reason(finished.tail()).orElseGet(finished::reason);
    }

    private AcceptanceReport parse(ProcessResult finished, Path raw) throws TestsNotRunException {
        SecretMask mask = processes.mask();
        try {
            return JUnitXml.parse(raw, XmlLimits.DEFAULT, new TextMask(mask::mask, mask.reach()))
                    .map(CheckoutPaths::shown);
        } catch (JUnitXmlException e) {
            String what = mask.mask(String.valueOf(e.getMessage())).replace(raw + " ", "");
            throw new TestsNotRunException(
                    "the tests ended with exit code " + finished.exitCode() + ", but left an unreadable report: "
                            + what,
                    e);
        }
    }

    private Command command(Task task, Path scratch, Path raw) throws IOException {
        List<String> argv = new ArrayList<>(List.of(interpreter.program()));
        Map<String, String> environment = new LinkedHashMap<>(task.environment());
        if (interpreter.usesPytest()) {
            PythonScript.copy(PLUGIN + ".py", scratch);
            environment.merge(PATH, scratch.toString(), (given, own) -> own + File.pathSeparator + given);
            argv.addAll(List.of(
                    "-m",
                    "pytest",
                    "-p",
                    PLUGIN,
                    "-p",
                    "no:cacheprovider",
                    "-o",
                    "junit_family=xunit2",
                    "--rootdir=" + task.directory().toAbsolutePath(),
                    "--junitxml=" + raw));
        } else {
            argv.addAll(List.of(PythonScript.copy(RUNNER, scratch).toString(), raw.toString()));
            if (interpreter.unittest()) {
                argv.add(ASKED);
            }
        }
        task.paths().forEach(path -> argv.add(path.toAbsolutePath().toString()));
        environment.put("PYTHONDONTWRITEBYTECODE", "1");
        environment.put("PYTHONUNBUFFERED", "1");
        environment.merge(PATH, task.directory().toString(), (given, own) -> own + File.pathSeparator + given);
        Set<String> withheld = environment.containsKey(TOKEN) ? Set.of() : Set.of(TOKEN);
        return Command.of(argv)
                .in(task.directory())
                .without(withheld)
                .with(environment)
                .asking(task.direct())
                .within(task.timeout());
    }

    private static String names(Task task) {
        return String.join(
                " and ", task.paths().stream().map(p -> p.getFileName() + "/").toList());
    }
}
