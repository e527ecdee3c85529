package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
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

/** Runs each stage in a command of its own: together they do the same as {@code pymdeploy} in one. */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class StageCommandTest {
    private static final String LIVE = "docker/" + Service.NAME + "/live";

    @TempDir
    Path temporary;

    private Service service;

    @BeforeEach
    void makeService() throws Exception {
        service = Service.in(temporary);
    }

    @Test
    void fromTheConfigurationToLive() throws Exception {
        StagesApart stages = new StagesApart(service, "job-1").asking("push", "true");

        StageResult config = stages.good("config");
        assertThat(config.service()).isEqualTo(Service.NAME);
        assertThat(config.environments().live()).containsExactly(LIVE);
        assertThat(config.config()).containsEntry("deploy_target", "docker").containsKey("staging");
        assertThat(stages.log()).contains("Commit ");
        assertThat(stages.good("preflight").image()).isEmpty();
        assertThat(stages.log())
                .as("which commit it is was said")
                .doesNotContain("Commit ")
                .contains(LIVE + ", where nothing serves now");
        StageResult plan = stages.run("plan");
        assertThat(plan.outcome()).isEqualTo(RunOutcome.PLANNED);
        assertThat(plan.plan()).anyMatch(line -> line.contains("create container"));
        assertThat(stages.good("unit").counts().orElseThrow().passed()).isEqualTo(1);
        StageResult built = stages.good("build");
        assertThat(built.image().orElseThrow().name()).endsWith("/" + Service.NAME);
        assertThat(stages.good("container").report().orElseThrow().cases()).hasSize(2);
        String digest = stages.good("push").image().orElseThrow().digest();
        assertThat(digest).startsWith("sha256:");
        MadeDeployment staged = stages.good("staging").deployments().get(0);
        assertThat(staged.slot()).isEqualTo("staging");
        assertThat(staged.digest()).isEqualTo(digest);
        assertThat(stages.good("accept-staging").note()).contains("2 tests: 2 passed");
        stages.good("pre-promote");
        StageResult promoted = stages.good("promote");
        assertThat(promoted.previous()).isEmpty();
        assertThat(promoted.deployments().get(0).environment()).isEqualTo(LIVE);
        assertThat(stages.good("live").counts().orElseThrow().bad()).isZero();
        assertThat(Service.live()).isEqualTo("one");
    }

    @Test
    void aBadLiveIsRolledBackByTheStageForThatOnAnotherAgentToo() throws Exception {
        StagesApart.deployed(service, "job-1");
        service.content("two").at(Service.NAME + "-live", "exit 1").commit("second");
        StagesApart stages = new StagesApart(service, "job-2");
        stages.good("build");
        stages.onAnotherAgent().good("staging");
        StageResult promoted = stages.good("promote");
        assertThat(promoted.gap()).isPresent();
        assertThat(promoted.previous().get(0).version())
                .isNotEqualTo(promoted.deployments().get(0).version());

        StageResult failed = stages.bad("live", RunOutcome.TESTS_FAILED);

        assertThat(failed.counts().orElseThrow().failed()).isEqualTo(1);
        assertThat(failed.message()).contains("test_gate");
        assertThat(Service.live()).isEqualTo("two");
        StageResult back = stages.onAnotherAgent().good("rollback");
        assertThat(back.note()).contains("serves again");
        assertThat(back.deployments().get(0).version())
                .isEqualTo(promoted.previous().get(0).version());
        assertThat(Service.live()).isEqualTo("one");
        assertThat(stages.bad("live", RunOutcome.CONFIG_INVALID).message()).contains("nothing was promoted");
    }

    @Test
    void anEarlierVersionComesBackWhenAskedFor() throws Exception {
        StagesApart.deployed(service, "job-1");
        service.content("two").commit("second");
        StagesApart.deployed(service, "job-2");
        assertThat(Service.live()).isEqualTo("two");

        StageResult back =
                new StagesApart(service, "job-3").asking("earlier", "true").good("rollback");

        assertThat(back.note()).contains("instead of");
        assertThat(back.deployments()).hasSize(1);
        assertThat(Service.live()).isEqualTo("one");
        assertThat(new StagesApart(service, "job-4")
                        .asking("version", "no-such-version")
                        .bad("rollback", RunOutcome.CONFIG_INVALID)
                        .message())
                .contains("no-such-version is not kept");
    }

    @Test
    void stagingThatFailsItsAcceptanceIsRolledBackAndCanBeTriedAgain() throws Exception {
        StagesApart.deployed(service, "job-1");
        service.content("two").at(Service.NAME + "-staging", "exit 1").commit("second");
        StagesApart stages = new StagesApart(service, "job-2");
        stages.good("build");
        stages.good("staging");
        stages.bad("accept-staging", RunOutcome.TESTS_FAILED);
        assertThat(Service.staging()).isEqualTo("one");

        stages.good("staging");

        assertThat(Service.staging()).isEqualTo("two");
        assertThat(Service.live()).isEqualTo("one");
    }

    @Test
    void theNeedsOfAStageAreReportedInOneLine() throws Exception {
        StagesApart stages = new StagesApart(service, "job-1");
        assertThat(stages.bad("container", RunOutcome.CONFIG_INVALID).message()).contains("build one first");
        assertThat(stages.bad("accept-staging", RunOutcome.CONFIG_INVALID).message())
                .contains("nothing was deployed to");
        assertThat(stages.bad("nonsense", RunOutcome.CONFIG_INVALID).message()).contains("there is no stage nonsense");
        stages.good("build");
        service.content("another").commit("moved on");
        assertThat(stages.bad("staging", RunOutcome.CONFIG_INVALID).message())
                .contains("check that one out again before this stage");

        Path broken = Files.writeString(temporary.resolve("broken.json"), "{\"schema\":7}");
        Service.Ended ended = service.run("stage", "--spec", broken.toString());
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.output().strip()).endsWith("a StageSpec of schema 7, this version knows up to 1");
        assertThat(Service.containers()).isEmpty();
    }

    @Test
    void aKilledStageIsUndoneByTheNextOne() throws Exception {
        StagesApart.deployed(service, "job-1");
        service.content("two").commit("second");
        StagesApart stages = new StagesApart(service, "job-2");
        stages.good("build");
        service.holdDockerAt("before", "stop -t 40 -- pym-" + Service.NAME + "-live");
        stages.good("staging");
        try (Child child =
                service.start("stage", "--spec", stages.spec("promote", false).toString())) {
            child.atGate().kill();
        }
        service.environment().keySet().removeIf(name -> name.startsWith("E2E_") && !name.equals(Service.SECRET));
        assertThat(Service.running()).hasSizeGreaterThan(2);

        assertThat(stages.good("cleanup").outcome()).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(stages.log()).contains("was cut off").doesNotContain("--");

        assertThat(Service.live()).isEqualTo("one");
        assertThat(Service.running()).containsExactly("live serving", "staging serving");
        stages.good("promote");
        assertThat(Service.live()).isEqualTo("two");
    }

    @Test
    void sigtermUndoesAndStillTells() throws Exception {
        StagesApart.deployed(service, "job-1");
        service.content("two").commit("second");
        StagesApart stages = new StagesApart(service, "job-2");
        stages.good("build");
        stages.good("staging");
        service.holdDockerAt("before", "stop -t 40 -- pym-" + Service.NAME + "-live");
        // Jenkins kills all processes with its cookie at once; the undo's must not have it.
        service.with("JENKINS_SERVER_COOKIE", "durable-x");
        try (Child child =
                service.start("stage", "--spec", stages.spec("promote", false).toString())) {
            child.atGate().signal("TERM");
            Service.Ended ended = child.await();
            assertThat(ended.code()).isEqualTo(143);
            assertThat(ended.output()).contains("\"outcome\":\"INTERRUPTED\"");
        }
        assertThat(Service.live()).isEqualTo("one");
        assertThat(Service.running()).containsExactly("live serving", "staging serving");
    }

    @Test
    void theEntryIsForJenkinsAlone() {
        Service.Ended help = service.run("--help");
        assertThat(help.output()).doesNotContain("--spec");
    }
}
