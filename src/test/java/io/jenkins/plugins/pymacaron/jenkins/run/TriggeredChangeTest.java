package io.jenkins.plugins.pymacaron.jenkins.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.dabsquared.gitlabjenkins.cause.GitLabWebHookCause;
import com.dabsquared.gitlabjenkins.cause.GitLabWebHookCause.ActionType;
import com.sonyericsson.hudson.plugins.gerrit.trigger.hudsontrigger.GerritCause;
import hudson.model.Action;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.ParameterDefinition;
import hudson.model.ParameterValue;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.Run;
import hudson.model.StringParameterDefinition;
import hudson.model.StringParameterValue;
import hudson.model.TaskListener;
import hudson.triggers.SCMTrigger;
import io.jenkins.plugins.pymacaron.jenkins.config.Defaults;
import io.jenkins.plugins.pymacaron.jenkins.config.PymacaronFolderProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jenkinsci.plugins.ghprb.GhprbCause;
import org.jenkinsci.plugins.pipeline.modeldefinition.causes.RestartDeclarativePipelineCause;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayAction;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Jobs without branches, and what has triggered their builds. */
@WithJenkins
class TriggeredChangeTest {
    private static JenkinsRule j;
    private static FreeStyleProject job;

    @BeforeAll
    static void jenkins(JenkinsRule rule) throws Exception {
        j = rule;
        job = j.createFreeStyleProject("plain");
        job.addProperty(new ParametersDefinitionProperty(
                Stream.of("ghprbPullId", "pullRequestId", "GERRIT_CHANGE_NUMBER", "GERRIT_EVENT_TYPE")
                        .<ParameterDefinition>map(name -> new StringParameterDefinition(name, ""))
                        .toList()));
    }

    private static FreeStyleBuild build(FreeStyleProject of, Cause cause, Action... more) throws Exception {
        return j.assertBuildStatusSuccess(of.scheduleBuild2(0, cause, more));
    }

