package io.jenkins.plugins.pymacaron.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import hudson.model.Slave;
import io.jenkins.plugins.pymacaron.cli.CleanEngine;
import io.jenkins.plugins.pymacaron.cli.Service;
import io.jenkins.plugins.pymacaron.jenkins.agent.UnfinishedStages;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.support.steps.ExecutorStepExecution;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** An agent's machine dies in the middle of a stage of a Pipeline, and comes back: with all of its processes killed. */
@WithJenkins
@ExtendWith(CleanEngine.class)
@EnabledIfEnvironmentVariable(named = "PYM_TEST_BASE", matches = ".+")
class AgentKilledTest {
    private static JenkinsRule j;

    @RegisterExtension
    private final InboundAgentExtension agents = new InboundAgentExtension();

    @TempDir
    Path temporary;

    @BeforeAll
    static void jenkins(JenkinsRule rule) throws Exception {
        j = rule;
        j.jenkins.setNumExecutors(0);
        // In tests it is 15 seconds, which the start of an agent may take on a busy machine.
        ExecutorStepExecution.TIMEOUT_WAITING_FOR_NODE_MILLIS = TimeUnit.MINUTES.toMillis(5);
        Scripts.secret(j);
    }

    /** One in the short form, after no more than it needs; all of them with {@code -Dpym.full=true}. */
    private static final boolean FULL = Boolean.getBoolean("pym.full");

    static List<HeldStage> stages() {
        return FULL ? HeldStage.ALL : List.of(HeldStage.of("staging"));
    }

    @ParameterizedTest
    @MethodSource("stages")
    void theChangesOfTheStageAreUndoneAndTheNextBuildContinues(HeldStage held) throws Exception {
        String name = "dies-in-" + held.stage();
        Slave agent = agents.createAgent(j, name);
        Service service = Service.in(temporary);
        assertThat(service.run("--no-test", "--no-push").code()).isZero();
        String two = held.candidate("two");
        service.content(two)
                .at(Service.NAME + "-live", "exit 1")
                .holdDockerAt("", "")
                .commit("second");
        Path root = temporary.toRealPath();
        StringBuilder steps = new StringBuilder();
        List<HeldStage> all =
                FULL ? HeldStage.ALL : List.of(HeldStage.of("build"), HeldStage.of("push"), HeldStage.of("staging"));
        for (HeldStage stage : all) {
            steps.append(stage.equals(held) ? stage.script(root) : stage.step() + "\n");
        }
        List<String> env = List.of("PATH+HELD=" + service.directory().resolveSibling("bin"), "E2E_DOCKER_AT=nothing");
        WorkflowRun run = Scripts.job(j, name, agent.getNodeName(), service, env, steps.toString())
                .scheduleBuild2(0)
                .waitForStart();
        held.gate(root).awaitUnlessEnded(run);
        agents.stop(name);
        HeldStage.killEngine(service.directory());
        InboundAgentExtension.waitForAgentOffline(j, name);
        agents.start(j, name);

        j.assertBuildStatus(Result.FAILURE, j.waitForCompletion(run));
        Gate.until("it is not undone", () -> UnfinishedStages.get().all().isEmpty());
        assertThat(Service.live()).isEqualTo("one");
        assertThat(Service.running()).containsExactly("live serving", "staging serving");
        assertThat(Service.staging()).isEqualTo(isStaged(held) ? two : "one");
        j.assertLogNotContains("\tat ", run);
        assertThat(recordedRollback(run)).isEqualTo(rolledBackSlot(held));

        if (FULL) {
            goesOn(name, agent, service, held);
        }
    }

    private static void goesOn(String name, Slave agent, Service service, HeldStage held) throws Exception {
        service.at(Service.NAME + "-live", "exit 0").commit("third");
        j.buildAndAssertSuccess(Scripts.job(j, name + "-again", agent.getNodeName(), service, List.of(), Scripts.ALL));
        assertThat(Service.live()).isEqualTo(held.candidate("two"));
        assertThat(Service.running()).containsExactly("live serving", "staging serving");
    }

    /** Returns whether the second version is accepted in staging by then. */
    private static boolean isStaged(HeldStage held) {
        return List.of("promote", "live", "rollback").contains(held.stage());
    }

    /** Returns the slot whose recorded version the clean-up replaces; empty for changes that no stage has reported. */
    private static String rolledBackSlot(HeldStage held) {
        return switch (held.stage()) {
            case "accept-staging" -> "staging";
            case "live", "rollback" -> "live";
            default -> "";
        };
    }

    /** Returns the slot of the rollback in the history, which has the first version again. */
    private static String recordedRollback(WorkflowRun run) {
        return PymacaronRun.find(run)
                .flatMap(all -> all.find("."))
                .flatMap(service -> service.last("rollback"))
                .map(rollback -> rollback.getDeployments().get(0).getSlot())
                .orElse("");
    }
}
