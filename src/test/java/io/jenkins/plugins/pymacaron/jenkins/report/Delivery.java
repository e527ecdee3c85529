package io.jenkins.plugins.pymacaron.jenkins.report;

import hudson.AbortException;
import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
import hudson.model.Cause;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOrder;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOutcome;
import io.jenkins.plugins.pymacaron.jenkins.run.RollbackRequest;
import java.io.IOException;
import java.util.Objects;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestBuilder;

/** Makes a job's next build record the results of stages as a real deployment does, without deploying anything. */
public final class Delivery extends TestBuilder {
    private transient Story story;

    /** Makes the job run these stages, and waits until it has. */
    public static FreeStyleBuild build(JenkinsRule j, FreeStyleProject job, Story story) throws Exception {
        prepare(job, story);
        FreeStyleBuild build = Objects.requireNonNull(job.scheduleBuild2(0, new Cause.UserIdCause()))
                .get();
        j.waitForCompletion(build);
        return build;
    }

    /** Sets the results of the next build, for any caller. */
    public static void prepare(FreeStyleProject job, Story story) throws IOException {
        Delivery delivery = job.getBuildersList().get(Delivery.class);
        if (delivery == null) {
            delivery = new Delivery();
            job.getBuildersList().add(delivery);
        }
        delivery.story = story;
    }

    @Override
    public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener)
            throws IOException, InterruptedException {
        record(build, story, listener);
        return true;
    }

    /** Records the results of stages in a build of any kind. */
    public static void record(Run<?, ?> build, Story story, TaskListener listener)
            throws IOException, InterruptedException {
        AbortException failure = null;
        for (String result : story.results()) {
            try {
                StageOrder order = StageOrder.of(Story.stageOf(result));
                String asked = RollbackRequest.of(build)
                        .map(RollbackRequest::getReason)
                        .orElse("");
                StageOutcome outcome = StageOutcome.of(
                        build,
                        null,
                        order.getStage().equals("rollback") ? order.because(asked) : order,
                        result,
                        listener);
                outcome.record();
                outcome.answer();
            } catch (AbortException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
