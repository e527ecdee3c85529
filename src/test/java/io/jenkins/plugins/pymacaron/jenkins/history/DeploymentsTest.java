package io.jenkins.plugins.pymacaron.jenkins.history;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Cause;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import io.jenkins.plugins.pymacaron.jenkins.credentials.Visitor;
import io.jenkins.plugins.pymacaron.jenkins.report.Delivery;
import io.jenkins.plugins.pymacaron.jenkins.report.Story;
import io.jenkins.plugins.pymacaron.jenkins.run.RollbackRequest;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.List;
import net.sf.json.JSONObject;
import org.htmlunit.html.HtmlElement;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.MockFolder;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class DeploymentsTest {
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
    void outliveTheirBuildsAndGoWithTheirJob() throws Exception {
        FreeStyleProject job = j.createFreeStyleProject("moving");
        Delivery.build(j, job, Story.shipped(1, "1"));
        Delivery.build(j, job, Story.shipped(2, "2"));
        job.getBuildByNumber(1).delete();
        job.getBuildByNumber(2).delete();
        assertThat(versions(job)).containsExactly("2", "2", "1", "1");

        job.renameTo("moved");
        assertThat(versions(job)).hasSize(4);
        MockFolder folder = j.createFolder("folder");
        job = hudson.model.Items.move(job, folder);
        Delivery.build(j, job, Story.shipped(3, "3"));
        assertThat(versions(job)).containsExactly("3", "3", "2", "2", "1", "1");
        try (JenkinsRule.WebClient web = j.createWebClient().login("ada")) {
            assertThat(web.getPage(job, "deployments").asNormalizedText())
                    .as("builds that are gone are numbers")
                    .contains("#1")
                    .contains("since 2");
        }

        job.delete();
        FreeStyleProject again = folder.createProject(FreeStyleProject.class, "moved");
        assertThat(versions(again)).isEmpty();
        try (JenkinsRule.WebClient web = j.createWebClient().login("ada")) {
            assertThat(web.getPage(again, "deployments").asNormalizedText())
                    .as("what is live is still known")
                    .contains("Live · Docker", "3", "The history of this job begins")
                    .doesNotContain("Pause deployments", "Roll back");
            assertThat(web.getPage(again).asNormalizedText())
                    .contains("An earlier job of this name deployed this version.");
        }
        assertThat(Visitor.named(j, "ada").posted("job/folder/job/moved/deployments/pause", "environment", Story.LIVE))
                .as("it never deployed there itself")
                .contains("This job never deployed that version.");
        Delivery.build(j, again, Story.shipped(4, "4"));
        assertThat(again.getAction(DeploymentsAction.class).getEnvironments())
                .noneMatch(EnvironmentView::isHistoryNew)
                .extracting(view -> view.getCurrent().version())
                .containsExactly("4", "4");
    }

    @Test
    void areRolledBackByABuildOfTheJob() throws Exception {
        FreeStyleProject job = j.createFolder("one").createProject(FreeStyleProject.class, "back");
        Delivery.build(j, job, Story.shipped(1, "1"));
        Delivery.build(j, job, Story.shipped(2, "2"));
        Delivery.prepare(job, Story.of(3, "1").rolledBack("1"));
        Visitor ada = Visitor.named(j, "ada");
        String path = "job/one/job/back/deployments/rollback";

        assertThat(ada.got(path + "?environment=" + Story.LIVE + "&version=1")).isEqualTo(405);
        assertThat(ada.posted(path, "environment", Story.LIVE, "version", "no such"))
                .contains("This job never deployed that version.");
        assertThat(ada.posted(path, "environment", Story.STAGING, "version", "1"))
                .as("staging is not rolled back")
                .contains("This job never deployed that version.");
        assertThat(ada.posted(path)).contains("This job never deployed that version.");
        job.disable();
        assertThat(ada.posted(path, "environment", Story.LIVE, "version", "1")).contains("cannot be built now");
        job.enable();
        assertThat(job.getLastBuild().getNumber()).isEqualTo(2);

        ada.post(path, "environment", Story.LIVE, "version", "1");
        j.waitUntilNoActivity();
        FreeStyleBuild build = job.getLastBuild();
        assertThat(build.getNumber()).isEqualTo(3);
        assertThat(build.getCause(Cause.UserIdCause.class).getUserId()).isEqualTo("ada");
        RollbackRequest request = RollbackRequest.of(build).orElseThrow();
        assertThat(request.getEnvironment()).isEqualTo(Story.LIVE);
        assertThat(request.getVersion()).isEqualTo("1");
        DeploymentEntry newest = DeploymentHistory.of(job).entries().get(0);
        assertThat(newest.by()).isEqualTo("ada");
        assertThat(newest.isRollback()).isTrue();
    }

    @Test
    void nameTheServiceWhereAJobHasSeveral() throws Exception {
        FreeStyleProject job = j.createFolder("three").createProject(FreeStyleProject.class, "several");
        Delivery.build(j, job, Story.of(1, "1").promoted());
        try (JenkinsRule.WebClient web = j.createWebClient().login("ada")) {
            for (String page : List.of(job.getUrl(), job.getUrl() + "deployments")) {
                assertThat(web.goTo(page).getByXPath("//*[@class='pym-service']"))
                        .as("of one service")
                        .isEmpty();
            }
            Delivery.build(
                    j,
                    job,
                    Story.of(2, "7").service("inventory").deployed("promote", "live", "docker/inventory/live", "7", 5));
            assertThat(services(web.goTo(job.getUrl() + "deployments"), "//h2"))
                    .containsExactly("Live · Docker inventory", "Live · Docker hello");
            assertThat(services(
                            web.goTo(job.getUrl()), "//div[@class='jenkins-card__title'][.//*[@class='pym-service']]"))
                    .containsExactly("Live · Docker inventory", "Live · Docker hello");
        }
    }

    private static List<String> services(HtmlPage page, String path) {
        return page.<HtmlElement>getByXPath(path).stream()
                .filter(title -> !title.getByXPath(".//*[@class='pym-service']").isEmpty())
                .map(HtmlElement::asNormalizedText)
                .map(text -> text.replaceAll("\\s+", " "))
                .toList();
    }

    @Test
    void areToldToMachines() throws Exception {
        FreeStyleProject job = j.createFolder("two").createProject(FreeStyleProject.class, "told");
        Delivery.build(j, job, Story.shipped(1, "1"));
        Delivery.build(j, job, Story.rolledBackLive(2, "2", "1"));
        Visitor.named(j, "ada").post("job/two/job/told/deployments/pause", "environment", Story.LIVE);

        JSONObject told;
        try (JenkinsRule.WebClient web = j.createWebClient().login("ada")) {
            told = web.getJSON("job/two/job/told/deployments/api/json").getJSONObject();
        }
        JSONObject live = told.getJSONArray("environments").getJSONObject(0);
        assertThat(live.getString("name")).isEqualTo(Story.LIVE);
        assertThat(live.getString("pausedBy")).isEqualTo("ada");
        JSONObject current = live.getJSONObject("current");
        assertThat(current.getString("version")).isEqualTo("1");
        assertThat(current.getString("stage")).isEqualTo("rollback");
        assertThat(current.getString("digest")).startsWith("sha256:");
        assertThat(current.getInt("build")).isEqualTo(2);
        assertThat(live.getJSONArray("history").size()).isEqualTo(3);
    }

    @Test
    void sayTheExactTimeBesideTheAgeAndWhichVersionIsUnknown() throws Exception {
        FreeStyleProject job = j.createFolder("four").createProject(FreeStyleProject.class, "asked");
        Delivery.build(j, job, Story.shipped(1, "1"));
        try (JenkinsRule.WebClient web = j.createWebClient().login("ada")) {
            List<HtmlElement> ages = web.getPage(job, "deployments").getByXPath("//span[@title][contains(., 'ago')]");
            assertThat(ages).isNotEmpty().allSatisfy(age -> assertThat(age.getAttribute("title"))
                    .contains(String.valueOf(Year.now(ZoneOffset.UTC).getValue())));
            assertThat(web.goTo(job.getUrl() + "deployments/compare?from=1&to=none")
                            .asNormalizedText())
                    .contains("This job never deployed one of these versions");
        }
    }

    private static List<String> versions(FreeStyleProject job) throws Exception {
        return DeploymentHistory.of(job).entries().stream()
                .map(DeploymentEntry::version)
                .toList();
    }
}
