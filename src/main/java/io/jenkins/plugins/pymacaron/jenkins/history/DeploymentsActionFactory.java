package io.jenkins.plugins.pymacaron.jenkins.history;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.Job;
import java.util.Collection;
import java.util.List;
import jenkins.model.TransientActionFactory;

/**
 * Adds the Deployments page to every job that has deployed something, or tried to; before the trends, on the job's
 * page.
 */
@Extension(ordinal = 2)
public final class DeploymentsActionFactory extends TransientActionFactory<Job<?, ?>> {
    @Override
    @SuppressWarnings({"unchecked", "rawtypes"})
    public Class<Job<?, ?>> type() {
        return (Class) Job.class;
    }

    /** Limits the searches that ask this factory: a search for another action must not wait for the disk. */
    @Override
    public Class<? extends Action> actionType() {
        return DeploymentsAction.class;
    }

    @NonNull
    @Override
    public Collection<? extends Action> createFor(@NonNull Job<?, ?> job) {
        DeploymentsAction action = new DeploymentsAction(job);
        boolean nothing = DeploymentHistory.of(job).isEmpty()
                && ServingEnvironments.get().by(job).isEmpty()
                && action.getUnfinished().isEmpty();
        return nothing ? List.of() : List.of(action);
    }
}
