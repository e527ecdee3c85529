package io.jenkins.plugins.pymacaron.pipeline;

import java.io.IOException;

/** The work of one stage. */
@FunctionalInterface
interface StageBody {
    /** @return what came of it, one short line */
    String run() throws StageFailedException, IOException, InterruptedException;
}
