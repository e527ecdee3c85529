package io.jenkins.plugins.pymacaron.jenkins.report;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.Run;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import java.util.Collection;
import java.util.List;
import jenkins.model.TransientActionFactory;

/** Adds the Acceptance page to every build that has tested something. */
@Extension
public final class AcceptanceActionFactory extends TransientActionFactory<Run<?, ?>> {
    @Override
    @SuppressWarnings({"unchecked", "rawtypes"})
    public Class<Run<?, ?>> type() {
        return (Class) Run.class;
    }

    /** Without it, a search for the build's own record would come back here without end. */
    @Override
    public Class<? extends Action> actionType() {
        return AcceptanceAction.class;
    }

    @NonNull
    @Override
    public Collection<? extends Action> createFor(@NonNull Run<?, ?> run) {
        boolean tested = PymacaronRun.find(run).stream()
                .flatMap(r -> r.getServices().stream())
                .flatMap(s -> s.getStages().stream())
                .anyMatch(AcceptanceSection::isOne);
        return tested ? List.of(new AcceptanceAction(run)) : List.of();
    }
}
