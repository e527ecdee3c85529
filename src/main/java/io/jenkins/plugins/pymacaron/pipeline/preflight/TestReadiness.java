package io.jenkins.plugins.pymacaron.pipeline.preflight;

import io.jenkins.plugins.pymacaron.accept.PythonInterpreter;
import io.jenkins.plugins.pymacaron.accept.RequestedPython;
import io.jenkins.plugins.pymacaron.accept.TestSurvey;
import io.jenkins.plugins.pymacaron.config.Accept;
import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.image.SourceTree;
import io.jenkins.plugins.pymacaron.pipeline.contract.NextStepAdvice;
import io.jenkins.plugins.pymacaron.pipeline.contract.RunRequest;
import io.jenkins.plugins.pymacaron.process.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The part of {@link Preflight} that deals with the tests: their interpreter, and tests that would not run. */
public final class TestReadiness {
    private static final String UNIT = "test";
    private static final List<String> LIKE_UNIT = List.of("tests", "unittests", "unit_tests");
    private static final List<String> LIKE_ACCEPTANCE =
            List.of("testsaccept", "test_accept", "testacceptance", "test_acceptance", "acceptance");

    private final RunRequest request;
    private final Processes processes;
    private final SourceTree source;
    private final List<Problem> problems;
    private final NextStepAdvice advice;

    /** Makes the check. @param problems receives the problems found */
    TestReadiness(
            RunRequest request, Processes processes, SourceTree source, List<Problem> problems, NextStepAdvice advice) {
        this.request = request;
        this.processes = processes;
        this.source = source;
        this.problems = problems;
        this.advice = advice;
    }

    /** Returns the interpreter of the tests; empty where none can run them, which is then among the problems. */
    Optional<PythonInterpreter> interpreter(Accept accept) throws InterruptedException {
        try {
            PythonInterpreter found =
                    PythonInterpreter.find(processes, request.python(), source.workingDirectory(), source.directory());
            return Optional.of(
                    accept.runner().isEmpty()
                            ? found
                            : found.running(accept.runner().get()));
        } catch (IOException e) {
            problems.add(RegistryAccess.said("", e, advice.python()));
            return Optional.empty();
        }
    }

    /**
     * Adds tests that would not run to the problems.
     *
     * @param warning whether warnings are wanted too, or another stage has given them
     */
    void check(PythonInterpreter interpreter, Accept accept, boolean warning) throws IOException, InterruptedException {
        Path directory = source.directory();
        List<Path> tests = Stream.concat(Stream.of(UNIT), accept.tests().stream())
                .filter(name -> !name.equals(UNIT) || request.tests() == RunRequest.Tests.ALL)
                .map(directory::resolve)
                .filter(Files::exists)
                .distinct()
                .toList();
        List<TestSurvey.Finding> findings =
                tests.isEmpty() ? List.of() : new TestSurvey(processes, interpreter).of(directory, tests);
        for (TestSurvey.Finding finding : findings) {
            boolean error = finding.kind() == TestSurvey.Kind.UNRUN && !interpreter.unittest();
            if (error) {
                problems.add(Problem.error(finding.file(), finding.message(), finding.advice()));
            } else if (warning) {
                problems.add(Problem.warning(
                        finding.file(),
                        finding.message(),
                        finding.kind() == TestSurvey.Kind.UNRUN ? "accept.runner asks for that." : finding.advice()));
            }
        }
        if (warning) {
            named(directory, accept);
            requested(directory, interpreter);
        }
    }

    private void named(Path directory, Accept accept) {
        LIKE_UNIT.stream()
                .filter(name ->
                        holdsPython(directory.resolve(name)) && !accept.tests().contains(name))
                .forEach(name -> problems.add(Problem.warning(
                        name + "/", "its tests are not run: unit tests are those in test/", "Rename it to test/.")));
        boolean none = accept.tests().stream().noneMatch(name -> Files.exists(directory.resolve(name)));
        LIKE_ACCEPTANCE.stream()
                .filter(name -> none && holdsPython(directory.resolve(name)))
                .forEach(name -> problems.add(Problem.warning(
                        name + "/",
                        "its tests are not run: acceptance tests are those in " + String.join(", ", accept.tests()),
                        "Rename it, or name it in tests of accept.")));
    }

    private static boolean holdsPython(Path directory) {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.anyMatch(file -> file.toString().endsWith(".py"));
        } catch (IOException e) {
            return false;
        }
    }

    private void requested(Path directory, PythonInterpreter interpreter) throws IOException {
        for (RequestedPython wish : RequestedPython.of(directory, interpreter.version())) {
            if (!wish.satisfied()) {
                problems.add(Problem.warning(
                        wish.file(),
                        "it asks for Python " + wish.wanted() + ", but the tests run with " + interpreter,
                        advice.otherPython()));
            }
        }
    }
}
