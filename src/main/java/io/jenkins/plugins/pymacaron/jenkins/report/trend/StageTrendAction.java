package io.jenkins.plugins.pymacaron.jenkins.report.trend;

import hudson.model.InvisibleAction;
import hudson.model.Job;

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
        return StagePoint.newest(job.getLastCompletedBuild(), 2, StageTrendActionFactory.SEARCHED)
                        .size()
                > 1;
    }

    /** A job without tests has nothing to draw there. */
    public boolean isTested() {
        return StagePoint.newest(job.getLastCompletedBuild(), 2, StageTrendActionFactory.SEARCHED).stream()
                .anyMatch(p -> p.stages().anyMatch(s -> s.getTotal() > 0));
    }
}
