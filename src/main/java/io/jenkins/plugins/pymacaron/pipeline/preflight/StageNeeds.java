package io.jenkins.plugins.pymacaron.pipeline.preflight;

import io.jenkins.plugins.pymacaron.pipeline.contract.NextStepAdvice;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageSpec;
import io.jenkins.plugins.pymacaron.pipeline.preflight.Preflight.Need;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunProgress;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** The needs of a single stage on the agent that it runs on. */
public final class StageNeeds {
    /**
     * The stages during which an environment must not change otherwise; a failed acceptance of staging, or pre_promote,
     * changes it too.
     */
    private static final Set<Stage> ALONE = EnumSet.of(
            Stage.STAGING, Stage.ACCEPT_STAGING, Stage.PRE_PROMOTE, Stage.PROMOTE, Stage.ACCEPT_LIVE, Stage.ROLLBACK);

    private StageNeeds() {}

    /** Returns whether the stage needs its environments for itself. */
    public static boolean isAlone(Stage stage) {
        return ALONE.contains(stage);
    }

    public static Preflight preflight(
            StageSpec spec, Set<Need> needs, Map<String, String> inherited, RunProgress progress) throws IOException {
        Set<Need> all = EnumSet.copyOf(needs);
        if (spec.asked("withoutSecrets").isPresent()) {
            // A stranger's change request gets no secrets, and is tested as far as possible without them.
            all.remove(Need.SECRETS);
        }
        return new Preflight(spec.toRequest(true), inherited, progress)
                .only(all)
                .hiding(spec.secrets())
                .advising(NextStepAdvice.PIPELINE)
                .knownCommit(!spec.stage().equals("config"));
    }

    /** Returns the needs of a stage. @param last whether nothing is accepted after it */
    public static Set<Need> of(Stage stage, boolean last) {
        Set<Need> needs = of(stage);
        if (last) {
            needs.remove(Need.PYTHON_APART);
        }
        return needs;
    }

    private static Set<Need> of(Stage stage) {
        return switch (stage) {
            case PREFLIGHT -> EnumSet.allOf(Need.class);
            case UNIT -> EnumSet.of(Need.SECRETS, Need.PYTHON);
            case BUILD -> EnumSet.of(Need.BUILDER, Need.REGISTRY, Need.IMAGE);
            case CONTAINER -> EnumSet.of(Need.SECRETS, Need.CONTAINER, Need.REGISTRY, Need.PYTHON);
            case PUSH -> EnumSet.of(Need.BUILDER, Need.REGISTRY);
            case STAGING -> EnumSet.of(Need.SECRETS, Need.ENGINE, Need.REGISTRY, Need.PLACES, Need.CHANGES);
            case PROMOTE ->
                EnumSet.of(Need.SECRETS, Need.ENGINE, Need.REGISTRY, Need.PLACES, Need.CHANGES, Need.PYTHON_APART);
            case ACCEPT_STAGING, ACCEPT_LIVE -> EnumSet.of(Need.SECRETS, Need.ENGINE, Need.PYTHON, Need.PLACES);
            case PRE_PROMOTE -> EnumSet.of(Need.SECRETS, Need.PLACES, Need.PRE_PROMOTE);
            case ROLLBACK -> EnumSet.of(Need.SECRETS, Need.ENGINE, Need.PLACES);
        };
    }
}
