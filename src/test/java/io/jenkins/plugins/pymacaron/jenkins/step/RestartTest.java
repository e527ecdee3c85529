package io.jenkins.plugins.pymacaron.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.slaves.DumbSlave;
import io.jenkins.plugins.pymacaron.cli.CleanEngine;
import io.jenkins.plugins.pymacaron.cli.Service;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.jenkins.run.StageRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** The controller goes away in the middle of a stage, which goes on without it and is found again. */
@ExtendWith(CleanEngine.class)
@EnabledIfEnvironmentVariable(named = "PYM_TEST_BASE", matches = ".+")
class RestartTest {
    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    @TempDir
    Path temporary;

    @ParameterizedTest
    @CsvSource({
        // The candidate of staging is made, and nothing knows it yet but the process.
        "after, create",
        // Live is about to be handed over.
        "before, start -- pym-NAME-live"
    })
    void aStageGoesOnWhileTheControllerIsAway(String when, String call) throws Throwable {
        Gate gate = new Gate(temporary.toRealPath());
        Service service = Service.in(temporary).holdDockerAt(when, call.replace("NAME", Service.NAME));
        List<String> env = List.of(
                gate.variables("").get(0),
                "PATH+HELD=" + service.directory().resolveSibling("bin"),
                "E2E_DOCKER_WHEN=" + when,
                "E2E_DOCKER_AT=" + call.replace("NAME", Service.NAME));
        sessions.then(j -> {
            DumbSlave agent = j.createOnlineSlave();
            Scripts.secret(j);
            WorkflowJob job = Scripts.job(j, "restarted", agent.getNodeName(), service, env, Scripts.ALL);
            WorkflowRun run = job.scheduleBuild2(0).waitForStart();
            gate.awaitUnlessEnded(run);
        });
        gate.open();
        sessions.then(j -> {
            WorkflowRun run = run(j, "restarted");
            j.assertBuildStatusSuccess(j.waitForCompletion(run));
            assertThat(Service.live()).isEqualTo("one");
            assertThat(Service.running()).containsExactly("live serving", "staging serving");
            assertThat(PymacaronRun.of(run).getServices().get(0).getStages())
                    .extracting(StageRecord::getStage)
                    .containsExactly("build", "push", "staging", "pre-promote", "promote", "live");
            Secrets.assertNowhere(j, temporary, "s3cr$t");
            try (var pending = Files.list(run.getRootDir().toPath().resolve("pymacaron"))) {
                assertThat(pending).noneMatch(p -> p.toString().contains("pending"));
            }
        });
    }

    private static WorkflowRun run(JenkinsRule j, String job) {
        return j.jenkins.getItemByFullName(job, WorkflowJob.class).getBuildByNumber(1);
    }
}
