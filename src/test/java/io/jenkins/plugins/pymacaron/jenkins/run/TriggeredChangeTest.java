package io.jenkins.plugins.pymacaron.jenkins.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.dabsquared.gitlabjenkins.cause.GitLabWebHookCause;
import com.dabsquared.gitlabjenkins.cause.GitLabWebHookCause.ActionType;
import com.sonyericsson.hudson.plugins.gerrit.trigger.hudsontrigger.GerritCause;
import hudson.model.Action;
import hudson.model.Cause;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.StringParameterDefinition;
import hudson.model.StringParameterValue;
import hudson.model.TaskListener;
import hudson.triggers.SCMTrigger;
import io.jenkins.plugins.pymacaron.jenkins.config.Defaults;
import io.jenkins.plugins.pymacaron.jenkins.config.PymacaronFolderProperty;
import org.jenkinsci.plugins.ghprb.GhprbCause;
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
        job.addProperty(new ParametersDefinitionProperty(new StringParameterDefinition("ghprbPullId", "")));
    }

    private static FreeStyleBuild build(FreeStyleProject of, Cause cause, Action... more) throws Exception {
        return j.assertBuildStatusSuccess(of.scheduleBuild2(0, cause, more));
    }

    private static BuildOrigin origin(FreeStyleBuild build) throws Exception {
        return BuildOrigin.of(build, TaskListener.NULL);
    }

    private static void assertMay(Cause cause) throws Exception {
        assertThat(origin(build(job, cause))).as(cause.getShortDescription()).satisfies(origin -> {
            assertThat(origin.isTrusted()).isTrue();
            assertThat(origin.mayShip()).isTrue();
            assertThat(origin.mayGoLive(java.util.List.of())).isTrue();
        });
    }

    private static void assertMayNot(FreeStyleBuild build, String name) throws Exception {
        assertThat(origin(build)).as(name).satisfies(origin -> {
            assertThat(origin.isTrusted()).isFalse();
            assertThat(origin.mayShip()).isFalse();
            assertThat(origin.mayGoLive(java.util.List.of())).isFalse();
            assertThat(origin.mayGoLive(java.util.List.of("*"))).isFalse();
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
