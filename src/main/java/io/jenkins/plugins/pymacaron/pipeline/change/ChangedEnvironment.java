package io.jenkins.plugins.pymacaron.pipeline.change;

import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun.Place;
import io.jenkins.plugins.pymacaron.pipeline.state.ServingState;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import java.io.IOException;

/** An environment that a run may have changed, as {@link OutcomeVerifier} looks at it. */
public interface ChangedEnvironment {
    Place place();

    /** Whether the run has begun to change what serves there. */
    boolean touched() throws IOException;

    /** How it stood before. */
    ServingState standing() throws StageFailedException, IOException, InterruptedException;

    /** Whether the run has made that deployment serve, or was about to. */
    boolean isOurs(Deployed deployed) throws IOException;

    default String environment() {
        return place().environment().name();
    }
}
