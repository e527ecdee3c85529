package io.jenkins.plugins.pymacaron.pipeline.change;

import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun.Place;
import io.jenkins.plugins.pymacaron.pipeline.state.ServingState;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import java.io.IOException;

/** An environment that a run may have changed, from the view of {@link OutcomeVerifier}. */
public interface ChangedEnvironment {
    Place place();

    /** Returns whether the run has begun to change the version that serves there. */
    boolean touched() throws IOException;

    /** Returns the state of the environment before. */
    ServingState standing() throws StageFailedException, IOException, InterruptedException;

    /** Returns whether the run has made that deployment serve, or was about to. */
    boolean isOurs(Deployed deployed) throws IOException;

    default String environment() {
        return place().environment().name();
    }
}
