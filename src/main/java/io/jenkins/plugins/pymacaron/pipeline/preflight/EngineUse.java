package io.jenkins.plugins.pymacaron.pipeline.preflight;

import io.jenkins.plugins.pymacaron.config.DeployTarget;
import io.jenkins.plugins.pymacaron.config.ProjectConfig;
import io.jenkins.plugins.pymacaron.pipeline.contract.RunRequest;
import io.jenkins.plugins.pymacaron.pipeline.preflight.Preflight.Need;
import java.util.Set;

/**
 * The use of an engine.
 *
 * @param reason the advice if no engine answers; empty where each run needs one
 */
record EngineUse(boolean needed, String reason) {
    /**
     * Returns the use for these needs. With {@code builder: layers} an engine is needed only for what runs in it. A
     * version that exists is looked for in an engine first, and pulled by one.
     *
     * @param back whether this is a rollback
     */
    static EngineUse of(Set<Need> needs, RunRequest request, ProjectConfig config, boolean back) {
        if (!config.base().buildsLayers() || request.version().isPresent()) {
            return new EngineUse(
                    needs.contains(Need.ENGINE) || needs.contains(Need.BUILDER) || needs.contains(Need.CONTAINER), "");
        }
        if (needs.contains(Need.ENGINE)
                && (request.deploy() || back)
                && config.slots().stream().anyMatch(slot -> slot.target() == DeployTarget.DOCKER)) {
            return new EngineUse(true, "builder: layers builds without it, and target: docker runs the service in it.");
        }
        boolean accepts = needs.contains(Need.CONTAINER) && request.tests() != RunRequest.Tests.NONE && !back;
        return new EngineUse(
                accepts, "builder: layers builds without it, and the stage Accept image runs the image in it.");
    }
}
