package io.jenkins.plugins.pymacaron.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOrder;
import io.jenkins.plugins.pymacaron.jenkins.run.RollbackRequest;
import java.util.Map;
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

    @Test
    void theVersionIsThatOfTheRequest(JenkinsRule j) throws Exception {
        FreeStyleProject job = j.createFreeStyleProject();
        PymRollbackStep step = new PymRollbackStep();
        assertThat(request(j, job, step, "", false))
                .containsEntry("earlier", "true")
                .doesNotContainKey("version");
        assertThat(request(j, job, step, "v1", false))
                .containsEntry("version", "v1")
                .doesNotContainKey("earlier");
        assertThat(request(j, job, step, "v1", true)).as("it is not kept").doesNotContainKeys("version", "earlier");

        step.setVersion("v2");
        assertThat(request(j, job, step, "v1", false))
                .containsEntry("version", "v2")
                .doesNotContainKey("earlier");
    }

    private static Map<String, String> request(
            JenkinsRule j, FreeStyleProject job, PymRollbackStep step, String version, boolean again) throws Exception {
        new RollbackRequest(".", "docker/a/live", version, "ada", again, "").schedule(job);
        j.waitUntilNoActivity();
        FreeStyleBuild build = job.getLastBuild();
        assertThat(step.orders(StageOrder.of("config").in("b"), build).get(0).getRequest())
                .as("of another service")
                .doesNotContainKey("earlier")
                .doesNotContainEntry("version", "v1");
        return step.orders(StageOrder.of("config"), build).get(0).getRequest();
    }

    private static String reason(PymRollbackStep step, FreeStyleBuild build) {
        StageOrder order = step.orders(StageOrder.of("config"), build).get(0);
        assertThat(order.getRequest())
                .as("it stays in Jenkins: the agent has no use for it")
                .doesNotContainKey("reason");
        return order.getReason();
    }
}
