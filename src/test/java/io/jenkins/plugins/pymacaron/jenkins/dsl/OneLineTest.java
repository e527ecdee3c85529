package io.jenkins.plugins.pymacaron.jenkins.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.security.SecurityRealm;
import io.jenkins.plugins.pymacaron.cli.CleanEngine;
import io.jenkins.plugins.pymacaron.cli.Service;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import io.jenkins.plugins.pymacaron.jenkins.history.DeploymentsAction;
import io.jenkins.plugins.pymacaron.jenkins.history.EnvironmentView;
import io.jenkins.plugins.pymacaron.jenkins.lock.EnvironmentQueue;
import io.jenkins.plugins.pymacaron.jenkins.lock.Inputs;
import io.jenkins.plugins.pymacaron.jenkins.run.RollbackRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;

/** A Jenkinsfile of one line, with real containers. */
@WithJenkins
@ExtendWith(CleanEngine.class)
class OneLineTest {
    private static final List<String> ALL = List.of(
            "Preflight",
            "Unit tests",
            "Build image",
            "Accept image",
            "Push image",
            "Deploy staging",
            "Accept staging",
            "Promote to live",
            "Accept live");

    private static JenkinsRule j;

    private Service service;

    @BeforeAll
    static void jenkins(JenkinsRule rule) throws Exception {
        j = rule;
        Jobs.prepare(rule);
    }

    @BeforeEach
    void service(@TempDir Path temporary) throws Exception {
        service = Service.in(temporary);
    }

    @Test
    void deploysAndRollsBackWhatLiveDoesNotAccept() throws Exception {
        Jobs.withJenkinsfile(
                service,
                "pymacaronDeploy(%s, onSuccess: { echo \"serves at ${it.url}\" }, onFailure: { echo \"broken: $it\" })"
                        .formatted(Jobs.python()));
        WorkflowJob job = Jobs.fromScm(j, "hello", service);
        WorkflowRun first = j.buildAndAssertSuccess(job);
        assertThat(Flow.stages(first)).isEqualTo(ALL);
        assertThat(Flow.count(first, "node")).isOne();
        j.assertLogContains("serves at http://127.0.0.1:" + Service.LIVE, first);
        assertThat(Service.answer(Service.LIVE)).isEqualTo("one");
        assertThat(EnvironmentQueue.get().holder(environment("live"))).isEmpty();

        service.content("two")
                .write("testaccept/at_" + Service.NAME + "-live.sh", "exit 1\n")
                .commit("two");
        WorkflowRun second = j.buildAndAssertStatus(Result.FAILURE, job);
        assertThat(Flow.stages(second))
                .startsWith("Preflight")
                .endsWith("Promote to live", "Accept live!", "Roll back");
        j.assertLogContains("broken: live failed its acceptance (", second);
        assertThat(second.getLog(20))
                .as("the last line")
                .filteredOn(line -> line.startsWith("ERROR: "))
                .last()
                .asString()
                .startsWith("ERROR: live failed its acceptance (")
                .endsWith(") and was rolled back: " + Service.version(Service.LIVE) + " serves again");
        j.assertLogContains(" was rolled back: " + Service.version(Service.LIVE) + " serves again", second);
        j.assertLogContains("  live: " + Service.version(Service.LIVE) + " at http://127.0.0.1:", second);
        j.assertLogNotContains("Accept live: Accept live", second);
        assertThat(live(job).getCurrent().reason())
                .as("of a rollback that the deployment did by itself")
                .startsWith("Accept live: ")
                .contains("failed");
        assertThat(Service.answer(Service.LIVE)).isEqualTo("one");
        assertThat(Service.answer(Service.STAGING)).isEqualTo("two");
        Consoles.assertSpeakToUsersOfJenkins(j, second);

        service.write("testaccept/at_" + Service.NAME + "-live.sh", "exit 0\n").commit("three");
        j.buildAndAssertSuccess(job);
        assertThat(Service.answer(Service.LIVE)).isEqualTo("two");
        new RollbackRequest(".", environment("live"), "", "alice", false, "three loses orders").schedule(job);
        j.waitUntilNoActivity();
        WorkflowRun rollback = j.assertBuildStatusSuccess(job.getLastBuild());
        assertThat(rollback.getNumber()).isEqualTo(4);
        j.assertLogContains(" to the previous version: three loses orders", rollback);
        j.assertLogContains("serves (three loses orders)", rollback);
        assertThat(live(job).getCurrent().reason()).isEqualTo("three loses orders");
        assertThat(Flow.stages(rollback)).containsExactly("Roll back");
        assertThat(Service.answer(Service.LIVE)).isEqualTo("one");

        String qa = "docker:env=qa;service=" + Service.NAME + ";slot=live";
        new RollbackRequest(".", qa, "", "alice").schedule(job);
        j.waitUntilNoActivity();
        WorkflowRun other = j.assertBuildStatus(Result.FAILURE, job.getLastBuild());
        j.assertLogContains(
                "was asked to roll back docker/" + Service.NAME + "@qa/live, but the job deploys to", other);
        assertThat(Service.answer(Service.LIVE)).isEqualTo("one");
    }

