package io.jenkins.plugins.pymacaron.pipeline.cleanup;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.pipeline.FakeRun;
import io.jenkins.plugins.pymacaron.pipeline.FakeService;
import io.jenkins.plugins.pymacaron.pipeline.SilentProgress;
import io.jenkins.plugins.pymacaron.pipeline.change.OperationRunner;
import io.jenkins.plugins.pymacaron.pipeline.contract.RunRequest;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.state.PymDirectory;
import io.jenkins.plugins.pymacaron.pipeline.state.RunLock;
import io.jenkins.plugins.pymacaron.pipeline.state.RunState;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the runs that a clean-up finds, and the changes of theirs that it undoes. */
class DeadRunCleanerTest {
    private static final Candidate TWO = new Candidate("two", "image", "two", "sha256:two", "c-two");
    private static final Duration LONG = Duration.ofMinutes(5);

    @TempDir
    static Path directory;

    private static FakeService service;

    @TempDir
    Path project;

    private PymDirectory pym;

    @BeforeAll
    static void make() throws Exception {
        service = new FakeService(directory, 1);
    }

    @AfterAll
    static void close() {
        service.close();
    }

    @BeforeEach
    void begin() throws IOException {
        service.begin();
        pym = PymDirectory.of(project);
    }

    private List<String> left() throws IOException {
        return new DeadRunCleaner(RunRequest.of(project), Map.of(), new SilentProgress()).left(pym);
    }

    private RunState kept(String id) throws IOException {
        RunState state = RunState.begin(pym.run(id), Map.of());
        state.put("source", Map.of("commit", "c"));
        return state;
    }

    @Test
    void aRunIsCutOffFromItsSourceUntilItsEnd() throws Exception {
        RunState.begin(pym.run("1-in-preflight"), Map.of());
        kept("2-cut-off");
        kept("3-failed").end(RunOutcome.DEPLOY_FAILED);
        kept("4-way-back-failed").end(RunOutcome.ROLLBACK_FAILED);

        assertThat(DeadRunCleaner.cutOff(pym)).containsExactly("2-cut-off");
        assertThat(left()).containsExactly("4-way-back-failed", "2-cut-off");
    }

    @Test
    void aRunWhoseProcessIsAliveIsNotCutOff() throws Exception {
        kept("1");
        try (var alive = RunLock.take(pym.run("1"), "a stage")) {
            assertThat(DeadRunCleaner.cutOff(pym)).isEmpty();
        }
        assertThat(DeadRunCleaner.cutOff(pym)).containsExactly("1");
    }

    @Test
    void onlyRunsWithNothingLeftMayBeForgotten() throws Exception {
        kept("1-cut-off");
        kept("2-over").end(RunOutcome.SUCCEEDED);
        Files.writeString(pym.run("3-damaged").resolve("state.json"), "{");
        pym.run("4-empty");

        assertThat(pym.runs()).allSatisfy(id -> assertThat(DeadRunCleaner.isToBeKept(pym, id))
                .as(id)
                .isEqualTo(id.equals("1-cut-off") || id.equals("3-damaged")));
    }

    @Test
    void aCandidateOnlyPreparedForLiveIsRemoved() throws Exception {
        FakeRun run = service.run();
        try (OperationRunner operations = run.operations()) {
            run.live(operations).prepare(TWO, LONG);
        }

        assertThat(run.cleanUp()).isEmpty();

        assertThat(service.live().versions()).containsExactly("one");
    }

    @Test
    void aStagingThatWasAcceptedStaysAndOneThatWasNotIsRolledBack() throws Exception {
        FakeRun accepted = service.run();
        try (OperationRunner operations = accepted.operations()) {
            accepted.staging(operations).prepare(TWO, LONG);
            accepted.state.done(Stage.ACCEPT_STAGING, "");
        }
        assertThat(accepted.cleanUp()).isEmpty();
        assertThat(service.staging.answer()).isEqualTo("two");

        service.begin();
        FakeRun open = service.run();
        try (OperationRunner operations = open.operations()) {
            open.staging(operations).prepare(TWO, LONG);
        }
        assertThat(open.cleanUp()).isEmpty();
        assertThat(service.staging.answer()).isEqualTo("one");
    }

    @Test
    void withoutTestsALiveThatWasPromotedStays() throws Exception {
        FakeRun run = service.run(Map.of("tests", "NONE"), "");
        try (OperationRunner operations = run.operations()) {
            run.live(operations).prepare(TWO, LONG);
            run.live(operations).activate(TWO, LONG);
        }
        run.state.done(Stage.PROMOTE, "");

        assertThat(run.cleanUp()).isEmpty();

        assertThat(service.live().answer()).isEqualTo("two");
    }

    @Test
    void aDeploymentThatCameLaterHasTheLastWord() throws Exception {
        FakeRun run = service.run();
        service.live().faults.answers.put("two", "wrong");
        service.live().faults.refused.add("route:r-one");
        run.deploy();
        assertThat(run.outcome).isEqualTo(RunOutcome.ROLLBACK_FAILED);
        service.live().faults.refused.clear();
        service.live().serving("three", "c-three");

        assertThat(run.cleanUp()).isEmpty();

        assertThat(service.live().answer()).isEqualTo("three");
        assertThat(service.said()).contains("Another deployment serves in docker/hello/live by now; it stays as it is");
    }

    @Test
    void aChangeThatCannotBeUndoneIsNamedWithTheServingVersion() throws Exception {
        FakeRun run = service.run();
        try (OperationRunner operations = run.operations()) {
            run.live(operations).standing();
            run.live(operations).prepare(TWO, LONG);
            run.live(operations).activate(TWO, LONG);
        }
        service.live().faults.refused.add("route:r-one");

        List<String> left = run.cleanUp();

        assertThat(left)
                .singleElement()
                .asString()
                .contains("docker/hello/live was not rolled back", "two still serves in docker/hello/live, not one");
    }
}
