package io.jenkins.plugins.pymacaron.jenkins.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.cli.CleanEngine;
import io.jenkins.plugins.pymacaron.cli.Service;
import io.jenkins.plugins.pymacaron.jenkins.lock.EnvironmentQueue;
import io.jenkins.plugins.pymacaron.jenkins.lock.Inputs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** Jenkins is restarted in the middle of a stage, and while the build asks. */
@ExtendWith(CleanEngine.class)
class RestartTest {
    @RegisterExtension
    private final JenkinsSessionExtension session = new JenkinsSessionExtension();

    @Test
    void goesOnInItsStageAndAfterItsQuestion(@TempDir Path temporary) throws Throwable {
        Service service = Service.in(temporary);
        Jobs.withJenkinsfile(
                service,
                "def done = pymacaronDeploy(%s, skip: ['unit', 'container', 'live'], approve: true); echo \"at ${done.url}\""
                        .formatted(Jobs.python()));
        Path gate = temporary.resolve("gate");
        String staging = "docker/" + Service.NAME + "/staging";
        session.then(j -> {
            Jobs.prepare(j);
            Jobs.set(j, Map.of("E2E_WAIT_AT", Service.NAME + "-staging", "E2E_GATE", gate.toString()));
            Jobs.fromScm(j, "hello", service).scheduleBuild2(0).waitForStart();
            await(temporary.resolve("gate.reached"));
        });
        session.then(j -> {
            assertThat(EnvironmentQueue.get().holder(staging)).contains("hello #1");
            Files.createFile(temporary.resolve("gate.open"));
            Inputs.await(build(j));
            assertThat(Service.answer(Service.STAGING)).isEqualTo("one");
        });
        session.then(j -> {
            assertThat(Service.answer(Service.LIVE)).isEqualTo("nothing");
            assertThat(EnvironmentQueue.get().holder(staging)).contains("hello #1");
            service.content("two").commit("too late");
            Inputs.proceed(build(j));
            j.assertBuildStatusSuccess(j.waitForCompletion(build(j)));
            j.assertLogContains("at http://127.0.0.1:" + Service.LIVE, build(j));
            assertThat(Flow.stages(build(j)))
                    .containsExactly(
                            "Preflight",
                            "Build image",
                            "Push image",
                            "Deploy staging",
                            "Accept staging",
                            "Approve",
                            "Promote to live");
            assertThat(Service.answer(Service.LIVE)).isEqualTo("one");
            assertThat(EnvironmentQueue.get().holder(staging)).isEmpty();
        });
    }

    private static WorkflowRun build(JenkinsRule j) {
        return j.jenkins.getItemByFullName("hello", WorkflowJob.class).getBuildByNumber(1);
    }

    private static void await(Path file) {
        long end = System.nanoTime() + Duration.ofMinutes(10).toNanos();
        while (!Files.exists(file)) {
            assertThat(System.nanoTime()).as(() -> file + " never came").isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }
}
