package io.jenkins.plugins.pymacaron.jenkins.run;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionPoint;
import hudson.model.Run;
import java.io.IOException;

/** Hears of every stage that has ended, after it was recorded in its build. */
public interface StageListener extends ExtensionPoint {
    /**
     * In the thread that ended the stage. It may hear of the same one again, after a restart or when another one could not
     * write it down. What it throws besides is logged and spoils nothing.
     *
     * @throws IOException if it could not write down what must not be lost: it is told again later
     */
    void onStageEnded(@NonNull Run<?, ?> run, @NonNull ServiceRun service, @NonNull StageRecord stage)
            throws IOException;
}
