package io.jenkins.plugins.pymacaron.accept;

import io.jenkins.plugins.pymacaron.process.PrivateDirectory;
import io.jenkins.plugins.pymacaron.process.ProcessTimeoutException;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.report.AcceptanceReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** Runs a project's tests with the interpreter's pytest, or with unittest where it has none. */
public final class PythonTestRunner {
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
     * @param parallel the largest number of processes that share the files
     */
    public record Task(
            Path directory,
            List<Path> paths,
            Map<String, String> environment,
            Set<String> direct,
            Duration timeout,
            int parallel) {}

    /**
     * Runs the tests to their end. Failed tests are in the report and no error.
     *
     * @return the report, masked
     * @throws TestsNotRunException with one line: there are no tests, they ran too long, crashed, or left no report
     */
    public AcceptanceReport run(Task task) throws IOException, InterruptedException {
        TestShares shares = TestShares.of(task.paths(), task.parallel());
        // The files that the tests write contain their secrets, and stay where only this user can read them.
        try (PrivateDirectory scratch = PrivateDirectory.create("pymacaron-tests-")) {
            List<TestVerdict.Ended> ended = shares.count() == 1 || interpreter.usesXdist()
                    ? List.of(whole(task, scratch.path(), shares.count()))
                    : shared(task, scratch.path(), shares);
            return new TestVerdict(names(task), processes.mask(), shares.count() > 1).of(ended);
        } catch (ProcessTimeoutException e) {
            throw new TestsNotRunException(
                    "the tests in " + names(task) + " did not end within "
                            + task.timeout().toSeconds() + " s and were ended",
                    e);
        }
    }

    private TestVerdict.Ended whole(Task task, Path scratch, int count) throws IOException, InterruptedException {
        TestCommand command = new TestCommand(interpreter, task, scratch, count);
        return new TestVerdict.Ended(processes.run(command.of(task.paths()), line -> log("", line)), command.report());
    }

    private List<TestVerdict.Ended> shared(Task task, Path scratch, TestShares shares)
            throws IOException, InterruptedException {
        List<Callable<TestVerdict.Ended>> all = new ArrayList<>();
        for (int i = 0; i < shares.count(); i++) {
            List<Path> paths = shares.pathsOf(i);
            if (!paths.isEmpty()) {
                Path own = Files.createDirectory(scratch.resolve(Integer.toString(i)));
                shares.write(i, own);
                TestCommand command = new TestCommand(interpreter, task, own, 1);
                // Lines of several processes alternate in the log, so each line names its process.
                String mark = "[" + (i + 1) + "/" + shares.count() + "] ";
                Consumer<String> lines = line -> log(mark, line);
                all.add(() -> new TestVerdict.Ended(processes.run(command.of(paths), lines), command.report()));
            }
        }
        return SideBySide.all(all);
    }

    private void log(String mark, String line) {
        if (!PassedCaseLines.include(line)) {
            processes.say(line.isEmpty() ? line : mark + line);
        }
    }

    private static String names(Task task) {
        return String.join(
                " and ", task.paths().stream().map(p -> p.getFileName() + "/").toList());
    }
}
