package io.jenkins.plugins.pymacaron.jenkins.agent;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult;
import java.io.File;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Tests the controller's memory of stages that have left something to be undone, or kept something to be ended. */
@WithJenkins
class RememberedStagesTest {
    private static final Instant UNTIL = Instant.parse("2030-01-02T03:04:05Z");

    private static JenkinsRule j;

    @BeforeAll
    static void jenkins(JenkinsRule rule) {
        j = rule;
    }

    private static UnfinishedStage begun(FreeStyleBuild build, String stage) throws Exception {
        UnfinishedStage begun = UnfinishedStage.of(
                StageOrder.of(stage),
                build,
                "",
                new FilePath(new File("/nowhere")),
                new FilePath(new File("/nowhere@tmp/s")),
                new EnvVars("HOME", "/h", "X", "y"));
        UnfinishedStages.get().begun(begun);
        return begun;
    }

    private static void ended(FreeStyleBuild build, String stage, String outcome, String more) throws Exception {
        StageOrder order = StageOrder.of(stage);
        StageResult result = StageResult.fromJson("{\"schema\":1,\"stage\":\"" + stage + "\",\"outcome\":\"" + outcome
                + "\",\"environments\":{\"staging\":\"c/s/staging\",\"live\":[\"c/s/live\"]}" + more + "}");
        KeptVersions.get().ended(UnfinishedStages.get().find(build, order), order, result);
        UnfinishedStages.get().ended(build, order, result);
    }

    private static FreeStyleBuild build(String job) throws Exception {
        return j.buildAndAssertSuccess(j.createFreeStyleProject(job));
    }

    @Test
    void resourcesThatAStageLeavesAreKnownUntilALaterOneReportsTheirEnd() throws Exception {
        FreeStyleBuild build = build("leaves");
        begun(build, "staging");
        ended(build, "staging", "SUCCEEDED", ",\"leaves\":[\"a name\\n of live\",\"a lease\"]");
        assertThat(new UnfinishedStages().all()).singleElement().satisfies(left -> {
            assertThat(left.isCutOff()).isFalse();
            assertThat(left.getLeaves()).containsExactly("a name of live", "a lease");
            assertThat(left.getEnvironments()).containsExactlyInAnyOrder("c/s/staging", "c/s/live");
            assertThat(left.getEnvironment()).containsOnlyKeys("HOME");
        });
        ended(build, "accept-staging", "SUCCEEDED", ",\"leaves\":[\"a name of live\"]");
        assertThat(UnfinishedStages.get().all()).singleElement().satisfies(left -> assertThat(left.getLeaves())
                .containsExactly("a name of live"));

        begun(build, "promote");
        assertThat(UnfinishedStages.get().all()).singleElement().satisfies(left -> assertThat(left.isCutOff())
                .isTrue());
        ended(build, "promote", "CONFIG_INVALID", "");
        assertThat(UnfinishedStages.get().all()).singleElement().satisfies(left -> {
            assertThat(left.isCutOff()).as("it was refused").isFalse();
            assertThat(left.getLeaves()).containsExactly("a name of live");
        });

        begun(build, "promote");
        ended(build, "promote", "DEPLOY_FAILED", "");
        assertThat(UnfinishedStages.get().all()).as("half-made, perhaps").hasSize(1);
        ended(build, "unit", "SUCCEEDED", "");
        assertThat(UnfinishedStages.get().all()).as("none of its business").hasSize(1);
        begun(build, "rollback");
        ended(build, "rollback", "SUCCEEDED", "");
        assertThat(new UnfinishedStages().all()).isEmpty();
    }

    /** Its build decides on an acceptance that has failed; one without a result is refused when the build has ended. */
    @Test
    void anAcceptanceIsCutOffOnlyWithoutAResult() throws Exception {
        FreeStyleBuild build = build("accepts");
        StageOrder order = StageOrder.of("build");
        FilePath workspace = new FilePath(new File("/nowhere"));
        begun(build, "promote");
        ended(build, "promote", "SUCCEEDED", ",\"leaves\":[\"a lease\"]");
        assertThat(UnfinishedStages.get().unaccepted("", workspace, order)).isEmpty();

        begun(build, "live");
        String name = RunIds.of(build, ".") + "-live";
        assertThat(UnfinishedStages.get().unaccepted("", workspace, order)).containsExactly(name);
        assertThat(UnfinishedStages.get().unaccepted("other", workspace, order)).isEmpty();
        assertThat(UnfinishedStages.get().unaccepted("", workspace.child("other"), order))
                .isEmpty();
        assertThat(UnfinishedStages.get().unaccepted("", workspace, order.in("other")))
                .isEmpty();
        ended(build, "live", "DEPLOY_FAILED", "");
        assertThat(UnfinishedStages.get().unaccepted("", workspace, order)).isEmpty();
        assertThat(UnfinishedStages.get().all()).singleElement().satisfies(left -> assertThat(left.getLeaves())
                .containsExactly("a lease"));

        begun(build, "live");
        ended(build, "live", "TESTS_FAILED", "");
        assertThat(UnfinishedStages.get().all()).isEmpty();
        begun(build, "accept-staging");
        ended(build, "accept-staging", "ROLLBACK_FAILED", "");
        assertThat(UnfinishedStages.get().all()).as("a clean-up tries again").hasSize(1);
        begun(build, "rollback");
        assertThat(UnfinishedStages.get().unaccepted("", workspace, order)).isEmpty();
        ended(build, "rollback", "SUCCEEDED", "");
        assertThat(UnfinishedStages.get().all()).isEmpty();
    }

    @Test
    void keptVersionsAreKnownUntilAnotherPromotionOrTheEndOfTheirJob() throws Exception {
        FreeStyleBuild first = build("first");
        begun(first, "promote");
        ended(first, "promote", "SUCCEEDED", ",\"keptUntil\":\"" + UNTIL + "\"");
        assertThat(KeptVersions.get().until("c/s/live")).contains(UNTIL);
        ended(first, "live", "SUCCEEDED", ",\"keptUntil\":\"" + UNTIL.plusSeconds(9) + "\"");
        assertThat(KeptVersions.get().until("c/s/live")).contains(UNTIL.plusSeconds(9));
        ended(first, "live", "TESTS_FAILED", "");
        assertThat(new KeptVersions().all()).singleElement().satisfies(kept -> {
            assertThat(kept.getPromotion().getBuild()).isEqualTo("first#1");
            assertThat(kept.getUntil()).isEqualTo(UNTIL.plusSeconds(9));
        });

        FreeStyleBuild second = build("second");
        begun(second, "promote");
        ended(second, "promote", "SUCCEEDED", ",\"keptUntil\":\"" + UNTIL.plus(Duration.ofDays(1)) + "\"");
        assertThat(KeptVersions.get().all())
                .singleElement()
                .satisfies(kept -> assertThat(kept.getPromotion().getBuild()).isEqualTo("second#1"));
        second.getParent().renameTo("renamed");
        first.getParent().delete();
        assertThat(KeptVersions.get().all()).hasSize(1);
        j.jenkins.getItemByFullName("renamed", FreeStyleProject.class).delete();
        assertThat(new KeptVersions().all()).isEmpty();

        FreeStyleBuild third = build("third");
        begun(third, "promote");
        ended(third, "promote", "SUCCEEDED", ",\"keptUntil\":\"" + UNTIL + "\"");
        begun(third, "rollback");
        ended(third, "rollback", "SUCCEEDED", "");
        assertThat(KeptVersions.get().all()).as("rolled back").isEmpty();
    }
}
