package io.jenkins.plugins.pymacaron.jenkins.history;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.Run;
import io.jenkins.plugins.pymacaron.jenkins.run.CommitLink;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.jenkins.run.RollbackRequest;
import io.jenkins.plugins.pymacaron.jenkins.run.ServiceRun;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jenkins.model.TransientActionFactory;

/** The changes that a build planned, in order, beside the state before: before its stages began, or instead of them. */
public final class PlanAction implements Action {
    /** Its path below the build. */
    public static final String URL = "plan";

    private final Run<?, ?> run;

    PlanAction(Run<?, ?> run) {
        this.run = run;
    }

    @NonNull
    public Run<?, ?> getRun() {
        return run;
    }

    /** Returns the services with a plan. */
    @NonNull
    public List<ServiceRun> getServices() {
        return planned(run);
    }

    @NonNull
    public List<PlanPart> getParts(@NonNull ServiceRun service) {
        return PlanPart.of(service.getPlan());
    }

    /** Returns the planned commit with its page in the SCM's browser. */
    @NonNull
    public CommitLink getCommit(@NonNull ServiceRun service) {
        return CommitLink.of(run, service.getCommit());
    }

    /** Returns the commits that were not live when the service was planned, for each version that served there. */
    @NonNull
    public Collection<CommitDifferences> getChanges(@NonNull ServiceRun service) throws IOException {
        Map<String, CommitDifferences> all = new TreeMap<>();
        // A rollback brings back a version that has no commit of this build.
        if (RollbackRequest.of(run).isEmpty()) {
            for (String live : service.getLiveEnvironments()) {
                CommitDifferences.upTo(run, live)
                        .filter(c -> PlanPart.isServing(
                                service.getPlan(), live, c.getFrom().version()))
                        .ifPresent(c -> all.put(c.getFrom().version(), c));
            }
        }
        return all.values();
    }

    @Override
    public String getIconFileName() {
        return "symbol-list-outline plugin-ionicons-api";
    }

    @Override
    public String getDisplayName() {
        return Messages.PlanAction_displayName();
    }

    @Override
    public String getUrlName() {
        return URL;
    }

    private static List<ServiceRun> planned(Run<?, ?> run) {
        return PymacaronRun.find(run).map(PymacaronRun::getServices).orElse(List.of()).stream()
                .filter(service -> !service.getPlan().isEmpty())
                .toList();
    }

    /** Adds the page to every build that has planned something. */
    @Extension
    public static final class Factory extends TransientActionFactory<Run<?, ?>> {
        @Override
        @SuppressWarnings({"unchecked", "rawtypes"})
        public Class<Run<?, ?>> type() {
            return (Class) Run.class;
        }

        /** Without it, a search for the build's own record would come back here without end. */
        @Override
        public Class<? extends Action> actionType() {
            return PlanAction.class;
        }

        @NonNull
        @Override
        public Collection<? extends Action> createFor(@NonNull Run<?, ?> run) {
            return planned(run).isEmpty() ? List.of() : List.of(new PlanAction(run));
        }
    }
}
