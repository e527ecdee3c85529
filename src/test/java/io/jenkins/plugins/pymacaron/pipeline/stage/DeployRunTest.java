package io.jenkins.plugins.pymacaron.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.pipeline.FakeRun;
import io.jenkins.plugins.pymacaron.pipeline.FakeService;
import io.jenkins.plugins.pymacaron.pipeline.change.OperationRunner;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.report.StageState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A deployment through its stages: which of them run, in which order, and what they leave. */
class DeployRunTest {
    private static final Map<String, String> NO_TESTS = Map.of("tests", "NONE");

    @TempDir
    static Path directory;

    private static FakeService service;

    @BeforeAll
    static void make() throws Exception {
        service = new FakeService(directory, 1);
    }

    @AfterAll
    static void close() {
        service.close();
    }

    @BeforeEach
    void begin() {
        service.begin();
    }

    private static void assertNothingHasChanged() {
        assertThat(service.staging.answer()).isEqualTo("one");
        assertThat(service.live().answer()).isEqualTo("one");
        assertThat(service.staging.versions()).containsExactly("one");
        assertThat(service.live().versions()).containsExactly("one");
    }

    @Test
    void stagingIsDeployedAndAcceptedBeforeLiveIsTouched() throws Exception {
        List<String> order = new ArrayList<>();
        service.staging.watcher = moment -> order.add("staging" + moment);
        service.live().watcher = moment -> order.add("live" + moment);

        FakeRun run = service.run().deploy();

        assertThat(run.outcome).as(run.message).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(service.staging.answer()).isEqualTo("two");
        assertThat(service.live().answer()).isEqualTo("two");
        int promoted = order.indexOf("live=fake.prepare");
        assertThat(promoted).isPositive();
        assertThat(order.subList(0, promoted)).allMatch(moment -> moment.startsWith("staging"));
        assertThat(order.subList(promoted, order.size()))
                .filteredOn(moment -> moment.startsWith("staging"))
                .as("only what staging has replaced is deleted after the promotion")
                .allMatch(moment -> moment.contains("delete"));
    }

    @Test
    void everyStageThatRunsPassesAndTheOthersSayWhyNot() throws Exception {
        FakeRun run = service.run().deploy();

        for (Stage stage : List.of(Stage.STAGING, Stage.ACCEPT_STAGING, Stage.PROMOTE, Stage.ACCEPT_LIVE)) {
            assertThat(run.at(stage)).as(stage.key()).isEqualTo(StageState.PASSED);
        }
        for (Stage stage : List.of(Stage.UNIT, Stage.BUILD, Stage.CONTAINER, Stage.PUSH)) {
            assertThat(run.at(stage)).as(stage.key()).isEqualTo(StageState.SKIPPED);
            assertThat(run.summary(stage).message()).isEqualTo("done before");
        }
        assertThat(run.summary(Stage.PRE_PROMOTE).message()).isEqualTo("no pre_promote");
        assertThat(run.summary(Stage.STAGING).message()).isEqualTo("two at " + service.staging.url());
        assertThat(run.summary(Stage.PROMOTE).message())
                .startsWith("two at " + service.live().url() + ", ");
        assertThat(run.summary(Stage.PROMOTE).gap()).isPresent();
        assertThat(run.recorder.summary().deployments()).hasSize(2);
    }

    @Test
    void withoutDeploymentTheStagesAfterThePushAreSkippedAndNothingIsChanged() throws Exception {
        FakeRun run = service.run(Map.of("deploy", "false"), "").deploy();

        assertThat(run.outcome).isEqualTo(RunOutcome.SUCCEEDED);
        for (Stage stage : EnumSet.range(Stage.STAGING, Stage.ACCEPT_LIVE)) {
            assertThat(run.at(stage)).as(stage.key()).isEqualTo(StageState.SKIPPED);
            assertThat(run.summary(stage).message()).isEqualTo("--no-deploy");
        }
        assertNothingHasChanged();
    }

    @Test
    void withoutTestsNothingIsAcceptedAndAWrongLiveStays() throws Exception {
        service.live().faults.answers.put("two", "wrong");

        FakeRun run = service.run(NO_TESTS, "").deploy();

        assertThat(run.outcome).as(run.message).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(run.summary(Stage.ACCEPT_STAGING).message()).isEqualTo("--no-test");
        assertThat(run.summary(Stage.ACCEPT_LIVE).message()).isEqualTo("--no-test");
        assertThat(service.live().answer()).isEqualTo("wrong");
    }

    @Test
    void aCandidateThatServesAlreadyIsLeftAsItIsAndAcceptedAgain() throws Exception {
        service.run().deploy();
        service.live().applied.clear();
        service.staging.applied.clear();

        FakeRun again = service.run();
        again.deploy();

        assertThat(again.outcome).as(again.message).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(service.live().applied).noneMatch(key -> key.startsWith("create"));
        assertThat(again.at(Stage.ACCEPT_LIVE)).isEqualTo(StageState.PASSED);
    }

