package io.jenkins.plugins.pymacaron.jenkins.olddata;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.FreeStyleProject;
import hudson.plugins.git.BranchSpec;
import hudson.plugins.git.GitSCM;
import hudson.slaves.EnvironmentVariablesNodeProperty;
import io.jenkins.plugins.pymacaron.cli.CleanEngine;
import io.jenkins.plugins.pymacaron.cli.Service;
import io.jenkins.plugins.pymacaron.jenkins.config.Defaults;
import io.jenkins.plugins.pymacaron.jenkins.config.PymacaronFolderProperty;
import io.jenkins.plugins.pymacaron.jenkins.config.PymacaronGlobalConfiguration;
import io.jenkins.plugins.pymacaron.jenkins.credentials.CredentialIds;
import io.jenkins.plugins.pymacaron.jenkins.credentials.SecretBinding;
import io.jenkins.plugins.pymacaron.jenkins.history.PausedEnvironments;
import io.jenkins.plugins.pymacaron.jenkins.lock.Inputs;
import io.jenkins.plugins.pymacaron.jenkins.report.Delivery;
import io.jenkins.plugins.pymacaron.jenkins.report.Story;
import io.jenkins.plugins.pymacaron.jenkins.step.Gate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.CpsScmFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/**
 * Makes the home that {@link OldHomeTest} loads in every later version:
 * {@code mvn test -Dtest=OldHomeMakerTest -Dpymacaron.home=src/test/resources/io/jenkins/plugins/pymacaron/jenkins/olddata/NAME},
 * with the real parts of the tests of ring c. It has one job, build, default and pause of each kind, and three
 * Pipelines in the middle of a deployment: one that asks, one that waits for its turn, and one whose unit tests run.
 * The data of a version is never made again.
 */
@ExtendWith(CleanEngine.class)
@EnabledIfSystemProperty(named = "pymacaron.home", matches = ".+")
class OldHomeMakerTest {
    private static final List<String> KEPT = List.of(
            "jobs/.+",
            "pymacaron.*",
            "io\\.jenkins\\.plugins\\.pymacaron.*",
            "org\\.jenkinsci\\.plugins\\.workflow\\.flow\\.FlowExecutionList\\.xml");

    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    @Test
    void isMade(@TempDir Path temporary) throws Throwable {
        Path root = temporary.toRealPath();
        Service service = Service.in(temporary);
        String parameters = "python: '" + System.getenv("PYM_TEST_PYTHON") + "'";
        service.write(
                        "Jenkinsfile",
                        "pymacaronDeploy(" + parameters
                                + ", skip: ['unit', 'container'], approve: [message: 'To live?'])\n")
                .commit("Jenkinsfile");
        sessions.then(j -> {
            GitSCM.ALLOW_LOCAL_CHECKOUT = true;
            j.jenkins
                    .getGlobalNodeProperties()
                    .add(new EnvironmentVariablesNodeProperty(
                            new EnvironmentVariablesNodeProperty.Entry("E2E_SECRET", "not so secret")));
            j.jenkins.setNumExecutors(4);
            settings(j);
            builds(j);
            WorkflowJob asks = j.createProject(WorkflowJob.class, "asks");
            CpsScmFlowDefinition fromScm = new CpsScmFlowDefinition(
                    new GitSCM(
                            GitSCM.createRepoList(service.directory().toString(), null),
                            List.of(new BranchSpec("*/main")),
                            null,
                            null,
                            List.of()),
                    "Jenkinsfile");
            fromScm.setLightweight(true);
            asks.setDefinition(fromScm);
            Inputs.await(asks.scheduleBuild2(0).waitForStart());

            String at = "node { dir('" + service.directory() + "') { ";
            WorkflowJob waits = j.createProject(WorkflowJob.class, "waits");
            waits.setDefinition(new CpsFlowDefinition(
                    at + "pymBuild(" + parameters + "); pymDeploy(" + parameters + ") } }", true));
            j.waitForMessage("Waiting for it", waits.scheduleBuild2(0).waitForStart());

            Gate gate = new Gate(root);
            WorkflowJob tests = j.createProject(WorkflowJob.class, "tests");
            tests.setDefinition(new CpsFlowDefinition(
                    at + "withEnv(['" + String.join("', '", gate.variables("unit")) + "']) { pymTest(" + parameters
                            + ") } } }",
                    true));
            gate.awaitUnlessEnded(tests.scheduleBuild2(0).waitForStart());
        });
        new Gate(root).open();
        keep(sessions.getHome().toPath(), Path.of(System.getProperty("pymacaron.home")));
    }

    private static void settings(JenkinsRule j) throws Exception {
        // Credentials that there are none of would end the Pipelines at the top.
        Defaults all = new Defaults();
        all.setTimeouts("build=20m");
        all.setKeepImages(3);
        PymacaronGlobalConfiguration.get().setDefaults(all);
        Folder team = j.createProject(Folder.class, "team");
        team.addProperty(new PymacaronFolderProperty(defaults()));
    }

    private static Defaults defaults() {
        CredentialIds ids = new CredentialIds();
        ids.setDocker("team-registry");
        ids.setAws("account");
        Defaults defaults = new Defaults();
        defaults.setCredentials(ids);
        defaults.setSecrets(List.of(new SecretBinding("API_KEY", "api-key")));
        defaults.setTimeouts("staging=10m");
        return defaults;
    }

    private static void builds(JenkinsRule j) throws Exception {
        Folder team = j.jenkins.getItemByFullName("team", Folder.class);
        FreeStyleProject job = team.createProject(FreeStyleProject.class, "hello");
        Delivery.build(j, job, Story.shipped(1, "1").planning("Plan for hello", "  build image"));
        Delivery.build(j, job, Story.shipped(2, "2").keeping("1"));
        Delivery.build(j, job, Story.rolledBackLive(3, "3", "2").keeping("1"));
        job.getBuildersList().clear();
        job.getBuildersList().add(OldHome.builder());
        job.save();
        PausedEnvironments.get().pause(Story.STAGING, job, "Ada", "the database moves", Duration.ZERO);
    }

    /** Copies without links, workspaces, and files that do not concern this plugin. */
    private static void keep(Path home, Path into) throws IOException {
        try (Stream<Path> all = Files.walk(home)) {
            for (Path file : all.filter(f -> Files.isRegularFile(f, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                String name = home.relativize(file).toString();
                if (KEPT.stream().anyMatch(name::matches) && !name.matches(".*/(log-index|permalinks|legacyIds)")) {
                    Path copy = into.resolve(name);
                    Files.createDirectories(copy.resolveSibling(""));
                    Files.copy(file, copy);
                }
            }
        }
    }
}
