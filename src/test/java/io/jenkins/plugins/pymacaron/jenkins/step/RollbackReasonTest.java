package io.jenkins.plugins.pymacaron.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOrder;
import io.jenkins.plugins.pymacaron.jenkins.run.RollbackRequest;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The step's own reason comes before that of the build. */
@WithJenkins
class RollbackReasonTest {
    @Test
    void isTheStepsOrTheRequests(JenkinsRule j) throws Exception {
        FreeStyleProject job = j.createFreeStyleProject();
        FreeStyleBuild ordinary = j.buildAndAssertSuccess(job);
        new RollbackRequest(".", "docker/a/live", "", "ada", false, "asked for on the page").schedule(job);
        j.waitUntilNoActivity();
        FreeStyleBuild asked = job.getLastBuild();
        PymRollbackStep step = new PymRollbackStep();
        assertThat(reason(step, ordinary)).isNull();
        assertThat(reason(step, asked)).isEqualTo("asked for on the page");

        step.setReason("  it loses\n orders ");
        assertThat(step.getReason()).isEqualTo("it loses orders");
        assertThat(reason(step, ordinary)).isEqualTo("it loses orders");
        assertThat(reason(step, asked)).isEqualTo("it loses orders");
        step.setReason(" ");
        assertThat(step.getReason()).isNull();
    }

    private static String reason(PymRollbackStep step, FreeStyleBuild build) {
        StageOrder order = step.orders(StageOrder.of("config"), build).get(0);
        assertThat(order.getRequest())
                .as("it stays in Jenkins: the agent has no use for it")
                .doesNotContainKey("reason");
        return order.getReason();
    }
}
