package io.jenkins.plugins.pymacaron.jenkins.history;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Action;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.User;
import hudson.triggers.TimerTrigger;
import io.jenkins.plugins.pymacaron.jenkins.report.Delivery;
import io.jenkins.plugins.pymacaron.jenkins.report.Story;
import java.util.Objects;
import org.jenkinsci.plugins.workflow.support.steps.input.ApproverAction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The person that a history names, for each way in which a build can begin; branch indexing is in MultibranchTest. */
@WithJenkins
class BuildStarterTest {
    private static JenkinsRule j;

    @BeforeAll
    static void boot(JenkinsRule rule) {
        j = rule;
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        User.getById("ada", true).setFullName("Ada Lovelace");
    }

    @Test
    void peopleAreNamed() throws Exception {
        assertThat(by(new CauseAction(new Cause.UserIdCause("ada")))).isEqualTo("Ada Lovelace");
        assertThat(by(new CauseAction(new Cause.UserIdCause("ada")), new ApproverAction("ada")))
                .as("approved by the same")
                .isEqualTo("Ada Lovelace");
        assertThat(by(
                        new CauseAction(new Cause.UserIdCause("ada")),
                        new ApproverAction("grace"),
                        new ApproverAction("grace"),
                        new ApproverAction("joan")))
                .isEqualTo("Ada Lovelace, approved by grace, joan");
    }

    @Test
    void triggersAreNamedWithWhoWroteTheCommit() throws Exception {
        assertThat(by(new CauseAction(new TimerTrigger.TimerTriggerCause())))
                .isEqualTo("Started by timer, after a commit by Grace Hopper");
        assertThat(by(new CauseAction(new Cause.RemoteCause("forge.example", "a push")), new ApproverAction("ada")))
                .isEqualTo("Started by remote host forge.example with note: a push, after a commit by Grace Hopper,"
                        + " approved by Ada Lovelace");
    }

    @Test
    void chainsOfBuildsAreNamedWithTheirBeginning() throws Exception {
        FreeStyleProject first = j.createFreeStyleProject();
        FreeStyleBuild byAda = j.assertBuildStatusSuccess(first.scheduleBuild2(0, new Cause.UserIdCause("ada")));
        FreeStyleProject second = j.createFreeStyleProject();
        FreeStyleBuild between = j.assertBuildStatusSuccess(second.scheduleBuild2(0, new Cause.UpstreamCause(byAda)));
        FreeStyleBuild byTimer =
                j.assertBuildStatusSuccess(first.scheduleBuild2(0, new TimerTrigger.TimerTriggerCause()));

        assertThat(by(new CauseAction(new Cause.UpstreamCause((hudson.model.Run<?, ?>) between))))
                .startsWith("Started by upstream project")
                .endsWith(", begun by Ada Lovelace");
        assertThat(by(new CauseAction(new Cause.UpstreamCause((hudson.model.Run<?, ?>) byTimer))))
                .startsWith("Started by upstream project")
                .endsWith(", after a commit by Grace Hopper");
    }

    private static String by(Action... actions) throws Exception {
        FreeStyleProject job = j.createFreeStyleProject();
        Delivery.prepare(job, Story.shipped(1, "1"));
        j.assertBuildStatusSuccess(
                Objects.requireNonNull(job.scheduleBuild2(0, null, actions)).get());
        return DeploymentHistory.of(job).entries().get(0).by();
    }
}
