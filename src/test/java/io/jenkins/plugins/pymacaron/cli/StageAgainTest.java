package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageSpec;
import io.jenkins.plugins.pymacaron.process.PrivateDirectory;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tests stages that were killed, whose result was lost, or that others came between. */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class StageAgainTest {
    private static final String BOTH_OF_LIVE = "stop -t 40 -- pym-" + Service.NAME + "-live";

    @TempDir
    Path temporary;

    private Service service;
    private StagesApart stages;

    @BeforeEach
    void deployTheFirstVersion() throws Exception {
        service = Service.in(temporary);
        StagesApart.deployed(service, "job-1");
        service.content("two").commit("second");
        stages = new StagesApart(service, "job-2");
        stages.good("build");
    }

    private void kill(String stage, String when, String call) throws Exception {
        service.holdDockerAt(when, call);
        try (Child child =
                service.start("stage", "--spec", stages.spec(stage, false).toString())) {
            child.atGate().kill();
        }
        service.environment().keySet().removeIf(name -> name.startsWith("E2E_") && !name.equals(Service.SECRET));
    }

    @Test
    void stagingThatWasKilledIsDoneAgain() throws Exception {
        kill("staging", "before", "stop -t 40 -- pym-" + Service.NAME + "-staging");
        assertThat(Service.running()).hasSize(3);

        StageResult staged = stages.good("staging");

        assertThat(stages.log()).contains("was cut off; undoing what it left").doesNotContain("--resume");
        assertThat(staged.previous().get(0).version())
                .isNotEqualTo(staged.deployments().get(0).version());
        assertThat(Service.staging()).isEqualTo("two");
        assertThat(Service.running()).containsExactly("live serving", "staging serving");
    }

    /** A Pipeline that ends with {@code deleteDir()} leaves no workspace to clean up from. */
    @Test
    void aKilledStageIsUndoneWithoutItsWorkingCopy() throws Exception {
        kill("staging", "before", "stop -t 40 -- pym-" + Service.NAME + "-staging");
        assertThat(Service.running()).hasSize(3);
        PrivateDirectory.delete(service.directory());

        stages.good("cleanup");

        assertThat(stages.log()).contains("was cut off; undoing what it left");
        assertThat(Service.staging()).isEqualTo("one");
        assertThat(Service.running()).containsExactly("live serving", "staging serving");
    }

    /** Its result is lost, and still a rollback to the version before the first of the two is possible. */
    @Test
    void aPromotionWithAnUnknownResultIsRolledBackToo() throws Exception {
        stages.good("staging");
        var before = stages.state();
        StageResult first = stages.good("promote");
        stages.knowing(before);

        StageResult second = stages.good("promote");

        assertThat(second.previous()).isEqualTo(first.previous());
        assertThat(second.deployments().get(0).revision())
                .isEqualTo(first.deployments().get(0).revision());
        var promoted = stages.state();
        assertThat(stages.good("rollback").note()).contains("serves again");
        assertThat(Service.live()).isEqualTo("one");
        stages.knowing(promoted);
        assertThat(stages.good("rollback").outcome()).as("once more").isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(Service.live()).isEqualTo("one");
        assertThat(stages.good("rollback").note()).contains("nothing to roll back");
        assertThat(Service.running()).containsExactly("live serving", "staging serving");
    }

    @Test
    void aPromotionThatFailedIsNoReasonToRollBackFurther() throws Exception {
        stages.good("staging");
        kill("promote", "before", BOTH_OF_LIVE);

        assertThat(stages.good("rollback").note()).contains("nothing to roll back");

        assertThat(Service.live()).isEqualTo("one");
        assertThat(Service.running()).containsExactly("live serving", "staging serving");
    }

    @Test
    void aRollbackThatWasKilledIsFinished() throws Exception {
        String old = Service.liveContainers().get(0).name();
        stages.good("staging");
        stages.good("promote");
        kill("rollback", "after", "start -- " + old);
        assertThat(Service.running()).hasSize(3);

        stages.good("cleanup");

        assertThat(Service.live()).isEqualTo("one");
        assertThat(Service.running()).containsExactly("live serving", "staging serving");
        assertThat(stages.good("rollback").outcome()).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(Service.live()).isEqualTo("one");
    }

    private void killTests(String stage, String slot) throws Exception {
        service.with("E2E_WAIT_AT", Service.NAME + "-" + slot);
        try (Child child =
                service.start("stage", "--spec", stages.spec(stage, false).toString())) {
            child.atGate().kill();
        }
        service.environment().remove("E2E_WAIT_AT");
    }

    /** Its build may go on with another attempt, here or elsewhere. */
    @Test
    void aLaterStageOfTheBuildGoesOnAfterAnAcceptanceThatWasKilled() throws Exception {
        stages.good("staging");
        killTests("accept-staging", "staging");
        stages.good("accept-staging");
        stages.good("promote");
        killTests("live", "live");

        stages.good("live");

        assertThat(Service.staging()).isEqualTo("two");
        assertThat(Service.live()).isEqualTo("two");
        assertThat(stages.good("cleanup").deployments()).isEmpty();
        assertThat(Service.live()).isEqualTo("two");
        assertThat(Service.running()).containsExactly("live serving", "staging serving");
    }

    @Test
    void aVersionWhoseAcceptanceWasKilledIsRolledBackWhenTheBuildHasEnded() throws Exception {
        stages.good("staging");
        StageResult promoted = stages.good("promote");
        killTests("live", "live");

        StageResult cleaned =
                stages.asking(StageSpec.UNACCEPTED, "job-2-live job-9-live").good("cleanup");

        assertThat(Service.live()).isEqualTo("one");
        assertThat(Service.staging()).isEqualTo("two");
        assertThat(Service.running()).containsExactly("live serving", "staging serving");
        assertThat(cleaned.deployments()).singleElement().satisfies(made -> assertThat(made.version())
                .isEqualTo(promoted.previous().get(0).version()));
        assertThat(stages.good("cleanup").deployments()).as("once").isEmpty();
    }

    @Test
    void theNextBuildRollsAVersionBackWhoseAcceptanceWasKilled() throws Exception {
        stages.good("staging");
        killTests("accept-staging", "staging");
        stages = new StagesApart(service, "job-3").asking(StageSpec.UNACCEPTED, "job-2-accept-staging");
        stages.good("build");

        StageResult staged = stages.good("staging");

        assertThat(stages.log()).contains("was cut off; undoing what it left");
        assertThat(staged.previous().get(0).version())
                .as("the accepted one")
                .isNotEqualTo(staged.deployments().get(0).version());
        assertThat(Service.running()).containsExactly("live serving", "staging serving");
    }

    @Test
    void aRollbackOfAnEarlierBuildThatWasKilledIsUndone() throws Exception {
        String old = Service.liveContainers().get(0).name();
        stages.good("staging");
        stages.good("promote");
        stages = new StagesApart(service, "job-3").asking("earlier", "true");
        kill("rollback", "after", "start -- " + old);

        stages.good("cleanup");

        assertThat(Service.live()).isEqualTo("two");
        assertThat(Service.running()).containsExactly("live serving", "staging serving");
        stages.good("rollback");
        assertThat(Service.live()).isEqualTo("one");
    }

    @Test
    void aChangeByAnotherDeploymentMeanwhileStays() throws Exception {
        stages.good("staging");
        stages.good("promote");
        service.content("three").commit("third");
        StagesApart other = new StagesApart(service, "job-3");
        for (String stage : new String[] {"build", "staging", "promote", "live"}) {
            other.good(stage);
        }
        service.git("checkout", "--quiet", "HEAD~1");

        assertThat(stages.bad("live", RunOutcome.TESTS_FAILED).message()).isNotBlank();
        assertThat(stages.bad("rollback", RunOutcome.SUPERSEDED).message())
                .contains("which another deployment made; it stays as it is");

        assertThat(Service.live()).isEqualTo("three");
        assertThat(Service.staging()).isEqualTo("three");
        assertThat(Service.running()).containsExactly("live serving", "staging serving");
    }

    /** Several approvals are open, and the first one comes last. */
    @Test
    void theEndOfADeploymentLeavesStagingOfOthersAlone() throws Exception {
        stages.good("staging");
        service.content("three").commit("third");
        StagesApart other = new StagesApart(service, "job-3");
        other.good("build");
        other.good("staging");
        service.git("checkout", "--quiet", "HEAD~1");

        stages.good("promote");
        stages.good("live");

        assertThat(Service.live()).isEqualTo("two");
        assertThat(Service.staging()).isEqualTo("three");
    }

    @Test
    void twoVersionsAfterEachOther() throws Exception {
        String first = Service.liveContainers().get(0).labels().get("io.jenkins.plugins.pymacaron.version");
        stages.good("staging");
        StageResult promoted = stages.good("promote");
        stages.good("live");
        StagesApart back = new StagesApart(service, "job-3").asking("version", first);
        StageResult rolled = back.good("rollback");
        assertThat(rolled.previous().get(0).version())
                .isEqualTo(promoted.deployments().get(0).version());
        assertThat(Service.live()).isEqualTo("one");

        back.asking("version", promoted.deployments().get(0).version()).good("rollback");

        assertThat(Service.live()).isEqualTo("two");
    }
}
