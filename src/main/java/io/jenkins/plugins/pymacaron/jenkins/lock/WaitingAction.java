package io.jenkins.plugins.pymacaron.jenkins.lock;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.InvisibleAction;
import hudson.model.Run;
import java.util.Collection;
import java.util.List;
import jenkins.model.TransientActionFactory;

/** Shows on the page of a build what it waits for, and after which builds. */
public final class WaitingAction extends InvisibleAction {
    private final Run<?, ?> run;

    WaitingAction(Run<?, ?> run) {
        this.run = run;
    }

    @NonNull
    public List<QueuePosition> getPlaces() {
        return EnvironmentQueue.get().places(run);
    }

    /** Adds the action to running builds, which may wait. */
    @Extension
    public static final class Factory extends TransientActionFactory<Run<?, ?>> {
        @Override
        @SuppressWarnings({"unchecked", "rawtypes"})
        public Class<Run<?, ?>> type() {
            return (Class) Run.class;
        }

        /** Limits the searches that ask this factory: a search for another action must not ask the queue. */
        @Override
        public Class<? extends Action> actionType() {
            return WaitingAction.class;
        }

        @NonNull
        @Override
        public Collection<? extends Action> createFor(@NonNull Run<?, ?> run) {
            return run.isBuilding() ? List.of(new WaitingAction(run)) : List.of();
        }
    }
}
