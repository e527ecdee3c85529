package io.jenkins.plugins.pymacaron.jenkins.dsl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.model.Failure;
import hudson.model.Item;
import hudson.model.Result;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.slaves.DumbSlave;
import io.jenkins.plugins.pymacaron.FreePorts;
import io.jenkins.plugins.pymacaron.cli.CleanEngine;
import io.jenkins.plugins.pymacaron.cli.Service;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import io.jenkins.plugins.pymacaron.jenkins.credentials.Stores;
import io.jenkins.plugins.pymacaron.jenkins.history.PausedEnvironments;
import io.jenkins.plugins.pymacaron.jenkins.lock.Inputs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.support.steps.input.InputStepExecution;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Tests the effect of the parameters of {@code pymacaronDeploy} on a service in real containers. */
@WithJenkins
@ExtendWith(CleanEngine.class)
class OptionsTest {
    private static JenkinsRule j;
    private static DumbSlave agent;

    private Service service;

    @BeforeAll
    static void jenkins(JenkinsRule rule) throws Exception {
        j = rule;
        agent = rule.createOnlineSlave();
        agent.setLabelString("docker-engine");
        rule.jenkins.updateNode(agent);
        Jobs.prepare(rule);
    }

    @BeforeEach
    void service(@TempDir Path temporary) throws Exception {
        service = Service.in(temporary);
    }

    /** Another configuration, on an agent that has the label; and then a plan for the same, which leaves it alone. */
    @Test
    void environmentTargetAndLabelChooseWhere() throws Exception {
        int live = FreePorts.next();
        String config = Files.readString(service.directory().resolve("pym-config.yaml"));
        service.write(
                "pym-config.eu.yaml",
                config.replace(":" + Service.LIVE, ":" + live)
                        .replace("deploy_target: docker", "deploy_target: beanstalk"));
        String call = "pymacaronDeploy(%s, env: 'eu', target: 'docker', label: 'docker-engine', skip: ['unit',"
                + " 'container', 'staging', 'live'], timeouts: [staging: '2m', promote: '2m'],"
                + " secrets: [E2E_SECRET: 'e2e-secret'], plan: %s)";
        Stores.add(Stores.text("e2e-secret", "not so secret"));
        Jobs.withJenkinsfile(service, call.formatted(Jobs.python(), false));
        WorkflowJob job = Jobs.fromScm(j, "chosen", service);
        WorkflowRun run = j.buildAndAssertSuccess(job);
        assertThat(Service.answer(live)).isEqualTo("one");
        assertThat(Service.answer(Service.LIVE)).isEqualTo("nothing");
        j.assertLogContains("Running on " + agent.getNodeName(), run);

        service.content("two");
        Jobs.withJenkinsfile(service, call.formatted(Jobs.python(), true));
        WorkflowRun plan = j.buildAndAssertSuccess(job);
        assertThat(Flow.stages(plan)).containsExactly("Preflight");
        assertThat(Service.answer(live)).isEqualTo("one");
        assertThat(Service.answer(Service.STAGING)).isEqualTo("one");
        assertPreflight(plan, live);
    }

    /** Checks that the console names all that the preflight of another environment has found. */
    private static void assertPreflight(WorkflowRun run, int live) throws Exception {
        String staging = "docker/" + Service.NAME + "@eu/staging, where " + Service.version(Service.STAGING);
        String served = "docker/" + Service.NAME + "@eu/live, where " + Service.version(live);
        assertThat(Consoles.console(run).lines().toList())
                .contains(
                        "Tests that are skipped (skip): unit, container, staging, live.",
                        "Credentials: E2E_SECRET by 'e2e-secret'",
                        "Service " + Service.NAME + " of pym-config.eu.yaml, to docker",
                        "Image: " + RealDocker.variable("PYM_TEST_REGISTRY") + "/e2e/" + Service.NAME)
                .anyMatch(line -> line.matches("Tests: " + Pattern.quote(RealDocker.variable("PYM_TEST_PYTHON"))
                        + " \\(Python [\\d.]+, (pytest [\\d.]+|unittest, for want of pytest)\\)"))
                .anyMatch(line -> line.startsWith(staging + " serves at "))
                .anyMatch(line -> line.startsWith(served + " serves at "));
    }

    @Test
    void aFailedVersionIsKeptIfAskedFor() throws Exception {
        Jobs.withJenkinsfile(
                service,
                "pymacaronDeploy(%s, skip: ['unit', 'container', 'staging'], keepFailed: true)"
                        .formatted(Jobs.python()));
        WorkflowJob job = Jobs.fromScm(j, "kept", service);
        j.buildAndAssertSuccess(job);
        service.content("two").at(Service.NAME + "-live", "exit 1").commit("two");
        j.buildAndAssertStatus(Result.FAILURE, job);
        assertThat(Service.live()).isEqualTo("one");
        assertThat(Service.containers())
                .filteredOn(c -> !c.running())
                .as("stopped, to be looked at")
                .isNotEmpty();
    }

    @Test
    void aPauseIsSaidBeforeAnyWork() throws Exception {
        String live = "docker/" + Service.NAME + "/live";
        Jobs.withJenkinsfile(service, "pymacaronDeploy(" + Jobs.python() + ")");
        WorkflowJob job = Jobs.fromScm(j, "paused", service);
        PausedEnvironments.get().pause(live, job, "Anna");
        try {
            WorkflowRun refused = j.buildAndAssertStatus(Result.FAILURE, job);
            j.assertLogContains("Deployments to " + live + " were paused by Anna", refused);
            assertThat(Flow.stages(refused)).containsExactly("Preflight!");

            // The plan changes nothing, and an approval may come once it is over.
            Jobs.withJenkinsfile(service, "pymacaronDeploy(" + Jobs.python() + ", plan: true)");
            j.buildAndAssertSuccess(job);
            Jobs.withJenkinsfile(
                    service,
                    "pymacaronDeploy(" + Jobs.python() + ", approve: true, skip: ['unit', 'container', 'staging'])");
            WorkflowRun asking = job.scheduleBuild2(0).waitForStart();
            Inputs.await(asking).doProceedEmpty();
            j.assertBuildStatus(Result.FAILURE, j.waitForCompletion(asking));
            j.assertLogContains("Deployments to " + live + " were paused by Anna", asking);
            assertThat(Service.staging()).isEqualTo("one");
            assertThat(Service.live()).isEqualTo("nothing");
        } finally {
            PausedEnvironments.get().resume(live, job);
        }
    }

    @Test
    void onlyTheSubmitterApproves() throws Exception {
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ, Item.BUILD)
                .everywhere()
                .toEveryone());
        Jobs.withJenkinsfile(
                service,
                "pymacaronDeploy(%s, skip: ['unit', 'container', 'staging', 'live'], approve: [submitter: 'alice'])"
                        .formatted(Jobs.python()));
        WorkflowRun run = Jobs.fromScm(j, "asked", service).scheduleBuild2(0).waitForStart();
        InputStepExecution question = Inputs.await(run);
        try (ACLContext bob = ACL.as2(User.getById("bob", true).impersonate2())) {
            assertThatThrownBy(question::doProceedEmpty)
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("alice");
        }
        assertThat(run.isBuilding()).isTrue();
        assertThat(Service.live()).isEqualTo("nothing");
        try (ACLContext alice = ACL.as2(User.getById("alice", true).impersonate2())) {
            question.doProceedEmpty();
        }
        j.assertBuildStatusSuccess(j.waitForCompletion(run));
        assertThat(Service.live()).isEqualTo("one");
        j.assertLogContains("Approved by alice", run);
    }
}
