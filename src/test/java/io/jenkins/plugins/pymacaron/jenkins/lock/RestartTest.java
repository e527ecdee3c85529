package io.jenkins.plugins.pymacaron.jenkins.lock;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Date;
import java.util.List;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.job.properties.DisableResumeJobProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

public class RestartTest {
    private static final String LIVE = "docker/hello/live";

    @RegisterExtension
    private final JenkinsSessionExtension session = new JenkinsSessionExtension();

    private Date asked;

    private static Date since(WorkflowRun run) {
        return EnvironmentQueue.get().places(run).get(0).getSince();
    }

    @Test
    void orderOutlivesARestart() throws Throwable {
        session.then(j -> {
            for (String name : new String[] {"first", "second", "third"}) {
                WorkflowRun run = job(j, name).scheduleBuild2(0).waitForStart();
                j.waitForMessage(name.equals("first") ? "has it" : "Waiting for it", run);
            }
            asked = since(build(j, "third"));
        });
        session.then(j -> {
            assertThat(EnvironmentQueue.get().holder(LIVE)).contains("first #1");
            WorkflowRun third = build(j, "third");
            assertThat(since(third)).as("since when it waits").isEqualTo(asked);
            proceed(j, build(j, "first"));
            j.waitForMessage("Proceed", build(j, "second"));
            assertThat(EnvironmentQueue.get().holder(LIVE)).contains("second #1");
            proceed(j, build(j, "second"));
            proceed(j, third);
            assertThat(EnvironmentQueue.get().holder(LIVE)).isEmpty();
        });
    }

    @Test
    void buildsThatDoNotGoOnHoldNothing() throws Throwable {
        session.then(j -> {
            WorkflowJob job = job(j, "first");
            job.addProperty(new DisableResumeJobProperty());
            j.waitForMessage("has it", job.scheduleBuild2(0).waitForStart());
            j.waitForMessage(
                    "Waiting for it", job(j, "second").scheduleBuild2(0).waitForStart());
        });
        session.then(j -> {
            assertThat(j.waitForCompletion(build(j, "first")).getResult()).isNotEqualTo(Result.SUCCESS);
            proceed(j, build(j, "second"));
            assertThat(EnvironmentQueue.get().holder(LIVE)).isEmpty();
        });
    }

    @Test
    void aDamagedFileFreesNoEnvironment() throws Throwable {
        session.then(j -> Files.writeString(file(j), "<list><half"));
        session.then(j -> {
            WorkflowJob job = job(j, "first");
            WorkflowRun refused = j.buildAndAssertStatus(Result.FAILURE, job);
            j.assertLogContains("ERROR: Cannot read " + file(j) + ", so it is not known which builds deploy.", refused);
            assertThat(EnvironmentQueue.get().tryTurn("first#1", List.of(LIVE))).isEmpty();
            assertThat(file(j)).as("for a look at it").hasContent("<list><half");

            Files.delete(file(j));
            WorkflowRun run = job.scheduleBuild2(0).waitForStart();
            proceed(j, run);
        });
    }

    private static Path file(JenkinsRule j) {
        return j.jenkins.getRootDir().toPath().resolve("io.jenkins.plugins.pymacaron.environments.xml");
    }

    private static WorkflowJob job(JenkinsRule j, String name) throws Exception {
        WorkflowJob job = j.createProject(WorkflowJob.class, name);
        job.setDefinition(new CpsFlowDefinition("hold '" + LIVE + "'; input 'has it'", true));
        return job;
    }

    private static WorkflowRun build(JenkinsRule j, String name) {
        return j.jenkins.getItemByFullName(name, WorkflowJob.class).getLastBuild();
    }

    private static void proceed(JenkinsRule j, WorkflowRun run) throws Exception {
        j.waitForMessage("has it", run);
        Inputs.proceed(run);
        j.assertBuildStatusSuccess(j.waitForCompletion(run));
    }

    @TestExtension
    public static HoldStep.DescriptorImpl hold() {
        return new HoldStep.DescriptorImpl();
    }
}
