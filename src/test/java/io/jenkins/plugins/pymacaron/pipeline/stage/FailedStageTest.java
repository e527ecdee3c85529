package io.jenkins.plugins.pymacaron.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.pipeline.FakeRun;
import io.jenkins.plugins.pymacaron.pipeline.FakeService;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.report.StageState;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stage that fails: what is undone then, what serves afterwards, and how the run ends. */
class FailedStageTest {
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
    void aStagingThatCannotBeMadeLeavesEverythingAsItWas() throws Exception {
        service.staging.faults.refused.add("create:");

        FakeRun run = service.run().deploy();

        assertThat(run.outcome).isEqualTo(RunOutcome.DEPLOY_FAILED);
        assertThat(run.message).contains("could not create r-two", "refused");
        assertThat(run.at(Stage.STAGING)).isEqualTo(StageState.FAILED);
        assertThat(run.at(Stage.PROMOTE)).isEqualTo(StageState.WAITING);
        assertNothingHasChanged();
    }

    @Test
    void aStagingThatDoesNotBecomeReadyIsRemovedAndItsLogIsTold() throws Exception {
        service.staging.faults.unready.put("two", "it crashed");
        service.staging.faults.logs.put("two", "Traceback\nValueError: no database");

        FakeRun run = service.run().deploy();

        assertThat(run.outcome).isEqualTo(RunOutcome.DEPLOY_FAILED);
        assertThat(run.message).startsWith("it crashed").contains("ValueError: no database");
        assertNothingHasChanged();
        Path report = run.recorder.reportDirectory();
        assertThat(report.resolve("staging.log")).content().contains("ValueError: no database");
        assertThat(report.resolve("staging.xml")).content().contains("it crashed");
    }

    @Test
    void aStagingThatIsWrongIsRolledBackBeforeLiveIsTouched() throws Exception {
        service.staging.faults.answers.put("two", "wrong");

        FakeRun run = service.run().deploy();

        assertThat(run.outcome).isEqualTo(RunOutcome.TESTS_FAILED);
        assertThat(run.message).contains("answers version wrong, not two");
        assertThat(run.at(Stage.ACCEPT_STAGING)).isEqualTo(StageState.FAILED);
        assertThat(run.at(Stage.STAGING)).isEqualTo(StageState.ROLLED_BACK);
        assertThat(service.live().applied).isEmpty();
        assertNothingHasChanged();
    }

    @Test
    void aStagingThatIsWrongStaysWhereFailedOnesAreKept() throws Exception {
        service.staging.faults.answers.put("two", "wrong");

        FakeRun run = service.run(Map.of("keepFailed", "true"), "").deploy();

        assertThat(run.outcome).isEqualTo(RunOutcome.TESTS_FAILED);
        assertThat(service.staging.answer()).isEqualTo("wrong");
        assertThat(service.live().answer()).isEqualTo("one");
    }

    @Test
    void aStagingThatCannotBeRolledBackIsNamedWithItsServingVersion() throws Exception {
        service.staging.faults.answers.put("two", "wrong");
        FakeRun run = service.run();
        service.staging.faults.refused.add("route:r-one");

        run.deploy();

        assertThat(run.outcome).isEqualTo(RunOutcome.ROLLBACK_FAILED);
        assertThat(run.message)
                .contains("and staging was not rolled back", "two still serves in docker/hello/staging, not one");
        assertThat(service.said()).anyMatch(line -> line.contains("fake show docker/hello/staging"));
        assertThat(run.state.hasLeft()).isTrue();
    }

    @Test
    void aLiveThatCannotBePreparedLeavesLiveAloneAndStagingWithTheCandidate() throws Exception {
        service.live().faults.refused.add("create:");

        FakeRun run = service.run().deploy();

        assertThat(run.outcome).isEqualTo(RunOutcome.DEPLOY_FAILED);
        assertThat(service.staging.answer()).isEqualTo("two");
        assertThat(service.live().answer()).isEqualTo("one");
        assertThat(service.live().versions()).containsExactly("one");
    }

    @Test
    void aLiveThatCannotBeSwitchedIsAsItWasAndTheCandidateIsGone() throws Exception {
        FakeRun run = service.run();
        service.live().faults.refused.add("route:r-two");

        run.deploy();

        assertThat(run.outcome).isEqualTo(RunOutcome.DEPLOY_FAILED);
        assertThat(run.at(Stage.PROMOTE)).isEqualTo(StageState.FAILED);
        assertThat(service.live().answer()).isEqualTo("one");
        assertThat(service.live().versions()).containsExactly("one");
    }

