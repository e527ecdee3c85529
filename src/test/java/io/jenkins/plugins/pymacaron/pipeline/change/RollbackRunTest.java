package io.jenkins.plugins.pymacaron.pipeline.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.pipeline.FakeRun;
import io.jenkins.plugins.pymacaron.pipeline.FakeService;
import io.jenkins.plugins.pymacaron.pipeline.FakeTarget;
import io.jenkins.plugins.pymacaron.pipeline.contract.NextStepAdvice;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun.Place;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.report.StageState;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rollback that a user asks for: in every region or in none, without a build, and without a word to staging. */
class RollbackRunTest {
    @TempDir
    static Path directory;

    private static FakeService service;
    private static FakeTarget west;
    private static FakeTarget east;

    @BeforeAll
    static void make() throws Exception {
        service = new FakeService(directory, 2);
        west = service.regions.get(0);
        east = service.regions.get(1);
    }

    @AfterAll
    static void close() {
        service.close();
    }

    /** Version "three" serves in both regions; "two" served before it, and "one" before that. */
    @BeforeEach
    void begin() {
        service.begin();
        for (FakeTarget region : service.regions) {
            region.serving("two", "c-two");
            region.serving("three", "c-three");
        }
    }

    private static Place place() throws Exception {
        return service.prepared(Map.of(), "").live().get(0);
    }

    @Test
    void withoutAVersionTheOneBeforeServesAgainInEveryRegion() throws Exception {
        FakeRun run = service.run().rollBack(Optional.empty());

        assertThat(run.outcome).as(run.message).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(west.answer()).isEqualTo("two");
        assertThat(east.answer()).isEqualTo("two");
        assertThat(run.at(Stage.ROLLBACK)).isEqualTo(StageState.PASSED);
        assertThat(run.summary(Stage.ROLLBACK).message())
                .contains("two serves again at " + west.url() + ", instead of three")
                .contains("two serves again at " + east.url() + ", instead of three");
        assertThat(service.staging.applied).isEmpty();
    }

    @Test
    void aVersionThatIsKeptCanBeNamed() throws Exception {
        service.run().rollBack(Optional.of("one"));

        assertThat(west.answer()).isEqualTo("one");
        assertThat(east.answer()).isEqualTo("one");
    }

    @Test
    void theReplacedVersionIsKeptSoThatASecondRollbackUndoesTheFirst() throws Exception {
        service.run().rollBack(Optional.empty());
        service.run().rollBack(Optional.empty());

        assertThat(west.answer()).isEqualTo("three");
        assertThat(east.answer()).isEqualTo("three");
    }

    @Test
    void aVersionThatIsNotKeptIsRefusedWithThoseThatAre() throws Exception {
        FakeRun run = service.run().rollBack(Optional.of("zero"));

        assertThat(run.outcome).isEqualTo(RunOutcome.CONFIG_INVALID);
        assertThat(run.message)
                .isEqualTo("version zero is not kept in docker/hello/live; there are two, one;"
                        + " --deploy VERSION deploys any image that exists");
        assertThat(west.applied).isEmpty();
    }

    @Test
    void theVersionThatIsLiveIsRefused() throws Exception {
        FakeRun run = service.run().rollBack(Optional.of("three"));

        assertThat(run.outcome).isEqualTo(RunOutcome.CONFIG_INVALID);
        assertThat(run.message).isEqualTo("three is live in docker/hello/live already");
    }

    @Test
    void aRegionThatLacksTheVersionStopsItBeforeAnyIsChanged() throws Exception {
        east.clear();
        east.serving("three", "c-three");

        FakeRun run = service.run().rollBack(Optional.of("one"));

        assertThat(run.outcome).isEqualTo(RunOutcome.CONFIG_INVALID);
        assertThat(run.message).contains("docker/hello/live-2");
        assertThat(west.applied).isEmpty();
        assertThat(west.answer()).isEqualTo("three");
    }

    @Test
    void aRegionThatFailsTakesTheOthersBack() throws Exception {
        FakeRun run = service.run();
        east.faults.refused.add("route:r-two");

        run.rollBack(Optional.empty());

        assertThat(run.outcome).as(run.message).isEqualTo(RunOutcome.DEPLOY_FAILED);
        assertThat(west.answer()).isEqualTo("three");
        assertThat(east.answer()).isEqualTo("three");
        assertThat(run.state.hasLeft()).isFalse();
    }

