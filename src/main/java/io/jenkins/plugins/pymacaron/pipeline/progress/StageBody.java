package io.jenkins.plugins.pymacaron.pipeline.progress;

import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import java.io.IOException;

/** The work of one stage. */
@FunctionalInterface
public interface StageBody {
    /** Runs the stage. @return a summary of the result, one short line */
    String run() throws StageFailedException, IOException, InterruptedException;
}
