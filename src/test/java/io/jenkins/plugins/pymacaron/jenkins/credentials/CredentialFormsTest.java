package io.jenkins.plugins.pymacaron.jenkins.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Tests which users see which credentials in the drop-downs and checks of the forms. */
@WithJenkins
class CredentialFormsTest {
    private static final String DESCRIPTORS = "descriptorByName/io.jenkins.plugins.pymacaron.jenkins.credentials.";
    private static final String IN_TEAM = "job/team/job/job/" + DESCRIPTORS;
    private static final Map<String, String> FILLS = Map.of(
            "CredentialIds/fillDockerItems", "docker",
            "CredentialIds/fillAwsItems", "aws",
            "CredentialIds/fillGcpItems", "gcp",
            "CredentialIds/fillKubeconfigItems", "kubeconfig",
            "SecretBinding/fillCredentialsIdItems", "credentialsId");
    private static final List<String> CHECKS = List.of(
            "CredentialIds/checkDocker",
            "CredentialIds/checkAws",
            "CredentialIds/checkGcp",
            "CredentialIds/checkKubeconfig");

    private static JenkinsRule j;

    @BeforeAll
    static void jenkins(JenkinsRule rule) throws Exception {
        j = rule;
        Folder team = j.createProject(Folder.class, "team");
        FreeStyleProject job = team.createProject(FreeStyleProject.class, "job");
        Folder other = j.createProject(Folder.class, "other");
        other.createProject(FreeStyleProject.class, "job");
        TokenCredentials.install();
        Stores.add(Stores.text("global-text", "s"));
        Stores.add(team, Stores.text("team-text", "s"));
        Stores.add(team, Stores.file("team-file", "s"));
        Stores.add(team, Stores.login("team-login", "anna", "s"));
        Stores.add(team, new TokenCredentials("team-token", "s"));
        Stores.add(team, Stores.aws("team-account"));
        Stores.add(team, Robots.json("team-robot"));
        Stores.add(other, Stores.text("other-text", "s"));
        Stores.add(other, Stores.file("other-file", "s"));
        Stores.add(other, Stores.aws("other-account"));
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
                .to("reader", "owner", "stranger")
                .grant(Item.CONFIGURE)
                .onItems(team, job)
                .to("owner")
                .grant(Item.CONFIGURE)
                .onFolders(other)
                .to("stranger"));
    }

    @Test
    void aUserWhoConfiguresTheJobChoosesAmongFittingCredentials() throws Exception {
        Visitor owner = Visitor.named(j, "owner");
        assertThat(owner.posted(IN_TEAM + "CredentialIds/fillDockerItems", "docker", ""))
                .contains("team-login", "team-token")
                .doesNotContain("-text", "-file", "-account", "other");
        assertThat(owner.posted(IN_TEAM + "CredentialIds/fillAwsItems", "aws", ""))
                .contains("team-account")
                .doesNotContain("-text", "-file", "-login", "-token", "other");
        for (String cloud : List.of("Gcp", "Kubeconfig")) {
            assertThat(owner.posted(
                            IN_TEAM + "CredentialIds/fill" + cloud + "Items", cloud.toLowerCase(Locale.ROOT), ""))
                    .contains("team-file")
                    .doesNotContain("-text", "-account", "-login", "-token", "other");
        }
        assertThat(owner.posted(IN_TEAM + "CredentialIds/fillGcpItems", "gcp", ""))
                .contains("team-robot");
        assertThat(owner.posted(IN_TEAM + "CredentialIds/checkGcp", "value", "team-robot"))
                .doesNotContain("There is no");
        assertThat(owner.posted(IN_TEAM + "CredentialIds/fillKubeconfigItems", "kubeconfig", ""))
                .doesNotContain("team-robot");
        assertThat(owner.posted(IN_TEAM + "SecretBinding/fillCredentialsIdItems", "credentialsId", ""))
                .contains("global-text", "team-text", "team-file", "team-login")
                .doesNotContain("team-token", "other");
    }

    @Test
    void aUserWhoDoesNotSeesOnlyTheChosenOne() throws Exception {
        Map<String, Visitor> others = Map.of(
                "anonymous", Visitor.anonymous(j),
                "reader", Visitor.named(j, "reader"),
                "stranger", Visitor.named(j, "stranger"));
        for (Map.Entry<String, Visitor> other : others.entrySet()) {
            for (Map.Entry<String, String> fill : FILLS.entrySet()) {
                for (String where : List.of(IN_TEAM, DESCRIPTORS)) {
                    assertThat(other.getValue().posted(where + fill.getKey(), fill.getValue(), "chosen"))
                            .as(other.getKey() + " " + where + fill.getKey())
                            .doesNotContain("team-", "global-", "other-");
                }
            }
            for (String check : CHECKS) {
                assertThat(other.getValue().posted(IN_TEAM + check, "value", "typo"))
                        .as(other.getKey() + " " + check)
                        .doesNotContain("typo");
            }
            assertThat(other.getValue().posted(IN_TEAM + "SecretBinding/checkCredentialsId", "value", "typo"))
                    .as(other.getKey())
                    .doesNotContain("typo");
            assertThat(other.getValue().posted(IN_TEAM + "SecretBinding/checkName", "value", "no-name"))
                    .as(other.getKey())
                    .doesNotContain("no-name");
        }
        assertThat(others.get("reader").posted(IN_TEAM + "SecretBinding/fillCredentialsIdItems", "credentialsId", "x"))
                .contains("\"x\"");
    }

    @Test
    void outsideOfJobsOnlyAdministratorsMayChoose() throws Exception {
        assertThat(Visitor.named(j, "admin")
                        .posted(DESCRIPTORS + "SecretBinding/fillCredentialsIdItems", "credentialsId", ""))
                .contains("global-text")
                .doesNotContain("team-", "other-");
        assertThat(Visitor.named(j, "owner")
                        .posted(DESCRIPTORS + "SecretBinding/fillCredentialsIdItems", "credentialsId", ""))
                .doesNotContain("global-text");
    }

    @Test
    void checksSayWhatIsWrong() throws Exception {
        Visitor owner = Visitor.named(j, "owner");
        String unknown = "There is no credential";
        assertThat(owner.posted(IN_TEAM + "CredentialIds/checkDocker", "value", "team-text"))
                .contains(unknown);
        assertThat(owner.posted(IN_TEAM + "SecretBinding/checkCredentialsId", "value", "other-text"))
                .contains(unknown);
        for (String wrong : List.of("team-login", "other-account", "team-file")) {
            assertThat(owner.posted(IN_TEAM + "CredentialIds/checkAws", "value", wrong))
                    .contains(unknown);
        }
        assertThat(owner.posted(IN_TEAM + "CredentialIds/checkAws", "value", "team-account"))
                .doesNotContain(unknown);
        for (String check : List.of("CredentialIds/checkGcp", "CredentialIds/checkKubeconfig")) {
            assertThat(owner.posted(IN_TEAM + check, "value", "team-file")).doesNotContain(unknown);
            assertThat(owner.posted(IN_TEAM + check, "value", "team-text")).contains(unknown);
            assertThat(owner.posted(IN_TEAM + check, "value", "other-file")).contains(unknown);
        }
        for (String fine : List.of("", "team-text", "global-text", "team-login", "${PARAMETER}")) {
            assertThat(owner.posted(IN_TEAM + "SecretBinding/checkCredentialsId", "value", fine))
                    .as(fine)
                    .doesNotContain(unknown);
        }
        assertThat(owner.posted(IN_TEAM + "SecretBinding/checkName", "value", "1<b>"))
                .contains("cannot be the name of an environment variable")
                .doesNotContain("<b>");
        assertThat(owner.posted(IN_TEAM + "SecretBinding/checkName", "value", "API_KEY"))
                .doesNotContain("cannot");
    }

    @Test
    void linksOfOtherPagesGetNoAnswer() throws Exception {
        Visitor admin = Visitor.named(j, "admin");
        for (String method : List.of(
                "CredentialIds/fillDockerItems?docker=",
                "CredentialIds/checkDocker?value=x",
                "CredentialIds/fillAwsItems?aws=",
                "CredentialIds/checkAws?value=x",
                "CredentialIds/fillGcpItems?gcp=",
                "CredentialIds/checkGcp?value=x",
                "CredentialIds/fillKubeconfigItems?kubeconfig=",
                "CredentialIds/checkKubeconfig?value=x",
                "SecretBinding/fillCredentialsIdItems?credentialsId=",
                "SecretBinding/checkCredentialsId?value=x",
                "SecretBinding/checkName?value=x")) {
            assertThat(admin.got(IN_TEAM + method)).as(method).isEqualTo(405);
        }
    }
}
