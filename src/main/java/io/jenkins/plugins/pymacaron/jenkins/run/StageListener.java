package io.jenkins.plugins.pymacaron.jenkins.run;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionPoint;
import hudson.model.Run;
import java.io.IOException;

/** Is told of every stage that has ended, after it was recorded in its build. */
public interface StageListener extends ExtensionPoint {
    /**
     * Handles the end of a stage, in the thread that ended it. It may be called again for the same stage, after a
     * restart or when another listener could not write it down. Other exceptions are logged and do no harm.
     *
     * @throws IOException if it could not write down what must not be lost: it is told again later
     */
    void onStageEnded(@NonNull Run<?, ?> run, @NonNull ServiceRun service, @NonNull StageRecord stage)
            throws IOException;
}
