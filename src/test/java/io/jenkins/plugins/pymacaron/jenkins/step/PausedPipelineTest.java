package io.jenkins.plugins.pymacaron.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import hudson.slaves.DumbSlave;
import io.jenkins.plugins.pymacaron.cli.CleanEngine;
import io.jenkins.plugins.pymacaron.cli.Service;
import io.jenkins.plugins.pymacaron.jenkins.history.PausedEnvironments;
import io.jenkins.plugins.pymacaron.jenkins.lock.EnvironmentQueue;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.jenkins.run.ServiceRun;
import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** A pause meets Pipelines that people wrote step by step. */
@WithJenkins
@ExtendWith(CleanEngine.class)
@EnabledIfEnvironmentVariable(named = "PYM_TEST_BASE", matches = ".+")
class PausedPipelineTest {
    @TempDir
    Path temporary;

    @Test
    void theyEndBeforeTheyTestAndTheirRollbackGoesThrough(JenkinsRule j) throws Exception {
        DumbSlave agent = j.createOnlineSlave();
        Scripts.secret(j);
        Service service = Service.in(temporary);
        WorkflowJob job = Scripts.job(j, "steps", agent.getNodeName(), service, List.of(), Scripts.ALL);
        WorkflowRun first = j.buildAndAssertSuccess(job);
        ServiceRun deployed = PymacaronRun.of(first).getServices().get(0);
        String live = deployed.getLiveEnvironments().get(0);
        assertThat(EnvironmentQueue.get().holder(live)).isEmpty();

        PausedEnvironments.get().pause(live, job, "Ada");
        define(job, agent, service, List.of(), "pymTest(); " + Scripts.ALL);
        WorkflowRun refused = j.buildAndAssertStatus(Result.FAILURE, job);
        j.assertLogContains(
                "were paused by Ada. Resume them on " + j.getURL() + job.getUrl() + "deployments/", refused);
        j.assertLogNotContains("\tat ", refused);
        assertThat(PymacaronRun.of(refused).getServices().get(0).getStages()).isEmpty();

        // Paused while it waits before live.
        PausedEnvironments.get().resume(live, job);
        service.content("two").commit("second");
        Gate gate = new Gate(temporary.toRealPath());
        define(
                job,
                agent,
                service,
                gate.variables(Service.NAME + "-staging"),
                "pymBuild(); pymPush(); pymDeploy(); pymAccept(); "
                        + "try { pymPromote() } catch (e) { pymRollback(); throw e }");
        WorkflowRun late = job.scheduleBuild2(0).waitForStart();
        gate.awaitUnlessEnded(late);
        PausedEnvironments.get().pause(live, job, "Ada");
        gate.open();
        j.assertBuildStatus(Result.FAILURE, j.waitForCompletion(late));
        assertThat(PymacaronRun.of(late).getServices().get(0).last("rollback"))
                .hasValueSatisfying(back -> assertThat(back.getOutcome()).isEqualTo("SUCCEEDED"));
        j.assertLogContains("were paused by Ada", late);
        j.assertLogNotContains("\tat ", late);
        assertThat(Service.live()).isEqualTo("one");
    }

    private static void define(
            WorkflowJob job, DumbSlave agent, Service service, List<String> environment, String steps)
            throws Exception {
        job.setDefinition(
                new CpsFlowDefinition(Scripts.script(agent.getNodeName(), service, environment, steps), true));
    }
}
