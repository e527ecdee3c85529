package io.jenkins.plugins.pymacaron.pipeline.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.pipeline.FakeRun;
import io.jenkins.plugins.pymacaron.pipeline.FakeService;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares the claim of an outcome with the version that serves. */
class OutcomeVerifierTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Candidate TWO = new Candidate("two", "image", "two", "sha256:two", "c-two");
    private static final StageFailedException FAILED = new StageFailedException(RunOutcome.DEPLOY_FAILED, "it failed");

    @TempDir
    static Path directory;

    private static FakeService service;

    private OperationRunner operations;
    private EnvironmentDeployment live;

    @BeforeAll
    static void make() throws Exception {
        service = new FakeService(directory, 1);
    }

    @AfterAll
    static void close() {
        service.close();
    }

    @BeforeEach
    void begin() throws Exception {
        service.begin();
        FakeRun run = service.run();
        operations = run.operations();
        live = run.live(operations);
    }

    @AfterEach
    void end() {
        operations.close();
    }

    private void promote() throws Exception {
        live.standing();
        live.prepare(TWO, LONG);
        live.activate(TWO, LONG);
    }

    private StageFailedException seen(StageFailedException why) {
        return new OutcomeVerifier(service.progress()).of(why, List.of(live));
    }

    @Test
    void anEnvironmentThatWasNotChangedIsNotLookedAt() {
        service.live().faults.unreadable = "nobody should ask";

        assertThat(seen(FAILED)).isSameAs(FAILED);
    }

    @Test
    void thePreviousVersionServesAndAnswersSoTheClaimHolds() throws Exception {
        promote();
        live.rollBack(LONG, false);

        assertThat(seen(FAILED)).isSameAs(FAILED);
        assertThat(service.said()).isEmpty();
    }

    @Test
    void aCandidateThatStillServesIsSaidWithWhatToDoByHand() throws Exception {
        promote();

        StageFailedException seen = seen(FAILED);

        assertThat(seen.outcome()).isEqualTo(RunOutcome.ROLLBACK_FAILED);
        assertThat(seen).hasMessage("it failed; two still serves in docker/hello/live, not one");
        assertThat(service.said())
                .containsExactly(
                        "To look at docker/hello/live and to have one serve there by hand:",
                        "    fake show docker/hello/live");
    }

    @Test
    void aLiveThatIsDownIsSaidWithWhatServedBefore() throws Exception {
        promote();
        service.live().stop();

        assertThat(seen(FAILED)).hasMessage("it failed; nothing serves in docker/hello/live, where one served before");
    }

    @Test
    void nothingWhereNothingServedBeforeIsAsItShouldBe() throws Exception {
        service.live().clear();
        promote();
        live.rollBack(LONG, false);

        assertThat(seen(FAILED)).isSameAs(FAILED);
    }

    @Test
    void anotherDeploymentIsNotARollbackThatFailed() throws Exception {
        promote();
        service.live().serving("three", "c-three");

        assertThat(seen(FAILED)).isSameAs(FAILED);
        assertThat(seen(new StageFailedException(RunOutcome.ROLLBACK_FAILED, "not undone")))
                .hasMessage("not undone; three serves in docker/hello/live by now, which another deployment made");
    }

    @Test
    void theSameVersionOfASupersededRunIsTheOthers() throws Exception {
        promote();

        StageFailedException superseded = new StageFailedException(RunOutcome.SUPERSEDED, "overtaken");

        assertThat(seen(superseded)).isSameAs(superseded);
    }

    @Test
    void anUnreadableEnvironmentDoesNotMakeTheOutcomeWorse() throws Exception {
        promote();
        service.live().faults.unreadable = "503 from the cloud";

        assertThat(seen(FAILED)).isSameAs(FAILED);
        assertThat(seen(new StageFailedException(RunOutcome.ROLLBACK_FAILED, "not undone")))
                .hasMessage("not undone; what serves in docker/hello/live now is not known: 503 from the cloud");
    }

    @Test
    void anInterruptedRunWithALiveThatIsDownIsNotCalledInterrupted() throws Exception {
        promote();
        service.live().stop();

        assertThatThrownBy(() -> new OutcomeVerifier(service.progress())
                        .after(new InterruptedException("Ctrl-C"), List.of(live)))
                .hasMessageStartingWith("interrupted; nothing serves in docker/hello/live");
    }
}