    @Test
    void aRegionThatCannotBeRolledBackIsNamedWithItsServingVersion() throws Exception {
        FakeRun run = service.run();
        east.faults.refused.add("route:r-two");
        west.faults.refused.add("route:r-three");

        run.rollBack(Optional.empty());

        assertThat(run.outcome).isEqualTo(RunOutcome.ROLLBACK_FAILED);
        assertThat(run.message)
                .contains(
                        "the rollback of docker/hello/live was not undone",
                        "two still serves in docker/hello/live, not three");
        assertThat(run.state.hasLeft()).isTrue();
    }

    @Test
    void aCleanUpAfterwardsHasWhatWasLiveServeAgain() throws Exception {
        FakeRun run = service.run();
        east.faults.refused.add("route:r-two");
        west.faults.refused.add("route:r-three");
        run.rollBack(Optional.empty());
        west.faults.refused.clear();

        assertThat(run.cleanUp()).isEmpty();

        assertThat(west.answer()).isEqualTo("three");
    }

    @Test
    void anotherDeploymentMeanwhileIsLeftAlone() throws Exception {
        FakeRun run = service.run();
        east.faults.refused.add("route:r-two");
        east.watcher = moment -> {
            if (moment.equals("?route:r-two")) {
                west.overtakenBy("four", "run-2 four 0a0b0c");
            }
        };

        run.rollBack(Optional.empty());

        assertThat(west.answer()).as(run.message).isEqualTo("four");
        assertThat(east.answer()).isEqualTo("three");
        assertThat(service.said()).anyMatch(line -> line.contains("four of run-2"));
    }

    @Test
    void withoutALiveVersionThereIsNothingToRollBackButTheLastOneIsNamed() throws Exception {
        west.stop();

        assertThatThrownBy(() -> RollbackRun.choose(place(), Optional.empty(), NextStepAdvice.SHELL))
                .isInstanceOf(StageFailedException.class)
                .hasMessage("nothing is live in docker/hello/live, so there is nothing to roll back;"
                        + " --deploy three has the one serve again that did last");
    }

    @Test
    void withoutEarlierVersionsTheWordsAreThoseOfWhereTheUserIs() throws Exception {
        west.clear();
        west.serving("three", "c-three");

        assertThatThrownBy(() -> RollbackRun.choose(place(), Optional.empty(), NextStepAdvice.PIPELINE))
                .hasMessage("no earlier version is kept in docker/hello/live;"
                        + " pymDeploy(version: 'VERSION') deploys any image that exists");
        assertThat(RollbackRun.kept(place())).isEqualTo("no earlier one is kept");
    }

    @Test
    void theListNamesWhatServesAndWhatIsKept() throws Exception {
        assertThat(RollbackRun.list(place()))
                .containsExactly(
                        "docker/hello/live: three serves at " + west.url() + " since 2026-01-02T03:04:05Z",
                        "  kept: two, commit c-two, made 2026-01-02T03:04:05Z",
                        "  kept: one, commit c-one, made 2026-01-02T03:04:05Z");
        west.clear();
        assertThat(RollbackRun.list(place()))
                .containsExactly("docker/hello/live: nothing serves now", "  no earlier version is kept");
    }

    @Test
    void choosingTakesTheNewestOfThatVersion() throws Exception {
        Deployed chosen = RollbackRun.choose(place(), Optional.of("one"), NextStepAdvice.SHELL);

        assertThat(chosen.revision()).isEqualTo("r-one");
    }

    @Test
    void aPlaceThatCannotBeReadIsOneLine() throws Exception {
        west.faults.unreadable = "the credential is refused";

        assertThatThrownBy(() -> RollbackRun.choose(place(), Optional.empty(), NextStepAdvice.SHELL))
                .isInstanceOf(StageFailedException.class)
                .hasMessage("the credential is refused");
    }

    @Test
    void aRollbackThatIsOverIsForgottenByTheStagesAfterIt() throws Exception {
        FakeRun run = service.run();
        run.rollBack(Optional.empty());
        assertThat(RollbackRun.isOf(run.state)).isTrue();
        assertThat(RollbackRun.wasIn(run.state.handedOn())).isTrue();

        assertThat(RollbackRun.over(run.state.handedOn()))
                .containsEntry("good-0", Map.of())
                .containsEntry("now-1", Map.of())
                .containsEntry("rollback", Map.of());
        try (OperationRunner operations = run.operations()) {
            new RollbackRun(run.prepared, operations, run.state, NextStepAdvice.SHELL).end();
        }
        assertThat(RollbackRun.isOf(run.state)).isFalse();
        assertThat(run.state.get("good-0")).isEmpty();
    }
}
