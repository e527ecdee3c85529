package io.jenkins.plugins.pymacaron.jenkins.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import io.jenkins.plugins.pymacaron.jenkins.credentials.Visitor;
import io.jenkins.plugins.pymacaron.jenkins.history.DeploymentsAction;
import io.jenkins.plugins.pymacaron.jenkins.history.PausedEnvironments;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.MockFolder;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;
import org.kohsuke.stapler.bind.JavaScriptMethod;

/** Every method of these packages that the web can call, called by those who must not and by those who may. */
@WithJenkins
class WebMethodsTest {
    private static final List<String> PAGES = List.of(
            "deployments/",
            "deployments/api/json",
            "deployments/compare?from=1&to=2",
            "1/acceptance/",
            "1/plan/",
            "1/api/json",
            "1/acceptance/api/json");
    private static final String CASES = "1/acceptance/cases?section=0";
    private static final List<String> CHANGING =
            List.of("deployments/rollback", "deployments/pause", "deployments/resume");

    private static JenkinsRule j;

    @BeforeAll
    static void boot(JenkinsRule rule) throws Exception {
        j = rule;
        MockFolder folder = j.createFolder("team");
        MockFolder other = j.createFolder("other");
        FreeStyleProject job = folder.createProject(FreeStyleProject.class, "hello");
        Delivery.build(j, job, Story.shipped(1, "1").planning("Plan for hello", "  build image"));
        Delivery.build(j, job, Story.shipped(2, "2"));
        Delivery.prepare(job, Story.of(3, "1").rolledBack("1"));
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ)
                .everywhere()
                .to("reader", "stranger", "builder", "roller", "configurer")
                .grant(Item.READ, Item.DISCOVER)
                .onItems(folder, job)
                .to("reader", "builder", "roller", "configurer")
                .grant(Item.CONFIGURE)
                .onItems(job)
                .to("configurer")
                .grant(Item.BUILD)
                .onItems(job)
                .to("builder")
                .grant(DeploymentsAction.ROLLBACK)
                .onItems(job)
                .to("roller")
                .grant(Item.READ, Item.CONFIGURE, Item.BUILD, DeploymentsAction.ROLLBACK)
                .onFolders(other)
                .to("stranger"));
    }

    @Test
    void areAllKnown() {
        List<String> found = new ClassFileImporter()
                        .importPackages(
                                AcceptanceAction.class.getPackageName(),
                                DeploymentsAction.class.getPackageName(),
                                PymacaronRun.class.getPackageName())
                        .stream()
                        .flatMap(c -> c.getMethods().stream())
                        .filter(WebMethodsTest::isOfTheWeb)
                        .map(m -> simple(m.getOwner()) + "." + m.getName())
                        .filter(name -> !name.contains("Test"))
                        .toList();
        assertThat(found)
                .containsExactlyInAnyOrder(
                        "AcceptanceAction.doCases",
                        "DeploymentsAction.doRollback",
                        "DeploymentsAction.doPause",
                        "DeploymentsAction.doResume",
                        // Bound to the session of whoever was shown the job's page.
                        "StageTrend.getBuildTrendModel");
    }

    @Test
    void areOnlyForThoseWhoMay() throws Exception {
        Visitor stranger = Visitor.named(j, "stranger");
        for (String page : PAGES) {
            assertThat(stranger.got("job/team/job/hello/" + page)).as(page).isEqualTo(404);
            assertThat(anonymous("GET", page)).as(page).isEqualTo(403);
        }
        assertThat(stranger.got("job/team/job/hello/" + CASES)).isEqualTo(404);
        assertThat(anonymous("GET", CASES)).isEqualTo(403);
        for (String method : CHANGING) {
            assertThat(status(stranger, method)).as(method).isEqualTo(404);
            assertThat(anonymous("POST", method + "?version=1&environment=" + Story.LIVE))
                    .as(method)
                    .isEqualTo(403);
        }
        for (String name : List.of("reader", "configurer")) {
            Visitor reader = Visitor.named(j, name);
            for (String page : PAGES) {
                assertThat(reader.got("job/team/job/hello/" + page)).as(page).isEqualTo(200);
            }
            assertThat(reader.got("job/team/job/hello/" + CASES)).isEqualTo(200);
            for (String method : CHANGING) {
                assertThat(status(reader, method)).as(method).isEqualTo(403);
            }
            assertThat(reader.posted("job/team/job/hello/deployments/"))
                    .doesNotContain("Roll back to this version", "Deploy this version again", "Pause deployments");
        }
        assertThat(PausedEnvironments.get().pausedBy(Story.LIVE, hello())).isEmpty();
        assertThat(hello().getLastBuild().getNumber()).isEqualTo(2);
    }

    @Test
    void needAPostWithACrumb() throws Exception {
        Visitor builder = Visitor.named(j, "builder");
        for (String method : CHANGING) {
            assertThat(builder.got("job/team/job/hello/" + method + "?environment=" + Story.LIVE + "&version=1"))
                    .as(method)
                    .isEqualTo(405);
            try (JenkinsRule.WebClient web = j.createWebClient().login("builder")) {
                web.setThrowExceptionOnFailingStatusCode(false);
                URL url = new URL(web.getContextPath() + "job/team/job/hello/" + method + "?environment=" + Story.LIVE
                        + "&version=1");
                assertThat(web.getPage(new WebRequest(url, HttpMethod.POST))
                                .getWebResponse()
                                .getStatusCode())
                        .as("%s without a crumb", method)
                        .isEqualTo(403);
            }
        }
        for (String name : List.of("builder", "roller")) {
            Visitor visitor = Visitor.named(j, name);
            assertThat(status(visitor, "deployments/pause")).isEqualTo(200);
            assertThat(PausedEnvironments.get().pausedBy(Story.LIVE, hello())).contains(name);
            assertThat(visitor.posted("job/team/job/hello/deployments/")).contains("Roll back to this version");
            assertThat(status(visitor, "deployments/resume")).isEqualTo(200);
            assertThat(PausedEnvironments.get().pausedBy(Story.LIVE, hello())).isEmpty();
            for (String method : List.of("deployments/pause", "deployments/resume")) {
                assertThat(visitor.post("job/team/job/hello/" + method, "environment", "docker/others/live")
                                .getWebResponse()
                                .getStatusCode())
                        .as("an environment that this job never deployed to")
                        .isEqualTo(400);
            }
        }
    }

    private static int status(Visitor visitor, String method) throws Exception {
        return visitor.post("job/team/job/hello/" + method, "environment", Story.LIVE, "version", "1")
                .getWebResponse()
                .getStatusCode();
    }

    /** Without a browser, which would go on to the form to log in. */
    private static int anonymous(String method, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(j.getURL() + "job/team/job/hello/" + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("Jenkins-Crumb", "test")
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static FreeStyleProject hello() {
        return j.jenkins.getItemByFullName("team/hello", FreeStyleProject.class);
    }

    private static boolean isOfTheWeb(JavaMethod method) {
        return method.getName().matches("do[A-Z].*|getDynamic|js[A-Z].*")
                || method.isAnnotatedWith(JavaScriptMethod.class)
                || method.isAnnotatedWith(org.kohsuke.stapler.WebMethod.class);
    }

    private static String simple(JavaClass owner) {
        return owner.getSimpleName();
    }
}