    @Test
    void previousVersionsAreKeptAsRetentionSaysAndTheRestIsDeleted() throws Exception {
        service.live().clear();
        service.live().serving("minus-one", "c");
        service.live().serving("zero", "c");
        service.live().serving("one", "c");

        service.run(Map.of(), "retention: {deployments: 2}").deploy();

        assertThat(service.live().versions()).containsExactlyInAnyOrder("zero", "one", "two");
        assertThat(service.staging.versions()).as("staging keeps none").containsExactly("two");
    }

    @Test
    void aRemovalThatFailsAtTheEndIsAWarningOnly() throws Exception {
        service.live().serving("zero", "c");
        service.live().serving("one", "c");
        service.live().faults.refused.add("delete:r-zero");

        FakeRun run = service.run().deploy();

        assertThat(run.outcome).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(service.said())
                .anyMatch(line -> line.startsWith("not everything could be removed that is no longer needed"))
                .anyMatch(line -> line.startsWith("old images were not removed"));
        assertThat(service.live().answer()).isEqualTo("two");
    }

    @Test
    void prePromoteRunsOnceAfterStagingWithTheVersionToCome() throws Exception {
        Path seen = directory.resolve("seen-" + System.nanoTime());
        String hook = "pre_promote: [sh, -c, 'echo \"$PYM_ENV $PYM_VERSION\" >> " + seen + "']";

        FakeRun run = service.run(Map.of(), hook).deploy();

        assertThat(run.outcome).as(run.message).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(run.at(Stage.PRE_PROMOTE)).isEqualTo(StageState.PASSED);
        assertThat(seen).content().endsWith(" two\n").hasLineCount(1);
    }

    @Test
    void prePromoteDoesNotRunWhereLiveServesTheVersionAlready() throws Exception {
        Path seen = directory.resolve("seen-" + System.nanoTime());
        String hook = "pre_promote: [touch, " + seen + "]";
        service.run(Map.of(), hook).deploy();
        Files.delete(seen);

        FakeRun again = service.run(Map.of(), hook).deploy();

        assertThat(again.summary(Stage.PRE_PROMOTE).message()).isEqualTo("live serves this version already");
        assertThat(seen).doesNotExist();
    }

    @Test
    void aPrePromoteThatFailsStopsBeforeLive() throws Exception {
        FakeRun run = service.run(Map.of(), "pre_promote: ['false']").deploy();

        assertThat(run.outcome).isEqualTo(RunOutcome.DEPLOY_FAILED);
        assertThat(run.message).contains("pre_promote");
        assertThat(service.staging.answer()).isEqualTo("two");
        assertThat(service.live().applied).isEmpty();
        assertThat(service.live().answer()).isEqualTo("one");
    }

    @Test
    void anOlderCommitDoesNotReplaceANewerOne() throws Exception {
        FakeRun older = service.run(Map.of(), "# older\n");
        String newer = service.commit("Newer");
        service.live().serving("newer", newer);

        older.deploy();

        assertThat(older.outcome).isEqualTo(RunOutcome.SUPERSEDED);
        assertThat(older.message).contains("newer serves in docker/hello/live", "--allow-older");
        assertThat(service.staging.applied).isEmpty();
        assertThat(service.live().answer()).isEqualTo("newer");
    }

    @Test
    void anOlderCommitIsDeployedWhereThatIsAllowed() throws Exception {
        FakeRun older = service.run(Map.of("allowOlder", "true"), "# allowed\n");
        service.live().serving("newer", service.commit("Newer still"));

        older.deploy();

        assertThat(older.outcome).as(older.message).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(service.live().answer()).isEqualTo("two");
    }

    @Test
    void acceptanceNeedsSomethingThatWasDeployed() throws Exception {
        FakeRun run = service.run();
        try (OperationRunner operations = run.operations()) {
            DeployRun stages = run.stages(operations);
            assertThatThrownBy(() -> stages.single(Stage.ACCEPT_STAGING))
                    .hasMessage("nothing was deployed to docker/hello/staging yet that could be accepted");
            assertThatThrownBy(() -> stages.single(Stage.ACCEPT_LIVE))
                    .hasMessage("nothing was promoted to docker/hello/live yet that could be accepted");
        }
    }

    @Test
    void aRollbackOfARunThatPromotedNothingSaysSo() throws Exception {
        FakeRun run = service.run();
        run.ending(operations -> run.stages(operations).back());

        assertThat(run.outcome).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(run.summary(Stage.ROLLBACK).message())
                .isEqualTo("live was not changed by this run, so there is nothing to roll back");
        assertThat(service.live().applied).isEmpty();
    }
}
