package io.jenkins.plugins.pymacaron.jenkins.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.FilePath;
import hudson.model.FreeStyleProject;
import hudson.model.TaskListener;
import hudson.plugins.git.BranchSpec;
import hudson.plugins.git.GitSCM;
import io.jenkins.plugins.pymacaron.jenkins.config.Defaults;
import io.jenkins.plugins.pymacaron.jenkins.config.PymacaronFolderProperty;
import io.jenkins.plugins.pymacaron.jenkins.step.Secrets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.CpsScmFlowDefinition;
import org.jenkinsci.plugins.workflow.flow.FlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Tests which services get credentials by naming them, and whether an agent can add to that. */
@WithJenkins
class ServiceSecretsTest {
    private static final String CONFIG = """
            name: hello
            deploy_target: docker
            docker_repo: e2e
            registry: 127.0.0.1:5000
            live_url: http://127.0.0.1:8090
            env_secrets: [GIVEN, OTHER]
            """;
    private static final String[] NAMED = {"GIVEN", "OTHER"};

    private static JenkinsRule j;

    @TempDir
    Path temporary;

    private Path service;

    @BeforeAll
    static void jenkins(JenkinsRule rule) throws Exception {
        j = rule;
        GitSCM.ALLOW_LOCAL_CHECKOUT = true;
        for (String id : List.of("GIVEN", "FORBIDDEN", "PASSWORD", "deploy-key")) {
            Secrets.add(j, id, "the value of " + id);
        }
    }

    @BeforeEach
    void repository() throws Exception {
        service = repository("service", "checkout scm");
    }

