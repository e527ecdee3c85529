package io.jenkins.plugins.pymacaron.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import hudson.model.Slave;
import io.jenkins.plugins.pymacaron.cli.CleanEngine;
import io.jenkins.plugins.pymacaron.cli.Service;
import io.jenkins.plugins.pymacaron.jenkins.agent.UnfinishedStage;
import io.jenkins.plugins.pymacaron.jenkins.agent.UnfinishedStages;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Stages that die with live half changed, so that their build cannot undo it. */
@WithJenkins
@ExtendWith(CleanEngine.class)
@EnabledIfEnvironmentVariable(named = "PYM_TEST_BASE", matches = ".+")
class ReconcilerTest {
    private static JenkinsRule j;

    @RegisterExtension
    private final InboundAgentExtension agents = new InboundAgentExtension();

    @TempDir
    Path temporary;

    @BeforeAll
    static void jenkins(JenkinsRule rule) throws Exception {
        j = rule;
        j.jenkins.setNumExecutors(0);
        Scripts.secret(j);
    }

    @Test
    void theChangesOfAKilledProcessAreUndoneWhenItsBuildHasEnded() throws Exception {
        Slave agent = agents.createAgent(j, "kills");
        Service service = deployed();
        Gate gate = new Gate(temporary.toRealPath());
        WorkflowRun run = Scripts.job(j, "killed-stage", agent.getNodeName(), service, held(gate, service), Scripts.ALL)
                .scheduleBuild2(0)
                .waitForStart();
        gate.awaitUnlessEnded(run);
        kill(service);
        j.assertBuildStatus(Result.FAILURE, j.waitForCompletion(run));

        Gate.until("live never came back", () -> Service.live().equals("one"));
        Gate.until("it is not crossed out", () -> UnfinishedStages.get().all().isEmpty());
        assertThat(Service.running()).containsExactly("live serving", "staging serving");
        assertNoStageIsLeft(service);
        assertThat(run.getRootDir().toPath().resolve("pymacaron-clean-up.log"))
                .content()
                .contains("was cut off; undoing what it left")
                .doesNotContain(Scripts.SECRET);
    }

    @Test
    void changesOnAnAgentThatIsAwayAreUndoneWhenItComesBack() throws Exception {
        Slave agent = agents.createAgent(j, "away");
        Service service = deployed();
        Gate gate = new Gate(temporary.toRealPath());
        WorkflowJob job = Scripts.job(j, "lost", agent.getNodeName(), service, held(gate, service), Scripts.ALL);
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        gate.awaitUnlessEnded(run);
        agents.stop("away");
        InboundAgentExtension.waitForAgentOffline(j, "away");
        kill(service);
        run.doStop();
        j.assertBuildStatus(Result.ABORTED, j.waitForCompletion(run));

        Gate.until("it was not tried", () -> UnfinishedStages.get().all().stream()
                .anyMatch(stage -> stage.getProblem().equals("Agent away is offline.")));
        assertThat(Service.live()).as("half-made").isNotEqualTo("one");
        try (JenkinsRule.WebClient web = j.createWebClient()) {
            assertThat(web.getPage(job, "deployments").asNormalizedText())
                    .contains("“Promote to live” of #1 was cut off, and its unfinished changes are not undone yet:"
                            + " Agent away is offline.");
            assertThat(web.getJSON("job/lost/deployments/api/json")
                            .getJSONObject()
                            .getJSONArray("unfinished")
                            .size())
                    .isEqualTo(1);
        }
        // It is not forgotten with its build, nor with the name of its job.
        job.setDefinition(new CpsFlowDefinition("echo 'nothing'", true));
        job.renameTo("found");
        j.buildAndAssertSuccess(job);
        run.delete();
        assertThat(UnfinishedStages.get().all())
                .extracting(UnfinishedStage::getBuild)
                .containsExactly("found#1");

        agents.start(j, "away");
        Gate.until("live never came back", () -> Service.live().equals("one"));
        Gate.until("it is not crossed out", () -> UnfinishedStages.get().all().isEmpty());
        assertNoStageIsLeft(service);
    }

