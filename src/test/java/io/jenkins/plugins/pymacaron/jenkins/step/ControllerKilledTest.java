package io.jenkins.plugins.pymacaron.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import io.jenkins.plugins.pymacaron.cli.CleanEngine;
import io.jenkins.plugins.pymacaron.cli.Service;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.jenkins.run.StageRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/**
 * A Jenkins in a process of its own, with the classes of a plugin as the plugin has them: it is killed without a word,
 * while live is handed over by an agent that connects by itself. None of the work is done on the controller, whose docker,
 * git and Python are traps.
 */
@ExtendWith(CleanEngine.class)
@EnabledIfEnvironmentVariable(named = "PYM_TEST_BASE", matches = ".+")
class ControllerKilledTest {
    private static final String AGENT = "inbound";
    /** In seconds. If not told otherwise, the watchdog of the extension ends Jenkins after ten minutes. */
    private static final int WITHIN = 3_600;

    @RegisterExtension
    private final RealJenkinsExtension jenkins = new RealJenkinsExtension().withTimeout(WITHIN);

    @RegisterExtension
    private final InboundAgentExtension agents = new InboundAgentExtension();

    @TempDir
    Path temporary;

    @Test
    void theStageEndsAndIsFound() throws Throwable {
        Path root = temporary.toRealPath();
        Path trap = root.resolve("trapped");
        Path traps = traps(root.resolve("traps"), trap);
        jenkins.extraEnv("PATH", traps + ":" + System.getenv("PATH"));
        Gate gate = new Gate(root);
        Service service = Service.in(temporary).holdDockerAt("", "");
        List<String> env = List.of(
                gate.variables("").get(0),
                "PATH+HELD=" + service.directory().resolveSibling("bin"),
                "E2E_DOCKER_WHEN=before",
                "E2E_DOCKER_AT=start -- pym-" + Service.NAME + "-live");
        jenkins.startJenkins();
        agents.createAgent(
                jenkins,
                InboundAgentExtension.Options.newBuilder()
                        .name(AGENT)
                        .webSocket()
                        .build());
        jenkins.runRemotely(
                ControllerKilledTest::begin, Scripts.script(AGENT, service, env, "pymTest(); " + Scripts.ALL));
        gate.await();

        jenkins.stopJenkinsForcibly();
        gate.open();
        Gate.until("live never came", () -> Service.live().equals("one"));
        jenkins.startJenkins();

        ArrayList<String> stages = jenkins.runRemotely(ControllerKilledTest::end);
        assertThat(stages).containsExactly("unit", "build", "push", "staging", "pre-promote", "promote", "live");
        assertThat(Service.running()).containsExactly("live serving", "staging serving");
        assertThat(trap).doesNotExist();
    }

    /** The short form kills it in one stage, above; the full one in each. */
    @Test
    @EnabledIfSystemProperty(named = "pym.full", matches = "true")
    void everyStageEndsAndIsFound() throws Throwable {
        Path root = temporary.toRealPath();
        Service service = Service.in(temporary);
        assertThat(service.run("--no-test", "--no-push").code()).isZero();
        service.content("two")
                .at(Service.NAME + "-live", "exit 1")
                .holdDockerAt("", "")
                .commit("second");
        StringBuilder script = new StringBuilder();
        HeldStage.ALL.forEach(held -> script.append(held.script(root)));
        List<String> env = List.of("PATH+HELD=" + service.directory().resolveSibling("bin"));
        jenkins.startJenkins();
        agents.createAgent(
                jenkins,
                InboundAgentExtension.Options.newBuilder()
                        .name(AGENT)
                        .webSocket()
                        .build());
        jenkins.runRemotely(ControllerKilledTest::begin, Scripts.script(AGENT, service, env, script.toString()));
        for (int i = 0; i < HeldStage.ALL.size(); i++) {
            Gate gate = HeldStage.ALL.get(i).gate(root).await();
            jenkins.stopJenkinsForcibly();
            // Every other one has ended before the next look.
            if (i % 2 == 0) {
                gate.open();
            }
            jenkins.startJenkins();
            gate.open();
        }
        ArrayList<String> stages = jenkins.runRemotely(ControllerKilledTest::endUnstable);
        assertThat(stages)
                .containsExactly(
                        "unit",
                        "build",
                        "container",
                        "push",
                        "staging",
                        "accept-staging",
                        "pre-promote",
                        "promote",
                        "live",
                        "rollback");
        assertThat(Service.live()).isEqualTo("one");
        assertThat(Service.running()).containsExactly("live serving", "staging serving");
    }

    /** Makes traps for the programs that a stage calls, which report every call. */
    private static Path traps(Path directory, Path trap) throws Exception {
        Files.createDirectories(directory);
        for (String program : List.of("docker", "git", "python3", "python", "pip", "pytest")) {
            Path script = Files.writeString(
                    directory.resolve(program), "#!/bin/sh\necho \"$0 $*\" >> '" + trap + "'\nexit 99\n");
            script.toFile().setExecutable(true);
        }
        return directory;
    }

    private static void begin(JenkinsRule j, String script) throws Throwable {
        j.jenkins.setNumExecutors(0);
        Scripts.secret(j);
        WorkflowJob job = j.createProject(WorkflowJob.class, "killed");
        job.setDefinition(new CpsFlowDefinition(script, true));
        job.scheduleBuild2(0).waitForStart();
    }

    private static ArrayList<String> end(JenkinsRule j) throws Throwable {
        return end(j, Result.SUCCESS);
    }

    private static ArrayList<String> endUnstable(JenkinsRule j) throws Throwable {
        return end(j, Result.UNSTABLE);
    }

    private static ArrayList<String> end(JenkinsRule j, Result result) throws Throwable {
        WorkflowRun run =
                j.jenkins.getItemByFullName("killed", WorkflowJob.class).getBuildByNumber(1);
        j.assertBuildStatus(result, j.waitForCompletion(run));
        ArrayList<String> stages = new ArrayList<>();
        for (StageRecord stage : PymacaronRun.of(run).getServices().get(0).getStages()) {
            stages.add(stage.getStage());
        }
        return stages;
    }
}
