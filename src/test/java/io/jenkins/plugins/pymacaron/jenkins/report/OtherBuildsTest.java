package io.jenkins.plugins.pymacaron.jenkins.report;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import io.jenkins.plugins.pymacaron.jenkins.history.DeploymentsAction;
import io.jenkins.plugins.pymacaron.jenkins.report.trend.StageTrendAction;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Jobs that have nothing to do with this plugin. */
@WithJenkins
class OtherBuildsTest {
    @Test
    void aBuildWithoutStagesIsShownAsBefore(JenkinsRule j) throws Exception {
        FreeStyleProject job = j.createFreeStyleProject("other");
        FreeStyleBuild build = j.buildAndAssertSuccess(job);

        assertThat(PymacaronRun.find(build)).isEmpty();
        assertThat(build.getAllActions()).noneMatch(AcceptanceAction.class::isInstance);
        assertThat(job.getAllActions())
                .noneMatch(DeploymentsAction.class::isInstance)
                .noneMatch(StageTrendAction.class::isInstance);
        try (JenkinsRule.WebClient web = j.createWebClient()) {
            assertThat(web.getPage(build).asNormalizedText()).doesNotContain("Acceptance");
            assertThat(web.getPage(job).asNormalizedText()).doesNotContain("Deployments");
        }
    }
}