    /** Deploys all files that {@code pymdeploy init} makes of an empty directory, except for an existing base image. */
    @Test
    void deploysWhatInitHasWritten() throws Exception {
        service.git("rm", "-r", "--quiet", ".");
        assertThat(service.runIn(service.directory(), "init").code()).isZero();
        Path config = service.directory().resolve("pym-config.yaml");
        Files.writeString(
                config,
                Files.readString(config).replaceFirst("name: .*", "name: " + Service.NAME) + "docker_base: "
                        + RealDocker.base() + "\n");
        service.commit("init");

        WorkflowRun run = j.buildAndAssertSuccess(Jobs.fromScm(j, "init", service));

        assertThat(Flow.stages(run)).isEqualTo(ALL);
        j.assertLogContains("push: false in pym-config.yaml", run);
        assertThat(Service.running()).containsExactly("live serving", "staging serving");
    }

    @Test
    void holdsNoExecutorWhileItAsks() throws Exception {
        Jobs.withJenkinsfile(
                service,
                "pymacaronDeploy(%s, skip: ['unit', 'container'], approve: [message: 'Really?'])"
                        .formatted(Jobs.python()));
        WorkflowJob job = Jobs.fromScm(j, "asks", service);
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        assertThat(Inputs.await(run).getInput().getMessage())
                .as("asked, with the version that would be replaced")
                .startsWith("Really?\n" + Service.NAME + " " + Service.version(Service.STAGING)
                        + " is staged at http://127.0.0.1:" + Service.STAGING + ".\nIn " + environment("live")
                        + ", nothing serves now.\nChanges: create container ")
                .endsWith("\nWhole plan: job/asks/1/plan");
        assertThat(Service.answer(Service.STAGING)).isEqualTo("one");
        assertThat(Service.answer(Service.LIVE)).isEqualTo("nothing");
        assertThat(j.jenkins.toComputer().countBusy()).isZero();
        assertThat(EnvironmentQueue.get().holder(environment("staging"))).contains("asks #1");

        service.content("two").commit("too late");
        try (ACLContext grace = ACL.as2(new UsernamePasswordAuthenticationToken(
                "grace", "", List.of(SecurityRealm.AUTHENTICATED_AUTHORITY2)))) {
            Inputs.proceed(run);
        }
        j.assertBuildStatusSuccess(j.waitForCompletion(run));
        assertThat(live(job).getCurrent().by()).isEqualTo("a commit by e2e, approved by grace");
        assertThat(Flow.stages(run)).containsSequence("Accept staging", "Approve", "Promote to live", "Accept live");
        assertThat(Flow.count(run, "node")).isEqualTo(2);
        assertThat(Service.answer(Service.LIVE)).isEqualTo("one");
        j.assertLogNotContains("WARNING: this build keeps an executor", run);
    }

