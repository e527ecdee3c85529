package io.jenkins.plugins.pymacaron.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.pipeline.FakeRun;
import io.jenkins.plugins.pymacaron.pipeline.FakeService;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.report.StageState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An acceptance of staging is left out only if the last run here that touched these environments has ended well. */
class RepeatedAcceptanceTest {
    @TempDir
    static Path directory;

    private static FakeService service;

    @BeforeAll
    static void make() throws Exception {
        service = new FakeService(directory, 2);
    }

    @AfterAll
    static void close() {
        service.close();
    }

    @BeforeEach
    void deployOnce() throws Exception {
        service.begin();
        Files.deleteIfExists(service.pym().accepted());
        assertThat(accepts(service.run())).as("the first time").isTrue();
    }

    /** Deploys, and tells whether staging was tested. Live always is. */
    private static boolean accepts(FakeRun run) throws Exception {
        run.deploy();
        assertThat(run.outcome).as(run.message).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(run.at(Stage.ACCEPT_LIVE)).isEqualTo(StageState.PASSED);
        return run.at(Stage.ACCEPT_STAGING) == StageState.PASSED;
    }

    private static boolean accepts() throws Exception {
        return accepts(service.run());
    }

    @Test
    void theVerySameIsAcceptedOnceAndTheReportNamesTheRun() throws Exception {
        for (int time = 0; time < 3; time++) {
            FakeRun again = service.run();

            assertThat(accepts(again)).isFalse();
            assertThat(again.at(Stage.ACCEPT_STAGING)).isEqualTo(StageState.SKIPPED);
            assertThat(again.summary(Stage.ACCEPT_STAGING).message())
                    .matches("accepted by run [0-9-]+ at [0-9T:-]+Z, same image, tests, secrets and live: .*");
        }
    }

    @Test
    void theUserMayAskForAllTests() throws Exception {
        assertThat(accepts(service.run(Map.of("testAgain", "true"), ""))).isTrue();
        assertThat(accepts()).as("after that").isFalse();
    }

    @Test
    void aRunWhoseLiveIsNotAcceptedLeavesNothingThatCounts() throws Exception {
        service.live().faults.answers.put("two", "wrong");
        service.stages = moment -> {
            if (moment.equals("-live")) {
                // The look at live after the failure would ask for ten seconds.
                service.live().faults.answers.clear();
            }
        };
        FakeRun failed = service.run().deploy();
        assertThat(failed.at(Stage.ACCEPT_STAGING)).isEqualTo(StageState.SKIPPED);
        assertThat(failed.at(Stage.ACCEPT_LIVE)).isEqualTo(StageState.FAILED);

        assertThat(accepts()).isTrue();
    }

    @Test
    void aRunThatRollsLiveBackLeavesNothingThatCounts() throws Exception {
        service.begin();
        service.live().faults.answers.put("two", "wrong");
        FakeRun failed = service.run().deploy();
        assertThat(failed.outcome).isEqualTo(RunOutcome.ROLLED_BACK);
        assertThat(failed.at(Stage.ACCEPT_STAGING)).isEqualTo(StageState.PASSED);
        assertThat(service.live().answer()).isEqualTo("one");
        assertThat(service.pym().accepted()).doesNotExist();
        service.live().faults.answers.clear();

        assertThat(accepts()).isTrue();
    }

    @Test
    void aRunThatIsCutOffLeavesNothingThatCounts() throws Exception {
        service.live().watcher = moment -> {
            throw new IllegalStateException("killed");
        };
        try {
            service.run().deploy();
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("killed");
        }
        service.live().watcher = moment -> {};

        assertThat(service.pym().accepted()).doesNotExist();
    }

    @Test
    void noVersionBecomesLiveByTheWordOfAnEarlierRun() throws Exception {
        for (List<String> serving : List.of(List.of("one", "c-one"), List.of("two", "c-two"))) {
            for (int region = 0; region < 2; region++) {
                // The second one has the same version, but another deployment of it.
                service.regions.get(region).serving(serving.get(0), serving.get(1));

                assertThat(accepts()).as("%s in region %s", serving, region).isTrue();
                assertThat(accepts()).isFalse();
            }
        }
        service.regions.get(1).stop();
        assertThat(accepts()).as("nothing serves in a region").isTrue();
    }

    @Test
    void anotherStagingIsAcceptedAlthoughLiveIsTheSame() throws Exception {
        service.staging.serving("one", "c-one");
        assertThat(accepts()).isTrue();
        service.staging.stop();
        assertThat(accepts()).isTrue();
    }

    @Test
    void otherTestsAndAnotherConfigurationAreAcceptedThoughAllServesAlready() throws Exception {
        assertThat(accepts(service.run(Map.of(), "accept: {tests: [elsewhere], request_timeout: 1m}")))
                .isTrue();
        Files.writeString(service.project().resolve("conftest.py"), "# new\n");
        service.commit("Other files of tests");
        service.checkOutAgain();

        assertThat(accepts()).isTrue();
        assertThat(accepts()).isFalse();
    }

    @Test
    void theRecordsOfOneEnvironmentDoNotServeAnother() throws Exception {
        assertThat(accepts(service.run(Map.of("environment", "eu"), ""))).isTrue();
        assertThat(accepts(service.run(Map.of("environment", "eu"), ""))).isFalse();
        assertThat(accepts()).as("those of the first one are still there").isFalse();
    }

    @Test
    void aDeploymentWithoutTestsMakesNoRecord() throws Exception {
        service.begin();
        Files.deleteIfExists(service.pym().accepted());
        service.run(Map.of("tests", "NONE"), "").deploy();
        assertThat(service.live().answer()).isEqualTo("two");

        assertThat(accepts()).isTrue();
    }

    @Test
    void aStageOfItsOwnAcceptsAlways() throws Exception {
        FakeRun run = service.run();
        run.ending(operations -> {
            DeployRun stages = run.stages(operations);
            stages.change(Stage.STAGING, true);
            stages.single(Stage.ACCEPT_STAGING);
        });

        assertThat(run.at(Stage.ACCEPT_STAGING)).as(run.message).isEqualTo(StageState.PASSED);
    }
}
