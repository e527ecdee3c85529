package io.jenkins.plugins.pymacaron.jenkins.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.FreeStyleProject;
import hudson.model.Items;
import hudson.security.AuthorizationStrategy;
import hudson.util.FormValidation;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.casc.yaml.YamlSource;
import io.jenkins.plugins.pymacaron.jenkins.credentials.CredentialIds;
import io.jenkins.plugins.pymacaron.jenkins.credentials.SecretBinding;
import io.jenkins.plugins.pymacaron.jenkins.credentials.Stores;
import io.jenkins.plugins.pymacaron.jenkins.credentials.Visitor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The defaults of Jenkins and of folders: what holds where, and by which ways they are set. */
@WithJenkins
class DefaultsTest {
    private static final String YAML = """
            unclassified:
              pymacaron:
                defaults:
                  credentials:
                    docker: "registry"
                    aws: "account"
                  secrets:
                  - name: "API_KEY"
                    credentialsId: "api-key"
                  timeouts: |-
                    build=20m
                    staging=10m
                  keepImages: 3
            """;

    private static JenkinsRule j;

    @BeforeAll
    static void jenkins(JenkinsRule rule) throws Exception {
        j = rule;
        Stores.add(Stores.text("api-key", "s"));
        Stores.add(Stores.login("registry", "anna", "s"));
    }

    @BeforeEach
    void nothingIsSet() {
        PymacaronGlobalConfiguration.get().setDefaults(null);
    }

    @Test
    void theInnermostFolderComesFirst() throws Exception {
        PymacaronGlobalConfiguration.get().setDefaults(defaults("registry", "account", "build=1m\nunit=1m", "A", "B"));
        Folder outer = j.createProject(Folder.class, "outer");
        outer.addProperty(new PymacaronFolderProperty(defaults("outer", null, "build=2m\nlive=2m", "B", "C")));
        Folder inner = outer.createProject(Folder.class, "inner");
        inner.addProperty(new PymacaronFolderProperty(defaults(null, null, "live=3m", "C")));
        FreeStyleProject job = inner.createProject(FreeStyleProject.class, "job");

        Defaults found = Defaults.of(job);
        assertThat(found.getCredentials().getDocker()).isEqualTo("outer");
        assertThat(found.getCredentials().getAws()).isEqualTo("account");
        assertThat(found.getTimeoutsByStage()).isEqualTo(Map.of("build", "2m", "unit", "1m", "live", "3m"));
        assertThat(found.getSecretIds()).isEqualTo(Map.of("A", "a-of-registry", "B", "b-of-outer", "C", "c-of-null"));
        assertThat(Defaults.of(j.createFreeStyleProject("outside"))
                        .getCredentials()
                        .getDocker())
                .isEqualTo("registry");
    }

    @Test
    void formsKeepThem() throws Exception {
        Defaults set = defaults("registry", "account", "build=20m\nstaging=10m", "API_KEY");
        set.setSecrets(List.of(new SecretBinding("API_KEY", "api-key")));
        set.setKeepImages(7);
        PymacaronGlobalConfiguration.get().setDefaults(set);
        j.configRoundtrip();
        assertSame(PymacaronGlobalConfiguration.get().getDefaults(), set);

        Folder folder = j.createProject(Folder.class, "folder");
        folder.addProperty(new PymacaronFolderProperty(set));
        folder = j.configRoundtrip(folder);
        assertThat(Defaults.of(folder.createProject(FreeStyleProject.class, "job"))
                        .getKeepImages())
                .isEqualTo(7);
        PymacaronFolderProperty kept = folder.getProperties().get(PymacaronFolderProperty.class);
        assertSame(kept.getDefaults(), set);
    }

    @Test
    void theyOutliveAReload() throws Exception {
        Defaults set = defaults("registry", null, "build=20m", "API_KEY");
        PymacaronGlobalConfiguration.get().setDefaults(set);
        PymacaronGlobalConfiguration again = new PymacaronGlobalConfiguration();
        assertSame(again.getDefaults(), set);
    }

    @Test
    void configurationAsCodeSetsAndExportsThem() throws Exception {
        ConfigurationAsCode.get().configureWith(new YamlSource<>(new ByteArrayInputStream(bytes(YAML))));
        Defaults set = PymacaronGlobalConfiguration.get().getDefaults();
        assertThat(set.getCredentials().getDocker()).isEqualTo("registry");
        assertThat(set.getCredentials().getAws()).isEqualTo("account");
        assertThat(set.getSecretIds()).isEqualTo(Map.of("API_KEY", "api-key"));
        assertThat(set.getTimeoutsByStage()).isEqualTo(Map.of("build", "20m", "staging", "10m"));
        assertThat(set.getKeepImages()).isEqualTo(3);

        ByteArrayOutputStream exported = new ByteArrayOutputStream();
        ConfigurationAsCode.get().export(exported);
        String yaml = exported.toString(StandardCharsets.UTF_8);
        assertThat(yaml).contains("""
              pymacaron:
                defaults:
                  credentials:
                    aws: "account"
                    docker: "registry"
                  keepImages: 3
                  secrets:
                  - credentialsId: "api-key"
                    name: "API_KEY"
                  timeouts: |-
                    build=20m
                    staging=10m
            """);
    }

