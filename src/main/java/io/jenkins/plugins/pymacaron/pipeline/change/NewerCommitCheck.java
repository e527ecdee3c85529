package io.jenkins.plugins.pymacaron.pipeline.change;

import io.jenkins.plugins.pymacaron.image.Ancestry;
import io.jenkins.plugins.pymacaron.image.Ancestry.Kinship;
import io.jenkins.plugins.pymacaron.pipeline.contract.NextStepAdvice;
import io.jenkins.plugins.pymacaron.pipeline.contract.Parameter;
import io.jenkins.plugins.pymacaron.pipeline.contract.RunRequest;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunProgress;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps an older commit from replacing a newer one that was faster. Git compares the commits; where it does not know
 * one of them, the order of the builds of a Jenkins job decides. An older commit is deployed only if the user asks
 * for it, or names an existing version; a rollback is not a deployment.
 */
public final class NewerCommitCheck {
    private final PreparedRun prepared;
    private final RunProgress progress;
    private final Ancestry ancestry;
    private final Set<String> said = new HashSet<>();

    public NewerCommitCheck(PreparedRun prepared, RunProgress progress) {
        this.prepared = prepared;
        this.progress = progress;
        ancestry = new Ancestry(prepared.source());
    }

    /** Checks before something changes. @throws StageFailedException when live serves a commit that contains ours */
    public void check(List<EnvironmentDeployment> live, NextStepAdvice advice)
            throws StageFailedException, IOException, InterruptedException {
        RunRequest request = prepared.request();
        if (request.is(Parameter.ALLOW_OLDER) || request.version().isPresent()) {
            return;
        }
        for (EnvironmentDeployment lane : live) {
            // A change that this run has begun itself is completed.
            Optional<Deployed> now = lane.touched() ? Optional.empty() : current(lane);
            if (now.isPresent()) {
                check(lane, now.get(), advice);
            }
        }
    }

    private void check(EnvironmentDeployment lane, Deployed now, NextStepAdvice advice)
            throws StageFailedException, IOException, InterruptedException {
        Kinship kinship = ancestry.to(now.commit());
        if (kinship == Kinship.OLDER) {
            throw new StageFailedException(
                    RunOutcome.SUPERSEDED,
                    now.version() + " serves in " + lane.environment() + ", of commit " + short6(now.commit())
                            + ", which contains this commit "
                            + prepared.source().sha6()
                            + " and so is newer; it stays. " + advice.set(Parameter.ALLOW_OLDER)
                            + " deploys the older one all the same");
        }
        // The agent may not have the newer commit, nor the credentials to fetch it; the controller knows its own
        // builds.
        if (kinship == Kinship.UNKNOWN && prepared.request().isOfLaterBuild(now.version())) {
            throw new StageFailedException(
                    RunOutcome.SUPERSEDED,
                    now.version() + " serves in " + lane.environment()
                            + ", which a later build of this job has promoted; it stays. "
                            + advice.set(Parameter.ALLOW_OLDER) + " deploys this commit "
                            + prepared.source().sha6() + " all the same");
        }
        if (kinship == Kinship.UNKNOWN && said.add(lane.environment() + now.commit())) {
            progress.say("Whether " + now.version() + ", which serves in " + lane.environment()
                    + ", is newer than this commit is not known: "
                    + (now.commit().isEmpty()
                            ? "it does not say of which commit it is"
                            : "the history up to its commit " + short6(now.commit())
                                    + " is neither in this clone nor available from origin"));
        }
    }

    private static String short6(String commit) {
        return commit.substring(0, Math.min(6, commit.length()));
    }

    private static Optional<Deployed> current(EnvironmentDeployment lane)
            throws StageFailedException, InterruptedException {
        try {
            return lane.place().target().glance();
        } catch (TargetException e) {
            throw new StageFailedException(RunOutcome.DEPLOY_FAILED, e.getMessage(), e);
        }
    }
}
