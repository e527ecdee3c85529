package io.jenkins.plugins.pymacaron.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import hudson.slaves.DumbSlave;
import io.jenkins.plugins.pymacaron.cli.CleanEngine;
import io.jenkins.plugins.pymacaron.cli.Service;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.jenkins.run.StageRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** The controller goes away in the middle of each stage, which goes on without it and is found again. */
@ExtendWith(CleanEngine.class)
@EnabledIfEnvironmentVariable(named = "PYM_TEST_BASE", matches = ".+")
class RestartTest {
    private static final List<HeldStage> ALL = HeldStage.ALL;

    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    @TempDir
    Path temporary;

    @Test
    void everyStageGoesOnWhileTheControllerIsAway() throws Throwable {
        Path root = temporary.toRealPath();
        Path calls = root.resolve("calls");
        Service service = Service.in(temporary);
        assertThat(service.run("--no-test", "--no-push").code()).isZero();
        service.content("two")
                .at(Service.NAME + "-live", "exit 1")
                .holdDockerAt("", "")
                .commit("second");
        StringBuilder script = new StringBuilder();
        ALL.forEach(held -> script.append(held.script(root)));
        List<String> env = List.of("PATH+HELD=" + service.directory().resolveSibling("bin"), "E2E_DOCKER_LOG=" + calls);
        sessions.then(j -> {
            DumbSlave agent = j.createOnlineSlave();
            Scripts.secret(j);
            WorkflowJob job = Scripts.job(j, "restarted", agent.getNodeName(), service, env, script.toString());
            ALL.get(0).gate(root).awaitUnlessEnded(job.scheduleBuild2(0).waitForStart());
        });
        for (int i = 0; i < ALL.size() - 1; i++) {
            Gate gate = ALL.get(i).gate(root);
            Gate next = ALL.get(i + 1).gate(root);
            // Every other one has ended before the next look.
            boolean away = i % 2 == 0;
            if (away) {
                gate.open();
            }
            sessions.then(j -> {
                gate.open();
                next.awaitUnlessEnded(run(j));
            });
        }
        ALL.get(ALL.size() - 1).gate(root).open();
        sessions.then(j -> {
            WorkflowRun run = run(j);
            j.assertBuildStatus(Result.UNSTABLE, j.waitForCompletion(run));
            assertThat(Service.live()).isEqualTo("one");
            assertThat(Service.staging()).isEqualTo("two");
            assertThat(Service.running()).containsExactly("live serving", "staging serving");
            assertThat(PymacaronRun.of(run).getServices().get(0).getStages())
                    .extracting(StageRecord::getStage)
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
            try (Stream<Path> pending = Files.list(run.getRootDir().toPath().resolve("pymacaron"))) {
                assertThat(pending).noneMatch(p -> p.toString().contains("pending"));
            }
        });
        assertThat(processes(root.resolve("service@tmp/pymacaron/home")))
                .as("a process for each stage")
                .hasSize(10)
                .doesNotHaveDuplicates();
        assertThat(Files.readAllLines(calls))
                .filteredOn(call -> call.matches("(buildx )?build .*|push .*"))
                .as("once to build, and once to push each of two names")
                .hasSize(3)
                .doesNotHaveDuplicates();
    }

    /** Stages that a process has run, as its runs are named. */
    private static List<String> processes(Path home) throws Exception {
        try (Stream<Path> all = Files.walk(home)) {
            return all.filter(p -> p.getParent().endsWith("runs"))
                    .map(p -> p.getFileName().toString().replaceFirst("^\\d+-\\d+-\\d+-", ""))
                    .toList();
        }
    }

    private static WorkflowRun run(JenkinsRule j) {
        return j.jenkins.getItemByFullName("restarted", WorkflowJob.class).getBuildByNumber(1);
    }
}
