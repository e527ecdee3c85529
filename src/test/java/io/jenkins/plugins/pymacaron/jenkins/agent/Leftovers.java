package io.jenkins.plugins.pymacaron.jenkins.agent;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.Run;
import java.io.File;
import java.io.IOException;

/** Stages that were cut off, and that no agent can undo. */
public final class Leftovers {
    private Leftovers() {}

    public static void ofPromotion(Run<?, ?> build) throws IOException {
        FilePath nowhere = new FilePath(new File("/nowhere"));
        UnfinishedStages.get()
                .begun(UnfinishedStage.of(StageOrder.of("promote"), build, "", nowhere, nowhere, new EnvVars()));
    }
}
