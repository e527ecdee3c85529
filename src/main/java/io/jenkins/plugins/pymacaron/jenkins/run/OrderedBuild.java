package io.jenkins.plugins.pymacaron.jenkins.run;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.AbstractBuild;
import hudson.model.InvisibleAction;
import hudson.model.Run;

/**
 * Marks a build whose actions {@code pymacaronDeploy} decides, and which has already looked for pauses of its
 * environments.
 */
public final class OrderedBuild extends InvisibleAction {
    /**
     * Returns whether the build does what a {@link RollbackRequest} asks for, and nothing else: the builds of
     * {@code pymacaronDeploy} and of the freestyle builder do. A Pipeline of single steps runs its own steps.
     */
    public static boolean obeysRequests(@NonNull Run<?, ?> run) {
        return run instanceof AbstractBuild || run.getAction(OrderedBuild.class) != null;
    }
}