    @Test
    void filesWrittenByHandNeedNotHaveEverything() throws Exception {
        Folder folder = (Folder) j.jenkins.createProjectFromXML("by-hand", new ByteArrayInputStream(bytes("""
                <com.cloudbees.hudson.plugins.folder.Folder>
                  <properties>
                    <%1$s><defaults><secrets><%2$s/></secrets></defaults></%1$s>
                  </properties>
                </com.cloudbees.hudson.plugins.folder.Folder>
                """.formatted(
                        PymacaronFolderProperty.class.getName(), SecretBinding.class.getName()))));
        FreeStyleProject job = folder.createProject(FreeStyleProject.class, "job");
        assertThat(Defaults.of(job).getSecretIds()).isEmpty();
        assertThat(Defaults.of(job).getTimeoutsByStage()).isEmpty();
        Object bare = Items.XSTREAM2.fromXML("<" + PymacaronFolderProperty.class.getName() + "/>");
        assertThat(((PymacaronFolderProperty) bare).getDefaults().getTimeouts()).isEmpty();
    }

    @Test
    void timeoutsAreChecked() {
        StageTimeout.DescriptorImpl table = j.jenkins.getDescriptorByType(StageTimeout.DescriptorImpl.class);
        for (String fits : List.of("", " 20m ", "90s", "1h30m")) {
            assertThat(table.doCheckTime(fits, "build").kind).as(fits).isEqualTo(FormValidation.Kind.OK);
        }
        assertThat(table.doCheckTime("soon", "build").getMessage())
                .contains("The timeout of &#039;build&#039; must be a time such as 90s, 10m or 1h30m.");
        assertThat(table.doCheckStage("accept_staging").kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(table.doCheckStage("biuld").getMessage())
                .contains("There is no stage &#039;biuld&#039;")
                .contains("accept-staging");
        assertThat(table.doFillStageItems("build"))
                .extracting(item -> item.value)
                .isEqualTo(FormChecks.stages());
        assertThat(table.doFillStageItems("biuld"))
                .as("what a file says is not replaced unseen")
                .last()
                .satisfies(item -> assertThat(item.name).isEqualTo("biuld: there is no such stage"));
    }

    @Test
    void onlyAdministratorsSeeTheForm() throws Exception {
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin")
                .grant(Jenkins.READ)
                .everywhere()
                .toEveryone());
        try {
            assertThat(Visitor.named(j, "admin").got("manage/configure")).isEqualTo(200);
            assertThat(Visitor.named(j, "reader").got("manage/configure")).isEqualTo(403);
            String check = "descriptorByName/" + StageTimeout.class.getName() + "/checkStage";
            assertThat(Visitor.anonymous(j).got(check + "?value=x")).isEqualTo(405);
            assertThat(Visitor.anonymous(j).posted(check, "value", "biuld<i>"))
                    .contains("There is no stage")
                    .doesNotContain("<i>");
            String images = "descriptorByName/" + Defaults.class.getName() + "/checkKeepImages";
            assertThat(Visitor.anonymous(j).got(images + "?value=x")).isEqualTo(405);
            assertThat(Visitor.anonymous(j).posted(images, "value", "0")).contains("whole number");
            assertThat(Visitor.anonymous(j).posted(images, "value", "12")).doesNotContain("whole number");
        } finally {
            j.jenkins.setAuthorizationStrategy(AuthorizationStrategy.UNSECURED);
        }
    }

    private static void assertSame(Defaults found, Defaults expected) {
        assertThat(found.getCredentials()).isEqualTo(expected.getCredentials());
        assertThat(found.getSecretIds()).isEqualTo(expected.getSecretIds());
        assertThat(found.getTimeoutsByStage()).isEqualTo(expected.getTimeoutsByStage());
        assertThat(found.getKeepImages()).isEqualTo(expected.getKeepImages());
    }

    private static Defaults defaults(String docker, String aws, String timeouts, String... secrets) {
        CredentialIds ids = new CredentialIds();
        ids.setDocker(docker);
        ids.setAws(aws);
        Defaults defaults = new Defaults();
        defaults.setCredentials(ids);
        defaults.setTimeouts(timeouts);
        defaults.setSecrets(Arrays.stream(secrets)
                .map(name -> new SecretBinding(name, name.toLowerCase(Locale.ROOT) + "-of-" + docker))
                .toList());
        return defaults;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
