package io.jenkins.plugins.pymacaron.jenkins.lock;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.InvisibleAction;
import hudson.model.Run;
import java.util.Collection;
import java.util.List;
import jenkins.model.TransientActionFactory;

/** Shows on the page of a build for what it waits, and after whom. */
public final class WaitingAction extends InvisibleAction {
    private final Run<?, ?> run;

    WaitingAction(Run<?, ?> run) {
        this.run = run;
    }

    @NonNull
    public List<QueuePosition> getPlaces() {
        return EnvironmentQueue.get().places(run);
    }

    /** Builds that go on may wait. */
    @Extension
    public static final class Factory extends TransientActionFactory<Run<?, ?>> {
        @Override
        @SuppressWarnings({"unchecked", "rawtypes"})
        public Class<Run<?, ?>> type() {
            return (Class) Run.class;
        }

        /** So that nobody who looks for another action asks the queue. */
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
