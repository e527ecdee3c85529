package io.jenkins.plugins.pymacaron.pipeline;

import io.jenkins.plugins.pymacaron.pipeline.Prepared.Place;
import io.jenkins.plugins.pymacaron.target.Deployed;
import java.io.IOException;

/** An environment that a run may have changed, as {@link Aftermath} looks at it. */
interface ChangedPlace {
    Place place();

    /** Whether the run has begun to change what serves there. */
    boolean touched() throws IOException;

    /** How it stood before. */
    Standing standing() throws StageFailedException, IOException, InterruptedException;

    /** Whether the run has made that deployment serve, or was about to. */
    boolean isOurs(Deployed deployed) throws IOException;

    default String environment() {
        return place().environment().name();
    }
}
