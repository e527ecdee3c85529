package io.jenkins.plugins.pymacaron.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import hudson.slaves.DumbSlave;
import io.jenkins.plugins.pymacaron.cli.CleanEngine;
import io.jenkins.plugins.pymacaron.cli.Service;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.workflow.cps.CpsFlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowDurabilityHint;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.job.properties.DurabilityHintJobProperty;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Builds that are aborted, while a stage runs and while it waits for its turn. */
@WithJenkins
@ExtendWith(CleanEngine.class)
@EnabledIfEnvironmentVariable(named = "PYM_TEST_BASE", matches = ".+")
class AbortTest {
    private static JenkinsRule j;
    private static DumbSlave agent;
    private static DumbSlave other;

    @TempDir
    Path temporary;

    @BeforeAll
    static void jenkins(JenkinsRule rule) throws Exception {
        j = rule;
        agent = j.createOnlineSlave();
        other = j.createOnlineSlave();
        Scripts.secret(j);
    }

    @Test
    void aStageUndoesWhatItHasBegun() throws Exception {
        Gate gate = new Gate(temporary.toRealPath());
        Service service = Service.in(temporary);
        WorkflowRun run =
                start(agent, service, "aborted", gate.variables("dev"), "pymBuild(); pymAccept()\necho 'went on'");
        gate.await();
        assertThat(status(run)).contains("Accept image runs on " + agent.getNodeName());
        Instant asked = Instant.now();
        run.getExecutor().interrupt();
        j.waitForMessage("Stopping: ", run);
        // A second where nothing else goes on; this machine may have other things to do.
        assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(60));
        j.assertBuildStatus(Result.ABORTED, j.waitForCompletion(run));
        j.assertLogContains("Stopping: the stage undoes its changes and ends.", run);
        j.assertLogNotContains("went on", run);
        assertThat(PymacaronRun.of(run).getServices().get(0).getOutcome()).isEqualTo("INTERRUPTED");
        assertThat(Service.containers()).isEmpty();
        assertThat(Service.docker().containers().labelled(Map.of("io.jenkins.plugins.pymacaron.under-test", "")))
                .noneMatch(c -> c.origin().image().contains(Service.NAME));
    }

    @Test
    void aTimeoutUndoesToo() throws Exception {
        Gate gate = new Gate(temporary.toRealPath());
        Service service = Service.in(temporary);
        WorkflowRun run = start(
                agent,
                service,
                "late",
                gate.variables("dev"),
                "pymBuild(); timeout(time: 4, unit: 'SECONDS') { pymAccept() }\necho 'went on'");
        j.assertBuildStatus(Result.ABORTED, j.waitForCompletion(run));
        j.assertLogContains("Timeout has been exceeded", run);
        j.assertLogNotContains("went on", run);
        assertThat(Service.docker().containers().labelled(Map.of("io.jenkins.plugins.pymacaron.under-test", "")))
                .noneMatch(c -> c.origin().image().contains(Service.NAME));
    }

    @Test
    void aPromotionThatIsAbortedLeavesLiveAsItWas() throws Exception {
        Gate gate = new Gate(temporary.toRealPath());
        Service service = Service.in(temporary);
        assertThat(service.run("--no-test", "--no-push").code()).isZero();
        service.content("two").holdDockerAt("", "").commit("second");
        List<String> env = List.of(
                gate.variables("").get(0),
                "PATH+HELD=" + service.directory().resolveSibling("bin"),
                "E2E_DOCKER_WHEN=before",
                "E2E_DOCKER_AT=stop -t 40 -- pym-" + Service.NAME + "-live");
        WorkflowRun run = start(agent, service, "no-live", env, Scripts.ALL);
        gate.awaitUnlessEnded(run);
        run.getExecutor().interrupt();
        j.assertBuildStatus(Result.ABORTED, j.waitForCompletion(run));
        assertThat(Service.live()).isEqualTo("one");
        assertThat(Service.running()).containsExactly("live serving", "staging serving");
    }

    @Test
    void aBuildThatWaitsForItsTurnLeavesTheLine() throws Exception {
        Gate gate = new Gate(temporary.toRealPath());
        Service service = Service.in(temporary);
        WorkflowRun first = start(
                agent,
                service,
                "first",
                gate.variables(Service.NAME + "-staging"),
                "pymBuild(); pymPush(); pymDeploy(); pymAccept()");
        gate.awaitUnlessEnded(first);
        // Its own build has made nothing: that there is an image is known from its version.
        String version = PymacaronRun.of(first).getServices().get(0).getImage().getVersion();
        WorkflowRun second = start(other, service, "second", List.of(), "pymDeploy(, version: '" + version + "')");
        j.waitForMessage("is taken by", second);
        String status = status(second);
        assertThat(status).contains("Deploy staging waits for docker/" + Service.NAME + "/staging");
        second.getExecutor().interrupt();
        j.assertBuildStatus(Result.ABORTED, j.waitForCompletion(second));

        WorkflowRun third = start(other, service, "third", List.of(), "pymDeploy(, version: '" + version + "')");
        j.waitForMessage("is taken by", third);
        gate.open();
        j.assertBuildStatusSuccess(j.waitForCompletion(first));
        j.assertBuildStatusSuccess(j.waitForCompletion(third));
    }

    @Test
    void aPipelineThatWouldNotSurviveARestartSaysSo() throws Exception {
        WorkflowJob job = Scripts.job(j, "fast", agent.getNodeName(), Service.in(temporary), List.of(), "pymConfig()");
        job.addProperty(new DurabilityHintJobProperty(FlowDurabilityHint.PERFORMANCE_OPTIMIZED));
        j.assertLogContains("does not survive a restart of Jenkins", j.buildAndAssertSuccess(job));
        job.removeProperty(DurabilityHintJobProperty.class);
        j.assertLogNotContains("does not survive a restart of Jenkins", j.buildAndAssertSuccess(job));
    }

    /** Returns the status of a build on the page of its threads. */
    private static String status(WorkflowRun run) {
        return ((CpsFlowExecution) run.getExecution()).getThreadDump().toString();
    }

    private static WorkflowRun start(DumbSlave node, Service service, String name, List<String> env, String steps)
            throws Exception {
        return Scripts.job(j, name, node.getNodeName(), service, env, steps)
                .scheduleBuild2(0)
                .waitForStart();
    }
}
