package io.jenkins.plugins.pymacaron.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import hudson.slaves.DumbSlave;
import hudson.tasks.junit.TestResultAction;
import io.jenkins.plugins.pymacaron.cli.CleanEngine;
import io.jenkins.plugins.pymacaron.cli.Service;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.jenkins.run.ServiceRun;
import io.jenkins.plugins.pymacaron.jenkins.run.StageRecord;
import java.nio.file.Path;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** All steps in real Pipelines, with a real service in real containers of the docker target. */
@WithJenkins
@ExtendWith(CleanEngine.class)
@EnabledIfEnvironmentVariable(named = "PYM_TEST_BASE", matches = ".+")
class PipelineTest {
    private static JenkinsRule j;
    private static DumbSlave agent;

    @TempDir
    Path temporary;

    @BeforeAll
    static void jenkins(JenkinsRule rule) throws Exception {
        j = rule;
        agent = j.createOnlineSlave();
        Secrets.add(j, "e2e-secret", "s3cr$t = \"value\"");
    }

    @Test
    void aServiceGoesLiveStepByStep() throws Exception {
        Service service = Service.in(temporary);
        WorkflowRun run = j.buildAndAssertSuccess(job(service, """
                def config = pymConfig()
                echo "config ${config.name}"
                stage('Unit') { echo "unit ${pymTest()}" }
                stage('Build') { echo "image ${pymBuild()}" }
                stage('Accept') { pymAccept() }
                stage('Push') { echo "pushed ${pymPush()}" }
                stage('Deploy') { echo "deployed ${pymDeploy()}" }
                stage('Accept staging') { echo "accepted ${pymAccept()}" }
                stage('Promote') { echo "promoted ${pymPromote()}" }
                stage('Accept live') { pymAccept() }
                """));
        assertThat(Service.answer(Service.LIVE)).isEqualTo("one");
        ServiceRun kept = PymacaronRun.of(run).getServices().get(0);
        assertThat(kept.getService()).isEqualTo(Service.NAME);
        assertThat(kept.getStages())
                .extracting(StageRecord::getStage)
                .containsExactly(
                        "unit",
                        "build",
                        "container",
                        "push",
                        "staging",
                        "accept-staging",
                        "pre-promote",
                        "promote",
                        "live");
        assertThat(kept.getImage().getDigest()).startsWith("sha256:");
        assertThat(run.getAction(TestResultAction.class).getTotalCount()).isEqualTo(1 + 2 + 2 + 2);
        Secrets.assertNowhere(j, temporary, "s3cr$t");
        j.assertLogContains("config " + Service.NAME, run);
    }

    static WorkflowJob job(Service service, String steps) throws Exception {
        WorkflowJob job = j.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition(script(agent.getNodeName(), service, steps), true));
        return job;
    }

    static String script(String node, Service service, String steps) {
        return """
                node('%s') {
                  ws('%s') {
                    withEnv(['XDG_STATE_HOME=%s']) {
                %s
                    }
                  }
                }
                """.formatted(
                node,
                service.directory(),
                service.directory().resolveSibling("state"),
                steps.replace(
                        "()",
                        "(secrets: [E2E_SECRET: 'e2e-secret'], python: '" + System.getenv("PYM_TEST_PYTHON") + "')"));
    }

    static WorkflowRun failed(WorkflowJob job) throws Exception {
        return j.buildAndAssertStatus(Result.FAILURE, job);
    }
}
