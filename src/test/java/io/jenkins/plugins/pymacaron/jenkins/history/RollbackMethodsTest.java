package io.jenkins.plugins.pymacaron.jenkins.history;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.TaskListener;
import io.jenkins.plugins.pymacaron.jenkins.credentials.Visitor;
import io.jenkins.plugins.pymacaron.jenkins.report.Delivery;
import io.jenkins.plugins.pymacaron.jenkins.report.Story;
import io.jenkins.plugins.pymacaron.jenkins.run.OrderedBuild;
import io.jenkins.plugins.pymacaron.jenkins.run.RollbackCause;
import io.jenkins.plugins.pymacaron.jenkins.run.RollbackRequest;
import java.util.List;
import net.sf.json.JSONObject;
import net.sf.json.util.JSONUtils;
import org.htmlunit.html.HtmlForm;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** A version is offered in the way in which it can be live again, or not at all. */
@WithJenkins
class RollbackMethodsTest {
    private static JenkinsRule j;

    @BeforeAll
    static void boot(JenkinsRule rule) {
        j = rule;
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(jenkins.model.Jenkins.ADMINISTER)
                .everywhere()
                .to("ada"));
    }

    @Test
    void keptVersionsServeAgainAtOnceAndTheRestIsDeployedAgain() throws Exception {
        FreeStyleProject job = job("one", "ways");
        Delivery.build(j, job, Story.shipped(1, "1").keeping());
        Delivery.build(j, job, Story.shipped(2, "2").keeping("1"));
        Delivery.build(j, job, Story.shipped(3, "3").keeping("2"));
        EnvironmentView live = live(job);
        assertThat(live.rollbackMethodTo("3")).as("it serves").isEqualTo(RollbackMethod.NONE);
        assertThat(live.rollbackMethodTo("2")).isEqualTo(RollbackMethod.KEPT);
        assertThat(live.rollbackMethodTo("1")).isEqualTo(RollbackMethod.AGAIN);

        try (JenkinsRule.WebClient web = j.createWebClient().login("ada")) {
            String page = web.getPage(job, "deployments").getWebResponse().getContentAsString();
            assertThat(page)
                    .containsOnlyOnce("Roll back to this version")
                    .contains("Roll back Live · Docker from 3 to 2? This version is kept there")
                    .contains("serves again at once, without tests.")
                    .containsOnlyOnce("Deploy this version again")
                    .contains("takes its image from the registry");
        }
        Delivery.prepare(job, Story.of(4, "1").promoted());
        Visitor.named(j, "ada")
                .post("job/one/job/ways/deployments/rollback", "environment", Story.LIVE, "version", "1");
        j.waitUntilNoActivity();
        assertThat(RollbackRequest.of(job.getLastBuild()))
                .hasValueSatisfying(request -> assertThat(request.isAgain()).isTrue());
        Delivery.prepare(job, Story.of(5, "2").rolledBack("2"));
        Visitor.named(j, "ada")
                .post("job/one/job/ways/deployments/rollback", "environment", Story.LIVE, "version", "2");
        j.waitUntilNoActivity();
        assertThat(RollbackRequest.of(job.getLastBuild()))
                .hasValueSatisfying(request -> assertThat(request.isAgain()).isFalse());
    }

    @Test
    void theReasonIsShownAsPlainTextWhereverTheRollbackIs() throws Exception {
        FreeStyleProject job = job("four", "why");
        Delivery.build(j, job, Story.shipped(1, "1").keeping());
        Delivery.build(j, job, Story.shipped(2, "2").keeping("1"));
        Delivery.prepare(job, Story.of(3, "1").rolledBack("1").keeping("2"));
        String reason = "2 loses <i>orders</i> & \"more\"";
        try (JenkinsRule.WebClient web = j.createWebClient().login("ada")) {
            HtmlForm form = web.getPage(job, "deployments").getForms().stream()
                    .filter(f -> f.getActionAttribute().equals("rollback"))
                    .findFirst()
                    .orElseThrow();
            form.getInputByName("reason").setValue(reason);
            j.submit(form);
            j.waitUntilNoActivity();

            FreeStyleBuild build = j.assertBuildStatusSuccess(job.getLastBuild());
            assertThat(build.getNumber()).isEqualTo(3);
            String asked = "Asked to roll back " + Story.LIVE + " to 1: " + reason;
            assertThat(build.getCause(RollbackCause.class).getShortDescription())
                    .isEqualTo(asked);
            j.assertLogContains(asked, build);
            assertThat(web.getPage(build).asNormalizedText())
                    .contains(asked)
                    .contains("rolled back: 1 serves (" + reason + ")");
            assertThat(web.getPage(job, "deployments").asNormalizedText()).contains("Reason: " + reason);
            assertThat(web.getPage(job, "deployments?search=LOSES").asNormalizedText())
                    .contains("Reason: " + reason);
            for (String page : List.of(job.getUrl() + "deployments/", build.getUrl())) {
                assertThat(web.goTo(page).getByXPath("//i[.='orders']")).isEmpty();
            }
            JSONObject history =
                    web.getJSON(job.getUrl() + "deployments/api/json").getJSONObject();
            assertThat(history.getJSONArray("environments")
                            .getJSONObject(0)
                            .getJSONObject("current")
                            .getString("reason"))
                    .isEqualTo(reason);
            assertThat(web.getJSON(build.getUrl() + "api/json").getJSONObject().toString())
                    .contains(JSONUtils.quote(reason));
        }
        assertThat(DeploymentHistory.of(job).entries().get(0).reason()).isEqualTo(reason);
        assertThat(DeploymentHistory.of(job).entries().get(1).reason())
                .as("of an ordinary deployment")
                .isEmpty();
    }

    @Test
    void aReasonIsOneShortLine() throws Exception {
        FreeStyleProject job = job("five", "long");
        Delivery.build(j, job, Story.shipped(1, "1").keeping());
        Delivery.build(j, job, Story.shipped(2, "2").keeping("1"));
        Delivery.prepare(job, Story.of(3, "1").rolledBack("1"));
        Visitor.named(j, "ada")
                .post(
                        "job/five/job/long/deployments/rollback",
                        "environment",
                        Story.LIVE,
                        "version",
                        "1",
                        "reason",
                        "first\nFinished: SUCCESS\u001b[2J " + "x".repeat(5000));
        j.waitUntilNoActivity();
        assertThat(RollbackRequest.of(job.getLastBuild()).orElseThrow().getReason())
                .hasSize(300)
                .startsWith("first Finished: SUCCESS [2J xxx");
    }

    @Test
    void aVersionThatIsNeitherKeptNorPushedHasNoButton() throws Exception {
        FreeStyleProject job = job("two", "local");
        for (int build = 1; build <= 3; build++) {
            Story local = Story.of(build, "v" + build).promoted();
            Delivery.build(j, job, build == 3 ? local.keeping("v2") : local);
        }
        try (JenkinsRule.WebClient web = j.createWebClient().login("ada")) {
            assertThat(web.getPage(job, "deployments").getWebResponse().getContentAsString())
                    .containsOnlyOnce("Roll back to this version")
                    .doesNotContain("Deploy this version again");
        }
        assertThat(Visitor.named(j, "ada")
                        .posted("job/two/job/local/deployments/rollback", "environment", Story.LIVE, "version", "v1"))
                .contains("v1 cannot be deployed: it is not kept in " + Story.LIVE
                        + ", and its image is not known to be in the registry.");
        assertThat(job.getLastBuild().getNumber()).isEqualTo(3);
    }

    /** Its builds would take the newest commit to live, or end at their push. */
    @Test
    void aPipelineOfSingleStepsHasNoButton() throws Exception {
        WorkflowJob job = j.createProject(WorkflowJob.class, "by-hand");
        job.setDefinition(new CpsFlowDefinition("", true));
        for (int build = 1; build <= 3; build++) {
            Story story = Story.shipped(build, "v" + build);
            WorkflowRun run = j.buildAndAssertSuccess(job);
            Delivery.record(run, build == 3 ? story.keeping("v2") : story, TaskListener.NULL);
        }
        try (JenkinsRule.WebClient web = j.createWebClient().login("ada")) {
            assertThat(web.getPage(job, "deployments").getWebResponse().getContentAsString())
                    .contains("v3")
                    .doesNotContain("Roll back to this version", "Deploy this version again");
            for (String version : List.of("v1", "v2")) {
                assertThat(Visitor.named(j, "ada")
                                .posted(
                                        "job/by-hand/deployments/rollback",
                                        "environment",
                                        Story.LIVE,
                                        "version",
                                        version))
                        .contains("This job deploys by single steps, which do what their Pipeline says")
                        .contains("pymDeploy version: '" + version + "', allowOlder: true");
            }
            assertThat(job.getLastBuild().getNumber()).isEqualTo(3);

            job.getLastBuild().addAction(new OrderedBuild());

            assertThat(web.getPage(job, "deployments").getWebResponse().getContentAsString())
                    .as("of pymacaronDeploy")
                    .containsOnlyOnce("Roll back to this version")
                    .containsOnlyOnce("Deploy this version again");
        }
    }

    @Test
    void withoutAReportOfKeptVersionsItIsThePreviousVersion() throws Exception {
        FreeStyleProject own = job("three", "untold");
        for (int build = 1; build <= 3; build++) {
            Delivery.build(j, own, Story.of(build, "v" + build).promoted());
        }
        assertThat(live(own).rollbackMethodTo("v2")).isEqualTo(RollbackMethod.KEPT);
        assertThat(live(own).rollbackMethodTo("v1")).isEqualTo(RollbackMethod.NONE);
    }

    /** Returns a job in a folder tree of its own: the jobs of one tree tell each other which version serves. */
    private static FreeStyleProject job(String folder, String name) throws Exception {
        return j.createFolder(folder).createProject(FreeStyleProject.class, name);
    }

    private static EnvironmentView live(FreeStyleProject job) throws Exception {
        return new DeploymentsAction(job)
                .getEnvironments().stream()
                        .filter(EnvironmentView::isLive)
                        .findFirst()
                        .orElseThrow();
    }
}
