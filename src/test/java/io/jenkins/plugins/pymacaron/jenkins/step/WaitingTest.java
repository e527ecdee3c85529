package io.jenkins.plugins.pymacaron.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import hudson.model.TaskListener;
import hudson.slaves.DumbSlave;
import io.jenkins.plugins.pymacaron.cli.CleanEngine;
import io.jenkins.plugins.pymacaron.cli.Service;
import io.jenkins.plugins.pymacaron.jenkins.lock.EnvironmentQueue;
import io.jenkins.plugins.pymacaron.jenkins.lock.Inputs;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.graph.StepNode;
import org.jenkinsci.plugins.workflow.graphanalysis.DepthFirstScanner;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** That a step waits for its turn, and where it stands, is seen wherever people look at a build. */
@WithJenkins
@ExtendWith(CleanEngine.class)
@EnabledIfEnvironmentVariable(named = "PYM_TEST_BASE", matches = ".+")
class WaitingTest {
    private static JenkinsRule j;
    private static DumbSlave agent;

    @TempDir
    Path temporary;

    @BeforeAll
    static void jenkins(JenkinsRule rule) throws Exception {
        j = rule;
        agent = j.createOnlineSlave();
        Scripts.secret(j);
    }

    @Test
    void isSeenInConsoleCardAndPipelineViews() throws Exception {
        Service service = Service.in(temporary);
        String node = agent.getNodeName();
        WorkflowRun holds = asking("holds", Scripts.script(node, service, List.of(), "pymConfig()"));
        WorkflowRun between = asking("between", "");
        String staging = PymacaronRun.of(holds).getServices().get(0).getStagingEnvironment();
        EnvironmentQueue queue = EnvironmentQueue.get();
        assertThat(queue.acquire(staging, holds, TaskListener.NULL)).isCompleted();
        assertThat(queue.acquire(staging, between, TaskListener.NULL)).isNotCompleted();

        WorkflowJob job = Scripts.job(j, "waits", node, service, List.of(), "stage('Ship') { pymDeploy() }");
        WorkflowRun waits = job.scheduleBuild2(0).waitForStart();
        String shown = "docker/" + Service.NAME + "/staging";
        j.waitForMessage(shown + " is taken by another build. Waiting for it, place 2 in line, since ", waits);
        String label = "Waits for " + shown + ", taken by another build: place 2 in line, since ";
        Gate.until("the step does not say that it waits", () -> display(waits).startsWith(label));
        try (JenkinsRule.WebClient web = j.createWebClient()) {
            web.getOptions().setJavaScriptEnabled(false);
            assertThat(web.getPage(waits).asNormalizedText())
                    .as("card")
                    .contains("Waits for " + shown + ", place 2 in line.", "It is taken by holds #1", "Waiting since");
            assertThat(web.goTo(waits.getUrl() + "flowGraphTable/").asNormalizedText())
                    .as("list of the steps")
                    .contains(label);
            assertThat(web.goTo(waits.getUrl() + "stages/allSteps", "application/json")
                            .getWebResponse()
                            .getContentAsString())
                    .as("Pipeline Graph View")
                    .contains(label);
            assertThat(web.goTo(waits.getUrl() + "logText/progressiveHtml", null)
                            .getWebResponse()
                            .getContentAsString())
                    .as("console, for a reader who may read the other build")
                    .contains(holds.getUrl() + "\"");
        }

        queue.release(staging, holds);
        j.waitForMessage("is taken by another build. Waiting for it, place 1 in line, since ", waits);
        Gate.until(
                "the step does not say that it has moved", () -> display(waits).contains(": place 1 in line"));
        queue.release(staging, between);
        j.waitForMessage(shown + " is free after ", waits);
        j.assertBuildStatus(Result.FAILURE, j.waitForCompletion(waits));
        assertThat(display(waits)).as("once it goes on").isEqualTo("Deploy a PyMacaron microservice to staging");
        Inputs.proceed(holds);
        Inputs.proceed(between);
        j.assertBuildStatusSuccess(j.waitForCompletion(holds));
        j.assertBuildStatusSuccess(j.waitForCompletion(between));
    }

    @Test
    void endsWithItsBuild() throws Exception {
        Service service = Service.in(temporary);
        String node = agent.getNodeName();
        WorkflowRun holds = asking("holds-again", Scripts.script(node, service, List.of(), "pymConfig()"));
        String staging = PymacaronRun.of(holds).getServices().get(0).getStagingEnvironment();
        assertThat(EnvironmentQueue.get().acquire(staging, holds, TaskListener.NULL))
                .isCompleted();
        WorkflowJob job = Scripts.job(j, "waits-again", node, service, List.of(), "pymDeploy()");
        WorkflowRun waits = job.scheduleBuild2(0).waitForStart();
        Gate.until("the step does not say that it waits", () -> display(waits).startsWith("Waits for "));

        waits.doStop();
        j.assertBuildStatus(Result.ABORTED, j.waitForCompletion(waits));
        Gate.until("the step says that it waits still", () -> !display(waits).startsWith("Waits for "));
        Inputs.proceed(holds);
        j.assertBuildStatusSuccess(j.waitForCompletion(holds));
    }

    private static WorkflowRun asking(String name, String before) throws Exception {
        WorkflowJob job = j.createProject(WorkflowJob.class, name);
        job.setDefinition(new CpsFlowDefinition(before + "\ninput 'has it'", true));
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        Inputs.await(run);
        return run;
    }

    /** Of the step, as a Pipeline's views name it; empty while it is not there. */
    private static String display(WorkflowRun run) {
        // A build that has just started has no steps yet.
        FlowExecution execution = run.getExecution();
        if (execution == null || execution.getCurrentHeads().stream().anyMatch(Objects::isNull)) {
            return "";
        }
        return new DepthFirstScanner()
                .allNodes(execution).stream()
                        .filter(node -> node instanceof StepNode step
                                && step.getDescriptor() instanceof PymDeployStep.DescriptorImpl)
                        .findFirst()
                        .map(FlowNode::getDisplayName)
                        .orElse("");
    }
}