    @Test
    void anAnswerThatWasLostIsLookedForAndNothingIsDoneTwice() throws Exception {
        FakeRun run = service.run();
        service.live().faults.unanswered.add("route:r-two");

        run.deploy();

        assertThat(run.outcome).as(run.message).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(service.live().applied)
                .filteredOn(key -> key.startsWith("route:r-two"))
                .hasSize(1);
    }

    @Test
    void aLiveThatIsWrongIsRolledBackToThePreviousVersion() throws Exception {
        service.live().faults.answers.put("two", "wrong");

        FakeRun run = service.run().deploy();

        assertThat(run.outcome).as(run.message).isEqualTo(RunOutcome.ROLLED_BACK);
        assertThat(run.message)
                .contains(
                        "answers version wrong, not two",
                        "one serves again at " + service.live().url());
        assertThat(run.at(Stage.ACCEPT_LIVE)).isEqualTo(StageState.FAILED);
        assertThat(run.at(Stage.PROMOTE)).isEqualTo(StageState.ROLLED_BACK);
        assertThat(run.at(Stage.ROLLBACK)).isEqualTo(StageState.PASSED);
        assertThat(service.live().answer()).isEqualTo("one");
        assertThat(service.live().versions()).containsExactly("one");
        assertThat(service.staging.answer()).isEqualTo("two");
    }

    @Test
    void aFirstLiveThatIsWrongIsWithdrawn() throws Exception {
        service.live().clear();
        service.live().faults.answers.put("two", "wrong");

        FakeRun run = service.run().deploy();

        assertThat(run.outcome).as(run.message).isEqualTo(RunOutcome.DEPLOY_FAILED);
        assertThat(run.message).contains("the first deployment was withdrawn");
        assertThat(service.live().answer()).isEmpty();
        assertThat(service.live().versions()).isEmpty();
    }

    @Test
    void aLiveThatIsWrongButWasNotChangedStays() throws Exception {
        service.run().deploy();
        service.stages = moment -> {
            if (moment.equals("+live")) {
                service.live().faults.answers.put("two", "wrong");
            } else if (moment.equals("-live")) {
                service.live().faults.answers.clear();
            }
        };

        FakeRun again = service.run().deploy();

        assertThat(again.outcome).isEqualTo(RunOutcome.TESTS_FAILED);
        assertThat(again.message).contains("live was not changed by this run, so there is nothing to roll back");
        assertThat(again.at(Stage.ROLLBACK)).isEqualTo(StageState.WAITING);
        assertThat(service.live().answer()).isEqualTo("two");
    }

    @Test
    void aRollbackThatFailsSaysWhatServesAndHowToGoOn() throws Exception {
        service.live().faults.answers.put("two", "wrong");
        FakeRun run = service.run();
        service.live().faults.refused.add("route:r-one");

        run.deploy();

        assertThat(run.outcome).isEqualTo(RunOutcome.ROLLBACK_FAILED);
        assertThat(run.message)
                .contains(
                        "and the rollback failed",
                        "pymdeploy --rollback VERSION",
                        "two still serves in docker/hello/live");
        assertThat(run.state.hasLeft()).isTrue();
        service.live().faults.refused.clear();
        assertThat(run.cleanUp()).isEmpty();
        assertThat(service.live().answer()).isEqualTo("one");
    }

    @Test
    void aLiveThatIsLostWhileItChangesIsNotCalledAsItWas() throws Exception {
        FakeRun run = service.run();
        service.live().faults.losesLive = true;

        run.deploy();

        assertThat(run.outcome).isEqualTo(RunOutcome.ROLLBACK_FAILED);
        assertThat(run.message).contains("nothing serves in docker/hello/live, where one served before");
    }

    @Test
    void aDeploymentThatWasOvertakenLeavesLiveToTheOther() throws Exception {
        FakeRun run = service.run();
        service.live().watcher = moment -> {
            if (moment.startsWith("?route:r-two")) {
                service.live().overtakenBy("three", "run-9 three 0a0b0c");
            }
        };

        run.deploy();

        assertThat(run.outcome).as(run.message).isEqualTo(RunOutcome.SUPERSEDED);
        assertThat(run.message).contains("three of run-9");
        assertThat(service.live().answer()).isEqualTo("three");
    }

    @Test
    void aWrongLiveThatAnotherHasReplacedMeanwhileIsLeftToIt() throws Exception {
        service.live().faults.answers.put("two", "wrong");
        FakeRun run = service.run();
        service.live().watcher = moment -> {
            if (moment.equals("=fake.rollback")) {
                service.live().overtakenBy("three", "run-9 three 0a0b0c");
            }
        };

        run.deploy();

        assertThat(run.outcome).as(run.message).isEqualTo(RunOutcome.SUPERSEDED);
        assertThat(service.live().answer()).isEqualTo("three");
    }
}
