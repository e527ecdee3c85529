package io.jenkins.plugins.pymacaron.jenkins.report.trend;

import hudson.model.InvisibleAction;
import hudson.model.Job;
import java.util.List;

/** The charts beside the builds of a job: tests and durations of each stage. */
public final class StageTrendAction extends InvisibleAction {
    private final Job<?, ?> job;

    StageTrendAction(Job<?, ?> job) {
        this.job = job;
    }

    /** For the view. */
    public StageTrend getTests() {
        return StageTrend.tests(job);
    }

    public StageTrend getDurations() {
        return StageTrend.durations(job);
    }

    /** A single point is no trend. */
    public boolean isShown() {
        return recent().size() > 1;
    }

    /** A job without tests has nothing to draw there, nor has one whose builds only roll back. */
    public boolean isTested() {
        return StagePoint.tested(recent()).size() > 1;
    }

    private List<StagePoint> recent() {
        return StagePoint.newest(
                job.getLastCompletedBuild(), StageTrendActionFactory.SEARCHED, StageTrendActionFactory.SEARCHED);
    }
}
