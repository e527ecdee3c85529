package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult.MadeDeployment;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tests a stage's report about itself: the version that serves after it, its changes, and the possible next steps. */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class StageTruthTest {
    @TempDir
    Path temporary;

    private Service service;

    @BeforeEach
    void makeService() throws Exception {
        service = Service.in(temporary);
    }

    @Test
    void noRollbackLeadsFurtherThanThisDeploymentWentUnlessItIsAskedTo() throws Exception {
        StagesApart.deployed(service, "job-1");
        String version = Service.liveContainers().get(0).labels().get("io.jenkins.plugins.pymacaron.version");
        service.content("two").commit("second");
        StagesApart.deployed(service, "job-2");

        StagesApart failed = new StagesApart(service, "job-3");
        failed.good("unit");
        StageResult nothing = failed.good("rollback");
        assertThat(nothing.note()).isEqualTo("this build has promoted nothing, so there is nothing to roll back");
        assertThat(nothing.deployments()).isEmpty();
        StageResult alone = new StagesApart(service, "job-4").bad("rollback", RunOutcome.CONFIG_INVALID);
        assertThat(alone.message()).contains("pymRollback(version: '...')", "kept are " + version);
        assertThat(alone.deployments()).isEmpty();
        assertThat(Service.live()).isEqualTo("two");

        failed.asking("version", version).good("rollback");
        assertThat(Service.live()).isEqualTo("one");
    }

    @Test
    void aStageHandsOnWhatItHasChangedAlone() throws Exception {
        // An image that another test has pushed has its digest from the build on.
        service.content(RealDocker.unique("pushed")).commit("first");
        StagesApart stages = new StagesApart(service, "job-1").asking("push", "true");
        stages.good("build");
        var built = stages.state();
        assertThat(stages.good("push").state()).containsOnlyKeys("image");
        stages.knowing(built);
        assertThat(stages.good("container").state()).doesNotContainKey("image");
    }

    @Test
    void aFailedAcceptanceTellsWhatServesInStagingThen() throws Exception {
        service.at(Service.NAME + "-staging", "exit 1").commit("first, and bad");
        StagesApart stages = new StagesApart(service, "job-1");
        stages.good("build");
        MadeDeployment candidate = stages.good("staging").deployments().get(0);
        StageResult failed = stages.bad("accept-staging", RunOutcome.TESTS_FAILED);
        assertThat(failed.deployments()).singleElement().satisfies(d -> {
            assertThat(d.environment()).isEqualTo("docker/" + Service.NAME + "/staging");
            assertThat(d.version()).as("nothing serves").isEmpty();
        });
        assertThat(failed.previous()).containsExactly(candidate);
        assertThat(Service.staging()).isEqualTo("nothing");

        Files.delete(service.directory().resolve("testaccept/at_" + Service.NAME + "-staging.sh"));
        service.commit("good");
        StagesApart.deployed(service, "job-2");
        service.content("two").at(Service.NAME + "-staging", "exit 1").commit("bad again");
        stages = new StagesApart(service, "job-3");
        stages.good("build");
        MadeDeployment before = stages.good("staging").previous().get(0);
        failed = stages.bad("accept-staging", RunOutcome.TESTS_FAILED);
        assertThat(failed.deployments()).extracting(MadeDeployment::version).containsExactly(before.version());

        stages = new StagesApart(service, "job-4").asking("keepFailed", "true");
        stages.good("build");
        stages.good("staging");
        assertThat(stages.bad("accept-staging", RunOutcome.TESTS_FAILED).deployments())
                .as("it serves still")
                .isEmpty();
        assertThat(Service.staging()).isEqualTo("two");
    }

    @Test
    void aFirstLiveThatIsRolledBackLeavesNothing() throws Exception {
        service.at(Service.NAME + "-live", "exit 1").commit("bad");
        StagesApart stages = new StagesApart(service, "job-1");
        for (String stage : new String[] {"build", "staging", "promote"}) {
            stages.good(stage);
        }
        assertThat(stages.bad("live", RunOutcome.TESTS_FAILED).deployments()).isEmpty();
        assertThat(stages.good("rollback").deployments())
                .extracting(MadeDeployment::version)
                .containsExactly("");
        assertThat(Service.live()).isEqualTo("nothing");
        assertThat(stages.good("rollback").deployments()).isEmpty();
    }

    @Test
    void aPromotionThatEndsTheDeploymentSaysThatNothingWasAccepted() throws Exception {
        StagesApart stages = new StagesApart(service, "job-1");
        stages.good("build");
        stages.good("staging");
        assertThat(stages.run("promote", true).note()).endsWith("; not accepted: the acceptance of live is left out");
    }

    @Test
    void adviceIsForAPipeline() throws Exception {
        String config = Service.config();
        service.write("pym-config.yaml", config.replaceAll("registry: .*", "registry: 127.0.0.1:1"))
                .commit("no registry");
        StagesApart stages = new StagesApart(service, "job-1").asking("push", "true");
        assertThat(stages.bad("build", RunOutcome.CONFIG_INVALID).message()).contains("credentials: [docker: 'id']");
        assertThat(stages.log()).doesNotContain(" --");

        service.write("pym-config.yaml", config).commit("registry");
        stages = new StagesApart(service, "job-2").asking("python", "/no/such/python");
        assertThat(stages.bad("unit", RunOutcome.CONFIG_INVALID).message()).contains("python: '/path/to/python3'");

        stages = new StagesApart(service, "job-4").asking("version", "1-2-3");
        assertThat(stages.bad("build", RunOutcome.CONFIG_INVALID).message())
                .contains("1-2-3")
                .doesNotContain("--");
        assertThat(stages.bad("rollback", RunOutcome.CONFIG_INVALID).message()).doesNotContain("--");
    }
}
