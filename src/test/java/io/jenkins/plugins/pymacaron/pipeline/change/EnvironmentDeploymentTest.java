package io.jenkins.plugins.pymacaron.pipeline.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.pipeline.FakeRun;
import io.jenkins.plugins.pymacaron.pipeline.FakeService;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests a run's knowledge about one environment: its state before, the changes of the run, and their rollback. */
class EnvironmentDeploymentTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Candidate TWO = new Candidate("two", "image", "two", "sha256:two", "c-two");

    @TempDir
    static Path directory;

    private static FakeService service;

    private FakeRun run;
    private OperationRunner operations;
    private EnvironmentDeployment staging;
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
        run = service.run();
        operations = run.operations();
        staging = run.staging(operations);
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

    @Test
    void theStateBeforeIsRememberedThoughItChanges() throws Exception {
        assertThat(live.standing().serves()).isTrue();
        service.live().serving("other", "c");

        assertThat(live.before().map(Deployed::version)).contains("one");
        try (OperationRunner later = new OperationRunner(directory.resolve("later"), service.progress())) {
            assertThat(run.live(later).before().map(Deployed::version))
                    .as("another process of the same run")
                    .contains("one");
        }
    }

    @Test
    void withoutAPreviousVersionThereIsNoRollback() throws Exception {
        service.live().clear();

        assertThat(live.before()).isEmpty();
        assertThat(live.standing().serves()).isFalse();
        assertThat(live.standing().serving()).isEmpty();
    }

    @Test
    void aVersionEndedByHandIsTheOneForARollback() throws Exception {
        service.live().stop();

        assertThat(live.standing().serves()).isFalse();
        assertThat(live.before().map(Deployed::version)).contains("one");
    }

    @Test
    void aCandidatePreparedForLiveDoesNotServeAndOneInStagingDoes() throws Exception {
        live.prepare(TWO, LONG);
        staging.prepare(TWO, LONG);

        assertThat(live.prepared().map(Deployed::version)).contains("two");
        assertThat(live.active()).isEmpty();
        assertThat(live.touched()).isFalse();
        assertThat(service.live().answer()).isEqualTo("one");
        assertThat(staging.active().map(Deployed::version)).contains("two");
        assertThat(staging.touched()).isTrue();
        assertThat(staging.changed()).isTrue();
    }

    @Test
    void aPromotedCandidateIsOursAndWhatReplacesItIsAnothers() throws Exception {
        promote();

        assertThat(live.changed()).isTrue();
        assertThat(live.isOurs(live.active().orElseThrow())).isTrue();
        assertThat(live.isOthers()).isFalse();
        service.live().serving("three", "c-three");
        assertThat(live.isOthers()).isTrue();
    }

    @Test
    void takingBackMakesServeWhatServedBeforeAndEndsTheCandidate() throws Exception {
        promote();

        live.rollBack(LONG, false);

        assertThat(service.live().answer()).isEqualTo("one");
        assertThat(service.live().versions()).containsExactly("one");
    }

    @Test
    void aCandidateThatIsKeptStaysBesideWhatServes() throws Exception {
        promote();

        live.rollBack(LONG, true);

        assertThat(service.live().answer()).isEqualTo("one");
        assertThat(service.live().versions()).containsExactlyInAnyOrder("one", "two");
    }

    @Test
    void aFirstDeploymentIsWithdrawnEvenWhereFailedOnesAreKept() throws Exception {
        service.live().clear();
        promote();

        live.rollBack(LONG, true);

        assertThat(service.live().answer()).isEmpty();
        assertThat(service.live().versions()).isEmpty();
    }

    @Test
    void nothingOfAnotherDeploymentIsRolledBack() throws Exception {
        promote();
        service.live().serving("three", "c-three");

        assertThatThrownBy(() -> live.rollBack(LONG, false))
                .isInstanceOfSatisfying(
                        StageFailedException.class, e -> assertThat(e.outcome()).isEqualTo(RunOutcome.SUPERSEDED))
                .hasMessage(
                        "three serves in docker/hello/live by now, which another deployment made; it stays as it is");
        assertThat(service.live().answer()).isEqualTo("three");
    }

    @Test
    void aCandidateOnlyPreparedForLiveIsEndedAndTheServingOneIsNot() throws Exception {
        live.prepare(TWO, LONG);

        live.withdrawPrepared(LONG, false);
        live.withdrawPrepared(LONG, false);

        assertThat(service.live().versions()).containsExactly("one");
        assertThat(service.live().answer()).isEqualTo("one");
    }

    @Test
    void aVersionThatBecameLiveIsNotEndedAsPrepared() throws Exception {
        promote();

        live.withdrawPrepared(LONG, false);

        assertThat(service.live().answer()).isEqualTo("two");
    }

    @Test
    void aStagingThatTookTheNameOfLiveIsEndedWhereItWasNotPromoted() throws Exception {
        service.live().clear();
        live.standing();
        staging.prepare(TWO, LONG);
        service.live().serving("two", "c-two");

        assertThat(live.early().map(Deployed::version)).contains("two");
        live.withdrawStaged(LONG);

        assertThat(service.live().answer()).isEmpty();
        assertThat(live.early()).isEmpty();
    }

    @Test
    void thePreviousVersionIsBroughtBackIfNothingServesAnyMore() throws Exception {
        promote();
        service.live().stop();

        live.bringBack(LONG);

        assertThat(service.live().answer()).isEqualTo("one");
    }

    @Test
    void nothingIsBroughtBackWhereSomethingServes() throws Exception {
        promote();

        live.bringBack(LONG);

        assertThat(service.live().answer()).isEqualTo("two");
    }

    @Test
    void onlyTheEndOfWhatThisRunServesIsItsBusiness() throws Exception {
        promote();
        Deployed two = live.active().orElseThrow();
        service.live().serving("three", "c-three");
        service.live().applied.clear();

        live.retire(two, 0, LONG);

        assertThat(service.live().applied).as("another has the environment").isEmpty();
        assertThat(service.live().versions()).contains("one", "two", "three");
    }

    @Test
    void acceptanceIsRememberedForTheRevisionThatWasAccepted() throws Exception {
        live.prepare(TWO, LONG);
        assertThat(live.accepted()).isEmpty();

        live.accepted(true);
        assertThat(live.accepted()).contains(true);
        live.accepted(false);
        assertThat(live.accepted()).contains(false);

        run.state.put("live-accepted", Map.of("revision", "another", "passed", "true"));
        assertThat(live.accepted()).isEmpty();
    }

    @Test
    void theHandedOnStateIsKnownToTheNextProcess() throws Exception {
        promote();
        live.handOn();

        assertThat(EnvironmentDeployment.handedOn(run.state, "live-activate")).containsEntry("version", "two");
        live.forget();
        assertThat(EnvironmentDeployment.handedOn(run.state, "live-activate")).isEmpty();
        assertThat(run.state.get("live-before")).isEmpty();
    }

    @Test
    void beginningAnewKeepsWhatServesStill() throws Exception {
        promote();
        live.handOn();

        live.beginAnew();
        assertThat(run.state.get("live-before")).as("it serves").isNotEmpty();

        service.live().serving("three", "c-three");
        live.beginAnew();
        assertThat(run.state.get("live-before")).as("another serves").isEmpty();
    }

    @Test
    void theLogOfACandidateThatFailedIsFoundByWhatItWasToBe() throws Exception {
        service.live().faults.refused.add("route:r-two");
        service.live().faults.logs.put("two", "its last words");
        live.prepare(TWO, LONG);
        assertThat(live.failedLog()).as("prepared, and not failed").isEmpty();

        assertThatThrownBy(() -> live.activate(TWO, LONG)).hasMessageContaining("refused");

        assertThat(live.failedLog()).isEqualTo("its last words");
    }

    @Test
    void anEnvironmentThatCannotBeReadIsAFailedDeploymentInOneLine() {
        service.live().faults.unreadable = "403 from the cloud";

        assertThatThrownBy(live::standing)
                .isInstanceOf(StageFailedException.class)
                .hasMessage("403 from the cloud");
    }
}
