package io.jenkins.plugins.pymacaron.pipeline;

import io.jenkins.plugins.pymacaron.pipeline.Preflight.Need;
import java.util.EnumSet;
import java.util.Set;

/** What a stage alone asks of the agent that it runs on. */
final class StageNeeds {
    private StageNeeds() {}

    static Set<Need> of(Stage stage) {
        return switch (stage) {
            case PREFLIGHT -> EnumSet.allOf(Need.class);
            case UNIT -> EnumSet.of(Need.SECRETS, Need.PYTHON);
            case BUILD -> EnumSet.of(Need.ENGINE, Need.REGISTRY, Need.IMAGE);
            case CONTAINER -> EnumSet.of(Need.SECRETS, Need.ENGINE, Need.REGISTRY, Need.PYTHON);
            case PUSH -> EnumSet.of(Need.ENGINE, Need.REGISTRY);
            case STAGING, PROMOTE -> EnumSet.of(Need.SECRETS, Need.ENGINE, Need.REGISTRY, Need.PLACES, Need.CHANGES);
            case ACCEPT_STAGING, ACCEPT_LIVE -> EnumSet.of(Need.SECRETS, Need.ENGINE, Need.PYTHON, Need.PLACES);
            case PRE_PROMOTE -> EnumSet.of(Need.SECRETS, Need.PLACES);
            case ROLLBACK -> EnumSet.of(Need.SECRETS, Need.ENGINE, Need.PLACES);
        };
    }
}
