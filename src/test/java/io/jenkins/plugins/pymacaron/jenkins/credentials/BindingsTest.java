package io.jenkins.plugins.pymacaron.jenkins.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import hudson.AbortException;
import hudson.model.FreeStyleProject;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.pymacaron.process.PipelineCredentials;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.cloud.GoogleCredential;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Tests which credentials a build finds, and the messages about those that it does not find. */
@WithJenkins
class BindingsTest {
    private static final String AWKWARD = "a$HOME $$ \"'\\ \n é:";

    private static Folder team;
    private static Run<?, ?> run;
    private static Run<?, ?> elsewhere;
    private static Run<?, ?> pipeline;

    @BeforeAll
    static void credentials(JenkinsRule j) throws Exception {
        team = j.createProject(Folder.class, "team");
        run = j.buildAndAssertSuccess(team.createProject(FreeStyleProject.class, "job"));
        elsewhere = j.buildAndAssertSuccess(j.createFreeStyleProject("elsewhere"));
        WorkflowJob job = team.createProject(WorkflowJob.class, "pipeline");
        job.setDefinition(new CpsFlowDefinition("echo 'hello'", true));
        pipeline = j.buildAndAssertSuccess(job);
        TokenCredentials.install();
        Stores.add(Stores.text("global", AWKWARD));
        Stores.add(team, Stores.text("of-team", "team's"));
        Stores.add(team, Stores.file("file", "line 1\nline 2\n"));
        Stores.add(team, Stores.file("binary", new byte[] {(byte) 0xff, 1, 0}));
        Stores.add(team, Stores.file("zeros", new byte[] {'a', 0, 'b'}));
        Stores.add(team, Stores.file("huge", new byte[(128 << 10) + 1]));
        Stores.add(team, Stores.login("login", "anna", "pass:word"));
        Stores.add(team, new TokenCredentials("token", "from the cloud"));
        Stores.add(team, new TokenCredentials("no-token", ""));
        Stores.add(team, Stores.text("API_KEY", "by its name"));
    }

    @Test
    void secretsOfAllTypesComeByteForByte() throws Exception {
        BoundSecrets bound = resolve(run, "A", "global", "B", "of-team", "C", "file", "D", "login");
        assertThat(bound.getEnvironment())
                .containsOnly(
                        Map.entry("A", AWKWARD),
                        Map.entry("B", "team's"),
                        Map.entry("C", "line 1\nline 2\n"),
                        Map.entry("D_USR", "anna"),
                        Map.entry("D_PSW", "pass:word"));
        assertThat(bound.getSecretNames()).containsExactlyInAnyOrder("A", "B", "C", "D_PSW");
        assertThat(bound.toString()).doesNotContain("team's").doesNotContain("pass:word");
    }

    @Test
    void credentialsThatTheJobCannotSeeAreNotThere() throws Exception {
        assertThat(resolve(elsewhere, "A", "global").getEnvironment()).containsEntry("A", AWKWARD);
        assertRefused(elsewhere, "There is no credential 'of-team' for B that elsewhere may use.", "B", "of-team");
        assertRefused(run, "There is no credential 'typo' for B that team/job may use.", "B", "typo");
    }

    @Test
    void aUselessCredentialIsReportedInOneLine() {
        assertRefused(run, "The credential 'token' cannot be the secret B", "B", "token");
        assertRefused(run, "The secret file 'binary' is not text", "B", "binary");
        assertRefused(run, "The secret file 'zeros' is not text", "B", "zeros");
        assertRefused(run, "The secret file 'huge' has more than 128 KiB", "B", "huge");
        assertRefused(run, "'B=C' cannot be the name of an environment variable", "B=C", "global");
        assertRefused(run, "'' cannot be the name of an environment variable", "", "global");
    }

    @Test
    void theRegistryTakesEveryCredentialThatBecomesAToken() throws Exception {
        assertThat(docker("login").getEnvironment())
                .containsOnly(Map.entry("PYM_REGISTRY_USER", "anna"), Map.entry("PYM_REGISTRY_PASSWORD", "pass:word"));
        assertThat(docker("token").getEnvironment())
                .containsOnly(
                        Map.entry("PYM_REGISTRY_USER", "AWS"), Map.entry("PYM_REGISTRY_PASSWORD", "from the cloud"));
        assertThat(docker("token").getSecretNames()).containsExactly("PYM_REGISTRY_PASSWORD");
        assertThatThrownBy(() -> docker("of-team"))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("The credential 'of-team' cannot log in to an image registry");
        assertThatThrownBy(() -> docker("no-token"))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("The credential 'no-token' cannot log in to an image registry");
        assertThatThrownBy(() -> docker("typo"))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("There is no credential 'typo' for the image registry that team/job may use.");
    }

