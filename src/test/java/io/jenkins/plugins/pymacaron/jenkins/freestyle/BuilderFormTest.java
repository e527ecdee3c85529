package io.jenkins.plugins.pymacaron.jenkins.freestyle;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import io.jenkins.plugins.pymacaron.jenkins.credentials.CredentialIds;
import io.jenkins.plugins.pymacaron.jenkins.credentials.SecretBinding;
import io.jenkins.plugins.pymacaron.jenkins.credentials.Stores;
import io.jenkins.plugins.pymacaron.jenkins.credentials.Visitor;
import java.io.ByteArrayInputStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import jenkins.model.Jenkins;
import org.htmlunit.html.DomNode;
import org.htmlunit.html.HtmlElement;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The form of the build step, and what it tells to whom. */
@WithJenkins
class BuilderFormTest {
    private static final String DESCRIPTOR = "descriptorByName/" + PymacaronBuilder.class.getName();
    private static final String IN_TEAM = "job/team/job/job/" + DESCRIPTOR;

    private static JenkinsRule j;

    @BeforeAll
    static void jenkins(JenkinsRule rule) throws Exception {
        j = rule;
        Folder team = j.createProject(Folder.class, "team");
        FreeStyleProject job = team.createProject(FreeStyleProject.class, "job");
        Folder other = j.createProject(Folder.class, "other");
        other.createProject(FreeStyleProject.class, "job");
        Stores.add(Stores.text("api-key", "s"));
        Stores.add(Stores.login("registry", "anna", "s"));
        // With a workspace to look into.
        j.buildAndAssertSuccess(job);
        job.getSomeWorkspace().child("services/hello/pym-config.yaml").write("name: hello", "UTF-8");
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin")
                .grant(Jenkins.READ)
                .everywhere()
                .toEveryone()
                .grant(Item.READ)
                .everywhere()
                .to("reader", "owner", "blind", "stranger")
                .grant(Item.CONFIGURE, Item.WORKSPACE)
                .onItems(team, job)
                .to("owner")
                .grant(Item.CONFIGURE)
                .onItems(team, job)
                .to("blind")
                .grant(Item.CONFIGURE, Item.WORKSPACE)
                .onFolders(other)
                .to("stranger"));
    }

    @Test
    void theFormKeepsWhatIsTypedIn() throws Exception {
        PymacaronBuilder builder = new PymacaronBuilder();
        builder.setDir("services/hello");
        builder.setEnv("eu");
        builder.setTarget("docker");
        builder.setUntil("STAGING");
        builder.setSkipUnit(true);
        builder.setSkipContainer(true);
        builder.setSkipStaging(true);
        builder.setSkipLive(true);
        builder.setForceBuild(true);
        builder.setKeepImageLocal(true);
        builder.setKeepFailed(true);
        builder.setPython("/opt/python");
        builder.setCanary("5, 25, 50");
        builder.setAllowOlder(true);
        builder.setTimeouts("build=20m\nstaging=10m\naccept-staging=90s");
        CredentialIds ids = new CredentialIds();
        ids.setDocker("registry");
        ids.setAws("account");
        ids.setGcp("robot");
        ids.setKubeconfig("cluster");
        builder.setCredentials(ids);
        builder.setSecrets(List.of(new SecretBinding("API_KEY", "api-key"), new SecretBinding("OTHER", "gone")));
        PymacaronBuilder kept = roundTrip("full", builder);
        j.assertEqualDataBoundBeans(builder, kept);
        assertThat(SecretBinding.toMap(kept.getSecrets())).isEqualTo(SecretBinding.toMap(builder.getSecrets()));

        PymacaronBuilder untouched = roundTrip("untouched", new PymacaronBuilder());
        j.assertEqualDataBoundBeans(new PymacaronBuilder(), untouched);
        for (LastStage until : LastStage.values()) {
            PymacaronBuilder some = new PymacaronBuilder();
            some.setUntil(until.name());
            assertThat(roundTrip("until-" + until, some).getUntil()).isEqualTo(until.name());
        }
    }

    @Test
    void saysWhatIsSkippedShowsExamplesAndGroupsTheRest() throws Exception {
        FreeStyleProject project = j.createFreeStyleProject("shown");
        project.getBuildersList().add(new PymacaronBuilder());
        HtmlPage page = j.createWebClient().login("admin").getPage(project, "configure");
        DomNode form = page.getFirstByXPath("//div[contains(@class, 'pym-form')]");
        assertThat(form.<HtmlElement>getByXPath(".//input[starts-with(@name, '_.skip')]"))
                .extracting(box -> box.getParentNode().getTextContent().strip())
                .containsExactly(
                        "Unit tests: test/ does not run",
                        "Acceptance of the image: testaccept/ does not run against a container of it",
                        "Acceptance of staging: a version is promoted to live without tests on staging",
                        "Acceptance of live: a version that does not work is not rolled back automatically");
        assertThat(form.<HtmlElement>getByXPath(".//input[@name='_.dir' or @name='_.env' or @name='_.canary']"))
                .extracting(field -> field.getAttribute("placeholder"))
                .containsExactly(
                        "for example services/hello",
                        "for example production, for pym-config.production.yaml",
                        "for example 5, 25, 50");
        assertThat(form.<HtmlElement>getByXPath(".//*[contains(@class, 'jenkins-section__title')]"))
                .extracting(title -> title.getLastChild().getTextContent().strip())
                .containsExactly("Image", "Tests and time", "Going live", "After a failure");
    }

    private static PymacaronBuilder roundTrip(String name, PymacaronBuilder builder) throws Exception {
        FreeStyleProject project = j.createFreeStyleProject(name);
        project.getBuildersList().add(builder);
        HtmlPage page = j.createWebClient().login("admin").getPage(project, "configure");
        HtmlForm form = page.getFormByName("config");
        j.submit(form);
        return j.jenkins
                .getItemByFullName(name, FreeStyleProject.class)
                .getBuildersList()
                .get(PymacaronBuilder.class);
    }

    @Test
    void aFileNeedNotHaveEverything() throws Exception {
        String name = PymacaronBuilder.class.getName();
        FreeStyleProject project =
                (FreeStyleProject) j.jenkins.createProjectFromXML("by-hand", stream("""
                <project><builders><%s/></builders></project>
                """.formatted(name)));
        PymacaronBuilder builder = project.getBuildersList().get(PymacaronBuilder.class);
        j.assertEqualDataBoundBeans(new PymacaronBuilder(), builder);
        assertThat(builder.getUntil()).isEqualTo("LIVE");
        assertThat(builder.getTimeouts()).isEmpty();
    }

    @Test
    void everyFieldIsExplained() throws Exception {
        List<String> fields = Arrays.stream(PymacaronBuilder.class.getDeclaredFields())
                .map(Field::getName)
                .filter(f -> !f.startsWith("skip") && !f.equals("credentials") && !f.startsWith("$"))
                .toList();
        assertThat(fields).contains("until", "secrets");
        Visitor reader = Visitor.named(j, "reader");
        for (String field : fields) {
            assertThat(reader.got("descriptor/" + PymacaronBuilder.class.getName() + "/help/" + field))
                    .as(field)
                    .isEqualTo(200);
        }
        assertThat(reader.got("descriptor/" + PymacaronBuilder.class.getName() + "/help"))
                .isEqualTo(200);
        assertThat(reader.got("descriptor/" + PymacaronBuilder.class.getName() + "/help/skip"))
                .isEqualTo(200);
    }

    @Test
    void checksHelpWhoConfiguresTheJob() throws Exception {
        Visitor owner = Visitor.named(j, "owner");
        assertThat(owner.posted(IN_TEAM + "/checkDir", "value", "../etc")).contains("inside the workspace");
        assertThat(owner.posted(IN_TEAM + "/checkDir", "value", "C:\\x")).contains("inside the workspace");
        assertThat(owner.posted(IN_TEAM + "/checkDir", "value", "services/hello"))
                .doesNotContain("There is no");
        assertThat(owner.posted(IN_TEAM + "/checkDir", "value", "services"))
                .contains("There is no services/pym-config.yaml in the workspace of the last build.");
        assertThat(owner.posted(IN_TEAM + "/checkEnv", "value", "eu", "dir", "services/hello"))
                .contains("There is no services/hello/pym-config.eu.yaml");
        assertThat(owner.posted(IN_TEAM + "/checkEnv", "value", "e/<b>", "dir", ""))
                .contains("cannot be the ENV of pym-config.ENV.yaml")
                .doesNotContain("<b>");
        for (String fits : List.of("", " ", "5", "5, 25,50")) {
            assertThat(owner.posted(IN_TEAM + "/checkCanary", "value", fits))
                    .as(fits)
                    .doesNotContain("percentages");
        }
        for (String unfit : List.of("50, 25", "5%", "5,", "0", "100", "5, 5", "5 25")) {
            assertThat(owner.posted(IN_TEAM + "/checkCanary", "value", unfit))
                    .as(unfit)
                    .contains("Enter increasing percentages from 1 to 99");
        }
        assertThat(owner.posted(IN_TEAM + "/fillTargetItems"))
                .contains("\"docker\"", "\"beanstalk\"", "\"cloud-run\"", "\"gke\"");
        assertThat(owner.posted(IN_TEAM + "/fillUntilItems")).contains("LIVE", "STAGING", "PUSH", "PLAN");
        // The path is right, but this user must not learn what is in the workspace.
        assertThat(Visitor.named(j, "blind").posted(IN_TEAM + "/checkDir", "value", "services"))
                .doesNotContain("There is no");
    }

    @Test
    void noOtherUserLearnsAnything() throws Exception {
        for (Visitor other : List.of(Visitor.anonymous(j), Visitor.named(j, "reader"), Visitor.named(j, "stranger"))) {
            for (String where : List.of(IN_TEAM, DESCRIPTOR)) {
                assertThat(other.posted(where + "/checkDir", "value", "../etc")).doesNotContain("workspace");
                assertThat(other.posted(where + "/checkDir", "value", "services"))
                        .doesNotContain("There is no");
                assertThat(other.posted(where + "/checkEnv", "value", "eu", "dir", ""))
                        .doesNotContain("There is no");
                assertThat(other.posted(where + "/checkCanary", "value", "x")).doesNotContain("percentages");
                assertThat(other.posted(where + "/fillUntilItems")).doesNotContain("PLAN");
                assertThat(other.posted(where + "/fillTargetItems")).doesNotContain("\"docker\"");
            }
        }
        Visitor admin = Visitor.named(j, "admin");
        for (String method : List.of("checkDir", "checkEnv", "checkCanary", "fillUntilItems", "fillTargetItems")) {
            assertThat(admin.got(IN_TEAM + "/" + method + "?value=x&dir="))
                    .as(method)
                    .isEqualTo(405);
        }
    }

    private static ByteArrayInputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
