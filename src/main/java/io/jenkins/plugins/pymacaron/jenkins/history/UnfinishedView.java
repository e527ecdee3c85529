package io.jenkins.plugins.pymacaron.jenkins.history;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.pymacaron.jenkins.agent.UnfinishedStage;
import java.util.Optional;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A stage that was cut off, or that nothing followed, and that is not undone yet: as the page shows it. */
@ExportedBean(defaultVisibility = 2)
public final class UnfinishedView {
    private final UnfinishedStage stage;
    private final int number;

    @CheckForNull
    private final Run<?, ?> build;

    private UnfinishedView(UnfinishedStage stage, int number, Run<?, ?> build) {
        this.stage = stage;
        this.number = number;
        this.build = build;
    }

    /** @return empty if it is of another job, or of a build that goes on */
    static Optional<UnfinishedView> of(UnfinishedStage stage, Job<?, ?> job) {
        if (!stage.isOf(job)) {
            return Optional.empty();
        }
        String build = stage.getBuild();
        int number = Integer.parseInt(build.substring(build.lastIndexOf('#') + 1));
        Run<?, ?> named = job.getBuildByNumber(number);
        // The number may have been given to another one since.
        Run<?, ?> its = named != null && stage.isOf(named) ? named : null;
        return its != null && its.isBuilding() ? Optional.empty() : Optional.of(new UnfinishedView(stage, number, its));
    }

    /** As users see it. */
    @NonNull
    @Exported
    public String getStage() {
        return stage.getOrder().getTitle();
    }

    @Exported
    public int getNumber() {
        return number;
    }

    /** While it is kept. */
    @CheckForNull
    public Run<?, ?> getBuild() {
        return build;
    }

    /** Whether it was cut off itself; otherwise nothing came after it. */
    @Exported
    public boolean isCutOff() {
        return stage.isCutOff();
    }

    /** What it has left to the next stage, on one line; empty for one that was cut off. */
    @NonNull
    @Exported
    public String getLeaves() {
        return stage.isCutOff() ? "" : String.join("; ", stage.getLeaves());
    }

    /** Why it could not be undone yet, one line; empty if that is under way. */
    @NonNull
    @Exported
    public String getProblem() {
        return stage.getProblem();
    }
}