    private static ParametersAction parameters(String... namesAndValues) {
        List<ParameterValue> values = new ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.add(new StringParameterValue(namesAndValues[i], namesAndValues[i + 1]));
        }
        return new ParametersAction(values);
    }

    private static WorkflowRun replay(WorkflowRun original) throws Exception {
        Object replayed = original.getAction(ReplayAction.class)
                .run("echo 'again'", Map.of())
                .get();
        return j.assertBuildStatusSuccess(j.waitForCompletion((WorkflowRun) replayed));
    }

    private static BuildOrigin origin(Run<?, ?> build) throws Exception {
        return BuildOrigin.of(build, TaskListener.NULL);
    }

    private static void assertMay(Cause cause) throws Exception {
        assertThat(origin(build(job, cause))).as(cause.getShortDescription()).satisfies(origin -> {
            assertThat(origin.isTrusted()).isTrue();
            assertThat(origin.mayShip()).isTrue();
            assertThat(origin.mayGoLive(List.of())).isTrue();
        });
    }

    private static void assertMayNot(Run<?, ?> build, String name) throws Exception {
        assertThat(origin(build)).as(name).satisfies(origin -> {
            assertThat(origin.isTrusted()).isFalse();
            assertThat(origin.mayShip()).isFalse();
            assertThat(origin.mayGoLive(List.of())).isFalse();
            assertThat(origin.mayGoLive(List.of("*"))).isFalse();
            assertThat(origin.name()).isEqualTo(name);
        });
    }

    @Test
    void commitsInTheRepositoryAreTrusted() throws Exception {
        assertMay(new Cause.UserIdCause());
        assertMay(new SCMTrigger.SCMTriggerCause(""));
        assertMay(new GitLabWebHookCause(ActionType.PUSH));
        assertMay(new GitLabWebHookCause(ActionType.TAG_PUSH));
        assertMay(new GerritCause("change-merged"));
        assertMay(new GerritCause("ref-updated"));
    }

    @Test
    void proposedCommitsAreNot() throws Exception {
        assertMayNot(build(job, new GhprbCause()), "GitHub pull request #7");
        assertMayNot(build(job, new GitLabWebHookCause(ActionType.MERGE)), "GitLab MERGE");
        assertMayNot(build(job, new GitLabWebHookCause(ActionType.NOTE)), "GitLab NOTE");
        assertMayNot(build(job, new GerritCause("patchset-created")), "Gerrit patchset-created");
        assertMayNot(build(job, new GerritCause("comment-added")), "Gerrit comment-added");
    }

    @Test
    void norWhatAUserBuildsAgainOrAnotherJobTriggers() throws Exception {
        FreeStyleBuild again = build(
                job, new Cause.UserIdCause(), new ParametersAction(new StringParameterValue("ghprbPullId", "12")));
        assertMayNot(again, "pull request 12");
        FreeStyleBuild upstream = build(j.createFreeStyleProject("upstream"), new GhprbCause());
        Cause.UpstreamCause first = new Cause.UpstreamCause(upstream);
        FreeStyleBuild middle = build(j.createFreeStyleProject("middle"), first);
        assertMayNot(middle, first.getShortDescription());
        Cause.UpstreamCause second = new Cause.UpstreamCause(middle);
        assertMayNot(build(job, second), second.getShortDescription());
    }

    @Test
    void norWhatAUserReplaysOrRestarts() throws Exception {
        WorkflowJob pipeline = j.createProject(WorkflowJob.class, "pipeline");
        pipeline.setDefinition(new CpsFlowDefinition("echo 'first'", true));
        WorkflowRun proposed = j.assertBuildStatusSuccess(
                pipeline.scheduleBuild2(0, new CauseAction(new GerritCause("patchset-created"))));
        WorkflowRun replayed = replay(proposed);
        assertMayNot(replayed, "Replayed #" + proposed.getNumber());
        WorkflowRun twice = replay(replayed);
        assertMayNot(twice, "Replayed #" + replayed.getNumber());
        Cause.UpstreamCause upstream = new Cause.UpstreamCause((Run<?, ?>) twice);
        assertMayNot(build(job, upstream), upstream.getShortDescription());
        replayed.delete();
        assertMayNot(twice, "Replayed #" + replayed.getNumber());

        Cause restarted = new RestartDeclarativePipelineCause(proposed, "Deploy");
        WorkflowRun again = j.assertBuildStatusSuccess(pipeline.scheduleBuild2(0, new CauseAction(restarted)));
        assertMayNot(again, restarted.getShortDescription());

        WorkflowRun own = j.assertBuildStatusSuccess(pipeline.scheduleBuild2(0));
        assertThat(origin(replay(own)).mayGoLive(List.of())).isTrue();
    }

    @Test
    void theParametersOfAChangeNameIt() throws Exception {
        Cause user = new Cause.UserIdCause();
        ParametersAction proposed = parameters("GERRIT_CHANGE_NUMBER", "5", "GERRIT_EVENT_TYPE", "patchset-created");
        FreeStyleBuild again = build(job, user, proposed);
        assertMayNot(again, "change 5");
        assertMayNot(build(job, user, parameters("GERRIT_CHANGE_NUMBER", "6")), "change 6");
        assertMayNot(build(job, user, parameters("pullRequestId", "8")), "pull request 8");
        Cause.UpstreamCause upstream = new Cause.UpstreamCause((Run<?, ?>) again);
        assertMayNot(build(j.createFreeStyleProject("downstream"), upstream), upstream.getShortDescription());

        ParametersAction merged = parameters("GERRIT_CHANGE_NUMBER", "5", "GERRIT_EVENT_TYPE", "change-merged");
        assertThat(origin(build(job, user, merged)).mayGoLive(List.of())).isTrue();
    }

    @Test
    void aFolderMayTrustThem() throws Exception {
        Folder folder = j.jenkins.createProject(Folder.class, "trusts");
        Defaults defaults = new Defaults();
        defaults.setTriggeredChangesTrusted(true);
        folder.addProperty(new PymacaronFolderProperty(defaults));
        FreeStyleBuild build = build(folder.createProject(FreeStyleProject.class, "inside"), new GhprbCause());
        assertThat(origin(build).isTrusted()).isTrue();
        assertThat(origin(build).mayShip()).isTrue();
    }
}