    @Test
    void cloudsGetVariablesOfThePipelinesOwn() throws Exception {
        Stores.add(team, Stores.aws("aws"));
        Stores.add(team, Stores.file("key.json", "{\n}\n"));
        CredentialIds ids = new CredentialIds();
        ids.setAws("aws");
        ids.setGcp("key.json");
        ids.setKubeconfig("file");
        BoundSecrets bound = clouds(run, ids);
        assertThat(bound.getEnvironment())
                .containsOnly(
                        Map.entry("PYM_AWS_ACCESS_KEY_ID", "AKIAEXAMPLE"),
                        Map.entry("PYM_AWS_SECRET_ACCESS_KEY", "s"),
                        Map.entry("PYM_GCP_KEY", "{\n}\n"),
                        Map.entry("PYM_KUBECONFIG", "line 1\nline 2\n"));
        assertThat(bound.getSecretNames())
                .containsExactlyInAnyOrder("PYM_AWS_SECRET_ACCESS_KEY", "PYM_GCP_KEY", "PYM_KUBECONFIG");
        assertThat(PipelineCredentials.WITHHELD)
                .containsAll(bound.getEnvironment().keySet());
        assertThat(clouds(run, ids.withoutClouds()).getEnvironment()).isEmpty();
        assertThatThrownBy(() -> clouds(elsewhere, ids))
                .hasMessageContaining("no credential 'aws' for AWS that elsewhere");
        ids.setAws("login");
        assertThatThrownBy(() -> clouds(run, ids)).hasMessageContaining("'login' is not an AWS credential");
        ids.setAws(null);
        ids.setGcp("global");
        assertThatThrownBy(() -> clouds(run, ids)).hasMessageContaining("'global' cannot be used for Google Cloud");
    }

    @Test
    void aServiceAccountOfThePluginForGoogleIsAKeyToo(@TempDir Path temporary) throws Exception {
        Stores.add(team, Robots.json("robot"));
        Stores.add(team, Robots.empty("robot-without-key"));
        CredentialIds ids = new CredentialIds();
        ids.setGcp("robot");
        BoundSecrets bound = clouds(run, ids);
        assertThat(bound.getEnvironment()).containsOnlyKeys("PYM_GCP_KEY");
        assertThat(bound.getSecretNames()).containsExactly("PYM_GCP_KEY");
        assertThat(GoogleCredential.open(new TargetContext(bound.getEnvironment(), line -> {}))
                        .identity())
                .isEqualTo(Robots.EMAIL);
        Stores.add(team, Robots.p12("robot-p12", temporary));
        ids.setGcp("robot-p12");
        assertThat(GoogleCredential.open(new TargetContext(clouds(run, ids).getEnvironment(), line -> {}))
                        .identity())
                .isEqualTo(Robots.EMAIL);
        ids.setGcp("robot-without-key");
        assertThatThrownBy(() -> clouds(run, ids))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("The credential 'robot-without-key' has no usable key");
        assertThat(GoogleServiceAccounts.isMachine(Robots.machine("machine"))).isTrue();
        assertThat(GoogleServiceAccounts.isMachine(Robots.json("other"))).isFalse();
        assertRefused(run, "The credential 'robot' cannot be the secret B", "B", "robot");
    }

    private static BoundSecrets clouds(Run<?, ?> of, CredentialIds ids) throws Exception {
        return Bindings.resolve(of, ids, Map.of(), List.of(), TaskListener.NULL);
    }

    @Test
    void everyUseIsRecorded() throws Exception {
        StandardCredentials secret = Stores.text("tracked", "secret");
        StandardCredentials registry = Stores.login("tracked-registry", "anna", "password");
        Stores.add(secret);
        Stores.add(registry);
        CredentialIds ids = new CredentialIds();
        ids.setDocker("tracked-registry");
        Bindings.resolve(run, ids, Map.of("A", "tracked"), List.of(), TaskListener.NULL);
        for (StandardCredentials used : List.of(secret, registry)) {
            assertThat(CredentialsProvider.getFingerprintOf(used).getJobs()).containsExactly("team/job");
        }
    }

    @Test
    void secretsAreFoundByTheirNames() throws Exception {
        List<String> wanted = List.of("API_KEY", "NO_SUCH", "of-team");
        assertThat(resolve(pipeline, wanted).getEnvironment()).containsOnly(Map.entry("API_KEY", "by its name"));
        assertThat(resolve(pipeline, wanted, "API_KEY", "of-team").getEnvironment())
                .containsOnly(Map.entry("API_KEY", "team's"));
    }

    private static void assertRefused(Run<?, ?> run, String line, String... secrets) {
        assertThatThrownBy(() -> resolve(run, secrets))
                .isInstanceOf(AbortException.class)
                .satisfies(e -> assertThat(e.getMessage()).startsWith(line).doesNotContain("\n"));
    }

    private static BoundSecrets docker(String id) throws Exception {
        CredentialIds ids = new CredentialIds();
        ids.setDocker(id);
        return Bindings.resolve(run, ids, Map.of(), List.of(), TaskListener.NULL);
    }

    private static BoundSecrets resolve(Run<?, ?> run, String... secrets) throws Exception {
        return resolve(run, List.of(), secrets);
    }

    private static BoundSecrets resolve(Run<?, ?> run, List<String> wanted, String... secrets) throws Exception {
        Map<String, String> ids = new LinkedHashMap<>();
        for (int i = 0; i < secrets.length; i += 2) {
            ids.put(secrets[i], secrets[i + 1]);
        }
        return Bindings.resolve(run, new CredentialIds(), ids, wanted, TaskListener.NULL);
    }
}
