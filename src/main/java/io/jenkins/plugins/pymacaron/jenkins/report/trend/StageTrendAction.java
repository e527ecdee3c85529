package io.jenkins.plugins.pymacaron.jenkins.report.trend;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.InvisibleAction;
import hudson.model.Job;
import hudson.tasks.test.TestResultProjectAction;
import java.util.ArrayList;
import java.util.List;

/** The card of trends on the page of a job: durations and tests of each stage. */
public final class StageTrendAction extends InvisibleAction {
    private final Job<?, ?> job;

    StageTrendAction(Job<?, ?> job) {
        this.job = job;
    }

    /**
     * Returns the charts of the card. The junit plugin's own trend shows the numbers of passed and failed tests where
     * it exists.
     */
    @NonNull
    public List<StageTrend> getTrends() {
        List<StageTrend> trends = new ArrayList<>();
        trends.add(StageTrend.durations(job));
        if (isTested() && job.getAction(TestResultProjectAction.class) == null) {
            trends.add(StageTrend.tests(job));
        }
        return trends;
    }

    /** Returns whether to show a chart; a single point is no trend. */
    public boolean isShown() {
        return recent().size() > 1;
    }

    /** Returns whether to draw tests: a job without tests has none to draw, nor has one whose builds only roll back. */
    public boolean isTested() {
        return StagePoint.tested(recent()).size() > 1;
    }

    private List<StagePoint> recent() {
        return StagePoint.newest(
                job.getLastCompletedBuild(), StageTrendActionFactory.SEARCHED, StageTrendActionFactory.SEARCHED);
    }
}