    /** A stage that changes nothing needs no clean-up; only its directory stays. */
    @Test
    void theDirectoryOfAStageWhoseAgentWasAwayIsDeletedByTheNextStageThere() throws Exception {
        Slave agent = agents.createAgent(j, "retries");
        // An image of its own, which is not there yet.
        Service service =
                Service.in(temporary).content("built here").holdDockerAt("", "").commit("held");
        Gate gate = new Gate(temporary.toRealPath());
        List<String> environment = List.of(
                gate.variables("").get(0),
                "PATH+HELD=" + service.directory().resolveSibling("bin"),
                "E2E_DOCKER_WHEN=before",
                "E2E_DOCKER_AT=build");
        WorkflowJob job = Scripts.job(j, "retries", agent.getNodeName(), service, environment, "pymBuild()");
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        gate.awaitUnlessEnded(run);
        agents.stop("retries");
        InboundAgentExtension.waitForAgentOffline(j, "retries");
        HeldStage.killEngine(service.directory());
        run.doStop();
        j.assertBuildStatus(Result.ABORTED, j.waitForCompletion(run));
        assertThat(stages(service, "build-*")).hasSize(1);

        agents.start(j, "retries");
        gate.open();
        j.buildAndAssertSuccess(job);
        assertNoStageIsLeft(service);
    }

    /** Its build was aborted while its agent was away, and it had changed nothing yet. */
    @Test
    void aStageThatIsNotWantedAnyMorePromotesNothingWhenItsAgentIsBack() throws Exception {
        Slave agent = agents.createAgent(j, "unwanted");
        Service service = deployed();
        Gate gate = new Gate(temporary.toRealPath());
        List<String> environment = List.of(
                gate.variables("").get(0),
                "PATH+HELD=" + service.directory().resolveSibling("bin"),
                "E2E_DOCKER_WHEN=before",
                "E2E_DOCKER_AT=stop -t 40 -- pym-" + Service.NAME + "-live");
        WorkflowRun run = Scripts.job(j, "given-up", agent.getNodeName(), service, environment, Scripts.ALL)
                .scheduleBuild2(0)
                .waitForStart();
        gate.awaitUnlessEnded(run);
        Path stage = stage(service);
        assertThat(stage.resolve("wanted")).exists();
        agents.stop("unwanted");
        InboundAgentExtension.waitForAgentOffline(j, "unwanted");
        run.doStop();
        j.assertBuildStatus(Result.ABORTED, j.waitForCompletion(run));
        assertThat(stage.resolve("pid")).as("it goes on").exists();

        agents.start(j, "unwanted");
        Gate.until("nobody told it", () -> !Files.exists(stage.resolve("wanted")));
        gate.open();
        Gate.until("it is not crossed out", () -> UnfinishedStages.get().all().isEmpty());
        assertThat(Service.live()).isEqualTo("one");
        assertThat(Service.running()).containsExactly("live serving", "staging serving");
        // It has completed its rollback by itself, although its build no longer wanted it.
        assertThat(run.getRootDir().toPath().resolve("pymacaron-clean-up.log"))
                .content()
                .doesNotContain("The undo of the run of");
    }

    @Test
    void anEndedStageLeavesNothingToUndo() throws Exception {
        Slave agent = agents.createAgent(j, "ends");
        Service service = Service.in(temporary);
        j.assertBuildStatusSuccess(
                Scripts.job(j, "good", agent.getNodeName(), service, List.of(), Scripts.ALL + "; pymRollback()")
                        .scheduleBuild2(0));
        assertThat(UnfinishedStages.get().all()).isEmpty();
    }

    /** Version one is live, and a second one is to come. */
    private Service deployed() throws Exception {
        Service service = Service.in(temporary);
        assertThat(service.run("--no-test", "--no-push").code()).isZero();
        return service.content("two").holdDockerAt("", "").commit("second");
    }

    /** Returns the stages that stand still after they stopped live. */
    private static List<String> held(Gate gate, Service service) {
        return List.of(
                gate.variables("").get(0),
                "PATH+HELD=" + service.directory().resolveSibling("bin"),
                "E2E_DOCKER_WHEN=after",
                "E2E_DOCKER_AT=stop -t 40 -- pym-" + Service.NAME + "-live");
    }

    /** Returns the directory of the one promotion that runs. */
    private static Path stage(Service service) throws Exception {
        List<Path> found = stages(service, "promote-*");
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static List<Path> stages(Service service, String glob) throws Exception {
        List<Path> found = new ArrayList<>();
        Path temporary = Path.of(service.directory() + "@tmp", "pymacaron");
        try (DirectoryStream<Path> stages = Files.newDirectoryStream(temporary, glob)) {
            stages.forEach(found::add);
        }
        return found;
    }

    /** Waits, since a Pipeline deletes the directory of an ended stage in the background. */
    private static void assertNoStageIsLeft(Service service) throws Exception {
        Gate.until(
                "a directory is left", () -> stages(service, "*-????????-???").isEmpty());
    }

    /** Kills the core of the one running stage, by the number that its shell has written down. */
    private static void kill(Service service) throws Exception {
        long pid =
                Long.parseLong(Files.readString(stage(service).resolve("pid")).strip());
        ProcessHandle engine = ProcessHandle.of(pid).orElseThrow();
        engine.destroyForcibly();
        engine.onExit().join();
    }
}
