package io.jenkins.plugins.pymacaron.jenkins.history;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.pymacaron.jenkins.agent.UnfinishedStage;
import java.util.Optional;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A stage that was interrupted, or that no stage followed, and that is not undone yet, for the page. */
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

    /** Returns the view. @return empty if it is of another job, or of a build that goes on */
    static Optional<UnfinishedView> of(UnfinishedStage stage, Job<?, ?> job) {
        if (!stage.isOf(job)) {
            return Optional.empty();
        }
        String build = stage.getBuild();
        int number = Integer.parseInt(build.substring(build.lastIndexOf('#') + 1));
        Run<?, ?> named = job.getBuildByNumber(number);
        // Another build may have been given the number since.
        Run<?, ?> its = named != null && stage.isOf(named) ? named : null;
        return its != null && its.isBuilding() ? Optional.empty() : Optional.of(new UnfinishedView(stage, number, its));
    }

    /** Returns the name of the stage for users. */
    @NonNull
    @Exported
    public String getStage() {
        return stage.getOrder().getTitle();
    }

    @Exported
    public int getNumber() {
        return number;
    }

    /** Returns the build, while it is kept. */
    @CheckForNull
    public Run<?, ?> getBuild() {
        return build;
    }

    /** Returns whether the stage itself was interrupted; otherwise no stage followed it. */
    @Exported
    public boolean isCutOff() {
        return stage.isCutOff();
    }

    /** Returns what it has left to the next stage, on one line; empty for an interrupted one. */
    @NonNull
    @Exported
    public String getLeaves() {
        return stage.isCutOff() ? "" : String.join("; ", stage.getLeaves());
    }

    /** Returns why it could not be undone yet, one line; empty while it is being undone. */
    @NonNull
    @Exported
    public String getProblem() {
        return stage.getProblem();
    }
}
