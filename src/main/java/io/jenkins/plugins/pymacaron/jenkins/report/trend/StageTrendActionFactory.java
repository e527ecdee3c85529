package io.jenkins.plugins.pymacaron.jenkins.report.trend;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.Job;
import java.util.Collection;
import java.util.List;
import jenkins.model.TransientActionFactory;

/** Adds the charts to each job in which a recent build ran a stage, after the versions in live and staging. */
@Extension(ordinal = 1)
public final class StageTrendActionFactory extends TransientActionFactory<Job<?, ?>> {
    /** These are in memory when a job's page is shown: its list of builds needs them too. */
    static final int SEARCHED = 10;

    @Override
    @SuppressWarnings({"unchecked", "rawtypes"})
    public Class<Job<?, ?>> type() {
        return (Class) Job.class;
    }

    /** Limits the searches that ask this factory: it is not asked for the actions of other plugins. */
    @Override
    public Class<? extends Action> actionType() {
        return StageTrendAction.class;
    }

    @NonNull
    @Override
    public Collection<? extends Action> createFor(@NonNull Job<?, ?> job) {
        return StagePoint.newest(job.getLastCompletedBuild(), 1, SEARCHED).isEmpty()
                ? List.of()
                : List.of(new StageTrendAction(job));
    }
}