    @Test
    void deploysAVersionAgainThatIsNotKept() throws Exception {
        Jobs.withJenkinsfile(service, "pymacaronDeploy(%s, skip: ['unit', 'container'])".formatted(Jobs.python()));
        WorkflowJob job = Jobs.fromScm(j, "again", service);
        j.buildAndAssertSuccess(job);
        String first = Service.version(Service.LIVE);
        service.content("two").commit("two");
        j.buildAndAssertSuccess(job);
        EnvironmentView live = live(job);
        assertThat(live.getReturnable()).hasSize(1);
        String id = live.getId();

        new RollbackRequest(".", id, first, "alice", true, "").schedule(job);
        j.waitUntilNoActivity();
        WorkflowRun again = j.assertBuildStatusSuccess(job.getLastBuild());
        assertThat(Flow.stages(again))
                .containsExactly("Preflight", "Deploy staging", "Accept staging", "Promote to live", "Accept live");
        j.assertLogContains("alice asked to deploy " + first + " to ", again);
        assertThat(Service.version(Service.LIVE)).isEqualTo(first);
        assertThat(Service.answer(Service.LIVE)).isEqualTo("one");
        assertThat(live(job).getCurrent().version()).isEqualTo(first);
    }

    private static EnvironmentView live(WorkflowJob job) throws Exception {
        return job.getAction(DeploymentsAction.class).getEnvironments().get(0);
    }

    @Test
    void plansAndStops() throws Exception {
        Jobs.withJenkinsfile(service, "pymacaronDeploy(%s, skip: ['container'], plan: true)".formatted(Jobs.python()));
        WorkflowRun run = j.buildAndAssertSuccess(Jobs.fromScm(j, "plans", service));
        assertThat(Flow.stages(run)).containsExactly("Preflight");
        assertThat(Service.containers()).isEmpty();
        j.assertLogContains("Plan for " + Service.NAME + " at commit ", run);
        j.assertLogContains("  build image ", run);
        j.assertLogContains("Service " + Service.NAME + " of pym-config.yaml, to docker", run);
        j.assertLogContains("Image: ", run);
        j.assertLogContains("Tests: ", run);
        j.assertLogContains("Tests that are skipped (skip): container.", run);
        j.assertLogContains(environment("staging") + ", where nothing serves", run);
        j.assertLogContains("Credentials: none", run);
        try (JenkinsRule.WebClient web = j.createWebClient()) {
            assertThat(web.getPage(run, "plan").asNormalizedText())
                    .contains("Plan for " + Service.NAME, environment("live") + "\nnothing serves now");
        }
    }

    @Test
    void refusalsOfAnApprovalEndTheBuildBeforeLive() throws Exception {
        Jobs.withJenkinsfile(
                service,
                "node { checkout scm; pymacaronDeploy(%s, skip: ['unit', 'container', 'staging'], approve: true) }"
                        .formatted(Jobs.python()));
        WorkflowRun run = Jobs.fromScm(j, "refused", service).scheduleBuild2(0).waitForStart();
        assertThat(Inputs.await(run).getInput().getMessage())
                .startsWith("Promote " + Service.NAME + " " + Service.version(Service.STAGING)
                        + " to live? It is staged at ")
                .contains("127.0.0.1");
        assertThat(j.jenkins.toComputer().countBusy()).isOne();
        j.assertLogContains("WARNING: this build keeps an executor", run);
        Inputs.await(run).doAbort();
        j.assertBuildStatus(Result.ABORTED, j.waitForCompletion(run));
        assertThat(Service.answer(Service.LIVE)).isEqualTo("nothing");
        assertThat(EnvironmentQueue.get().holder(environment("staging"))).isEmpty();
    }

    private static String environment(String slot) {
        return "docker/" + Service.NAME + "/" + slot;
    }
}
