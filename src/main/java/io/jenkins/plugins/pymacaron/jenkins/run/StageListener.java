package io.jenkins.plugins.pymacaron.jenkins.run;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionPoint;
import hudson.model.Run;

/** Hears of every stage that has ended, after it was recorded in its build. */
public interface StageListener extends ExtensionPoint {
    /** In the thread that ended the stage; what it throws is logged and spoils nothing. */
    void onStageEnded(@NonNull Run<?, ?> run, @NonNull ServiceRun service, @NonNull StageRecord stage);
}
