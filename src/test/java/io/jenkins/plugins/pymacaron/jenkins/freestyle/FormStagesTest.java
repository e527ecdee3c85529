package io.jenkins.plugins.pymacaron.jenkins.freestyle;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.jenkins.run.BuildOrigin;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageTable;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jenkins.scm.api.SCMHead;
import org.junit.jupiter.api.Test;

/** The stages that the build step runs for its form, against the one list of them. */
class FormStagesTest {
    private static final BuildOrigin ANY_JOB = new BuildOrigin(null, false, true);
    private static final BuildOrigin BRANCH = new BuildOrigin(new SCMHead("feature/x"), false, true);
    private static final BuildOrigin STRANGER = new BuildOrigin(new SCMHead("main"), true, false);
    private static final Map<LastStage, Stage> LAST = Map.of(
            LastStage.LIVE, Stage.ACCEPT_LIVE,
            LastStage.STAGING, Stage.ACCEPT_STAGING,
            LastStage.PUSH, Stage.PUSH);

    private static PymacaronBuilder form(Set<Stage> leftOut, boolean push, LastStage until) {
        PymacaronBuilder form = new PymacaronBuilder();
        form.setSkipUnit(leftOut.contains(Stage.UNIT));
        form.setSkipContainer(leftOut.contains(Stage.CONTAINER));
        form.setSkipStaging(leftOut.contains(Stage.ACCEPT_STAGING));
        form.setSkipLive(leftOut.contains(Stage.ACCEPT_LIVE));
        form.setKeepImageLocal(!push);
        form.setUntil(until.name());
        return form;
    }

    private static Set<Stage> and(Set<Stage> leftOut, Stage... more) {
        Set<Stage> all = EnumSet.noneOf(Stage.class);
        all.addAll(leftOut);
        all.addAll(List.of(more));
        return all;
    }

    @Test
    void theFormRunsWhatTheListSays() {
        for (Map.Entry<LastStage, Stage> until : LAST.entrySet()) {
            for (Set<Stage> leftOut : StageTable.choicesOfTests()) {
                for (boolean push : List.of(true, false)) {
                    assertThat(FormStages.of(form(leftOut, push, until.getKey()), ANY_JOB))
                            .as("until %s without %s", until.getKey(), leftOut)
                            .isEqualTo(
                                    StageTable.expected(until.getValue(), push ? leftOut : and(leftOut, Stage.PUSH)));
                }
            }
        }
    }

    @Test
    void aBranchThatMayNotGoLiveEndsWithStaging() {
        for (Set<Stage> leftOut : StageTable.choicesOfTests()) {
            assertThat(FormStages.of(form(leftOut, true, LastStage.LIVE), BRANCH))
                    .isEqualTo(StageTable.expected(Stage.ACCEPT_STAGING, leftOut));
            assertThat(FormStages.of(form(leftOut, true, LastStage.PUSH), BRANCH))
                    .isEqualTo(StageTable.expected(Stage.PUSH, leftOut));
        }
    }

    @Test
    void aChangeRequestIsTestedAndGoesNoFurther() {
        for (LastStage until : LAST.keySet()) {
            for (Set<Stage> leftOut : StageTable.choicesOfTests()) {
                assertThat(FormStages.of(form(leftOut, true, until), STRANGER))
                        .isEqualTo(StageTable.expected(Stage.CONTAINER, and(leftOut, Stage.PREFLIGHT)));
            }
        }
    }

    @Test
    void anImageThatExistsIsNeitherTestedNorPushed() {
        for (Set<Stage> leftOut : StageTable.choicesOfTests()) {
            assertThat(FormStages.ofExisting(form(leftOut, true, LastStage.LIVE)))
                    .isEqualTo(StageTable.expected(
                            Stage.ACCEPT_LIVE, and(leftOut, Stage.PREFLIGHT, Stage.UNIT, Stage.CONTAINER, Stage.PUSH)));
        }
    }
}