    private Path repository(String name, String steps) throws Exception {
        Path directory = Files.createDirectories(temporary.resolve(name));
        Files.writeString(directory.resolve("Jenkinsfile"), "node { " + steps + " }");
        Files.writeString(directory.resolve("pym-config.yaml"), CONFIG);
        Files.createDirectories(directory.resolve("part"));
        Files.writeString(directory.resolve("part/pym-config.yaml"), CONFIG);
        git(directory, "init", "--quiet", "--initial-branch=main");
        git(directory, "add", "--all");
        git(directory, "-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "--quiet", "-m", "x");
        return directory;
    }

    private static void git(Path directory, String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        assertThat(new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }

    private static FlowDefinition of(Path repository) {
        return new CpsScmFlowDefinition(
                new GitSCM(
                        GitSCM.createRepoList(repository.toString(), null),
                        List.of(new BranchSpec("*/main")),
                        null,
                        null,
                        List.of()),
                "Jenkinsfile");
    }

    private static FlowDefinition inline(String steps) throws Exception {
        return new CpsFlowDefinition("node { " + steps + " }", true);
    }

    private static String checkout(Path repository) {
        return "checkout([$class: 'GitSCM', branches: [[name: 'main']], userRemoteConfigs: [[url: '" + repository
                + "']]])";
    }

    private static WorkflowRun run(FlowDefinition definition) throws Exception {
        WorkflowJob job = j.createProject(WorkflowJob.class);
        job.setDefinition(definition);
        return j.buildAndAssertSuccess(job);
    }

    private static FilePath workspace(WorkflowRun run) {
        return j.jenkins.getWorkspaceFor((hudson.model.TopLevelItem) run.getParent());
    }

    private static Collection<String> names(WorkflowRun run, String directory) throws Exception {
        return ServiceSecrets.names(StageOrder.of("unit").in(directory), run, workspace(run));
    }

    @Test
    void aJenkinsfileOfTheSameRepositoryMay() throws Exception {
        WorkflowRun run = run(of(service));
        assertThat(names(run, ".")).containsExactlyInAnyOrder(NAMED);
        assertThat(names(run, "part")).containsExactlyInAnyOrder(NAMED);
        assertThat(names(run, "nowhere")).isEmpty();
    }

    @Test
    void aScriptOfTheJobMayNot() throws Exception {
        WorkflowRun run = run(inline(checkout(service)));
        assertThat(workspace(run).child("pym-config.yaml").exists()).isTrue();
        assertThat(names(run, ".")).isEmpty();
    }

    @Test
    void aJenkinsfileOfAnotherRepositoryMayNot() throws Exception {
        Path central = repository("central", "dir('part/service') { " + checkout(service) + " }");
        WorkflowRun run = run(of(central));
        assertThat(workspace(run).child("part/service/pym-config.yaml").exists())
                .isTrue();
        assertThat(names(run, "part/service")).isEmpty();
    }

    @Test
    void norForWhatAScriptHasClonedIntoItsOwnCheckout() throws Exception {
        Path central = repository("central", "checkout scm; sh 'git clone -q " + service + " part/cloned'");
        WorkflowRun run = run(of(central));
        assertThat(names(run, "part")).as("its own").containsExactlyInAnyOrder(NAMED);
        assertThat(names(run, "part/cloned")).isEmpty();
    }

    @Test
    void aFolderMayAllowIt() throws Exception {
        Folder folder = j.jenkins.createProject(Folder.class, "allows");
        Defaults defaults = new Defaults();
        defaults.setSecretsByName(true);
        folder.addProperty(new PymacaronFolderProperty(defaults));
        WorkflowJob job = folder.createProject(WorkflowJob.class, "inline");
        job.setDefinition(inline(checkout(service)));
        assertThat(names(j.buildAndAssertSuccess(job), ".")).containsExactlyInAnyOrder(NAMED);
        FreeStyleProject form = folder.createProject(FreeStyleProject.class, "form");
        assertThat(ServiceSecrets.names(
                        StageOrder.of("unit"), j.buildAndAssertSuccess(form), workspace(job.getLastBuild())))
                .as("a form lists them")
                .isEmpty();
    }

    @Test
    void aLaterChangeOfTheFileDoesNotCount() throws Exception {
        WorkflowRun run = run(of(service));
        assertThat(names(run, ".")).containsExactlyInAnyOrder(NAMED);
        workspace(run).child("pym-config.yaml").write(CONFIG.replace("OTHER", "FORBIDDEN"), "UTF-8");
        assertThat(names(run, ".")).containsExactlyInAnyOrder(NAMED);
        run.reload();
        assertThat(names(run, ".")).containsExactlyInAnyOrder(NAMED);
    }

    /** Results that ask for credentials in every place, in every stage: none of them is looked up. */
    @Test
    void noResultOfAnAgentAddsToThem() throws Exception {
        WorkflowRun run = run(of(service));
        Random random = new Random(20300101);
        List<String> stages = List.of("config", "preflight", "unit", "build", "container", "push", "staging");
        for (int i = 0; i < 300; i++) {
            StageOrder order = StageOrder.of(stages.get(random.nextInt(stages.size())));
            String result = "{\"schema\":1,\"stage\":\"" + order.getStage() + "\",\"outcome\":\"SUCCEEDED\","
                    + "\"started\":\"2030-01-01T00:00:00Z\",\"duration\":\"PT1S\",\"state\":" + state(random)
                    + ",\"config\":{\"env_secrets\":[\"FORBIDDEN\"],\"secrets\":{\"GIVEN\":\"FORBIDDEN\"}}}\n";
            try {
                StageOutcome.of(run, null, order, result, TaskListener.NULL).record();
            } catch (hudson.AbortException e) {
                // of no use, which is none here either
            }
            StageOrder next = StageOrder.of(stages.get(random.nextInt(stages.size())));
            assertThat(StageSecrets.resolve(next, run, workspace(run), TaskListener.NULL)
                            .getEnvironment())
                    .as(result)
                    .containsOnly(java.util.Map.entry("GIVEN", "the value of GIVEN"));
        }
    }

    private static String state(Random random) {
        List<String> keys = List.of("secrets", "credentials", "names", "env_secrets", "image", "source", "defaults");
        List<String> ids = List.of("FORBIDDEN", "PASSWORD", "deploy-key", "OTHER FORBIDDEN", "GIVEN PASSWORD");
        StringBuilder state = new StringBuilder("{\"secrets\":{\"names\":\"")
                .append(ids.get(random.nextInt(ids.size())))
                .append("\"}");
        for (int i = random.nextInt(4); i > 0; i--) {
            state.append(",\"")
                    .append(keys.get(random.nextInt(keys.size())))
                    .append("\":{\"")
                    .append(keys.get(random.nextInt(keys.size())))
                    .append("\":\"")
                    .append(ids.get(random.nextInt(ids.size())))
                    .append("\"}");
        }
        return state.append('}').toString();
    }
}
