package io.jenkins.plugins.pymacaron.pipeline.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.preflight.Preflight.Need;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests the needs of a single stage on its agent. */
class StageNeedsTest {
    private static final Set<Stage> CHANGING = EnumSet.of(
            Stage.STAGING, Stage.ACCEPT_STAGING, Stage.PRE_PROMOTE, Stage.PROMOTE, Stage.ACCEPT_LIVE, Stage.ROLLBACK);

    @ParameterizedTest
    @EnumSource
    void onlyStagesThatMayChangeAnEnvironmentNeedItForThemselves(Stage stage) {
        assertThat(StageNeeds.isAlone(stage)).isEqualTo(CHANGING.contains(stage));
        assertThat(StageNeeds.of(stage, false).contains(Need.PLACES))
                .isEqualTo(CHANGING.contains(stage) || stage == Stage.PREFLIGHT);
    }

    @ParameterizedTest
    @EnumSource
    void onlyStagesThatTestNeedPython(Stage stage) {
        boolean tests = EnumSet.of(
                        Stage.PREFLIGHT, Stage.UNIT, Stage.CONTAINER, Stage.ACCEPT_STAGING, Stage.ACCEPT_LIVE)
                .contains(stage);
        assertThat(StageNeeds.of(stage, false).contains(Need.PYTHON)).isEqualTo(tests);
    }

    @Test
    void aPreflightNeedsEverything() {
        assertThat(StageNeeds.of(Stage.PREFLIGHT, false)).containsExactlyInAnyOrder(Need.values());
    }

    @Test
    void aPromotionThatNothingAcceptsNeedsNoPython() {
        assertThat(StageNeeds.of(Stage.PROMOTE, false)).contains(Need.PYTHON_APART);
        assertThat(StageNeeds.of(Stage.PROMOTE, true)).doesNotContain(Need.PYTHON_APART);
    }

    @Test
    void aRollbackNeedsNeitherRegistryNorTests() {
        assertThat(StageNeeds.of(Stage.ROLLBACK, false))
                .containsExactlyInAnyOrder(Need.SECRETS, Need.ENGINE, Need.PLACES);
    }

    @Test
    void unitTestsNeedNoEngine() {
        assertThat(StageNeeds.of(Stage.UNIT, false)).containsExactlyInAnyOrder(Need.SECRETS, Need.PYTHON);
    }
}
