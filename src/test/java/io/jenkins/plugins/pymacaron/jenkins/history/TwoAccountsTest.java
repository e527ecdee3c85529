package io.jenkins.plugins.pymacaron.jenkins.history;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.TaskListener;
import io.jenkins.plugins.pymacaron.jenkins.lock.EnvironmentQueue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.SleepBuilder;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * One service in two accounts of AWS, with one application name and one region: queue, pause and history do not mix
 * them. An entry without an account belongs to the one environment that it can mean, or holds both.
 */
@WithJenkins
class TwoAccountsTest {
    private static final String VAGUE =
            "beanstalk:application=hello;cname=hello-live;profile=deployer;region=eu-west-1;service=hello;slot=live";
    private static final String ONE = inAccount("111111111111");
    private static final String TWO = inAccount("222222222222");

    private static JenkinsRule j;
    private static FreeStyleProject job;

    @TempDir
    private Path directory;

    private static String inAccount(String id) {
        return VAGUE.replace("beanstalk:", "beanstalk:account=" + id + ";").replace("profile=deployer;", "");
    }

    @BeforeAll
    static void begin(JenkinsRule rule) throws Exception {
        j = rule;
        job = j.createFreeStyleProject("hello");
        job.setConcurrentBuild(true);
        // Stands for a job whose builds go on.
        job.getBuildersList().add(new SleepBuilder(600_000));
    }

    private static FreeStyleBuild running() throws Exception {
        return job.scheduleBuild2(0).waitForStart();
    }

    private static void end(FreeStyleBuild build) throws Exception {
        build.doStop();
        while (build.isBuilding()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aPauseHoldsInItsAccount() throws Exception {
        PausedEnvironments paused = PausedEnvironments.get();
        paused.pause(ONE, job, "Ada");

        assertThat(paused.pausedBy(ONE, job)).contains("Ada");
        assertThat(paused.pausedBy(TWO, job)).isEmpty();
        paused.resume(TWO, job);
        assertThat(paused.pausedBy(ONE, job)).contains("Ada");
        paused.resume(ONE, job);

        paused.pause(VAGUE, job, "Bob");
        assertThat(paused.pausedBy(ONE, job)).as("it can have been meant").contains("Bob");
        assertThat(paused.pausedBy(TWO, job)).contains("Bob");
        paused.resume(TWO, job);
        assertThat(paused.pausedBy(ONE, job)).isEmpty();
    }

    @Test
    void buildsWaitForThoseOfTheirAccount() throws Exception {
        EnvironmentQueue queue = EnvironmentQueue.get();
        FreeStyleBuild first = running();
        FreeStyleBuild second = running();
        try {
            assertThat(queue.acquire(ONE, first, TaskListener.NULL)).isCompleted();
            assertThat(queue.acquire(TWO, second, TaskListener.NULL)).isCompleted();
            queue.release(TWO, first);
            assertThat(queue.isHeldBy(TWO, second)).isTrue();
            queue.release(ONE, first);
            queue.release(TWO, second);

            assertThat(queue.acquire(VAGUE, first, TaskListener.NULL)).isCompleted();
            CompletableFuture<Void> turn = queue.acquire(TWO, second, TaskListener.NULL);
            assertThat(turn).as("the other one may be in the same").isNotCompleted();
            queue.release(ONE, first);
            assertThat(turn).as("by then its account is known").succeedsWithin(Duration.ofMinutes(10));
        } finally {
            end(first);
            end(second);
        }
    }

    @Test
    void historiesAreApart() throws Exception {
        DeploymentHistory history = DeploymentHistory.in(directory);
        history.add(List.of(entry(VAGUE, "1", 1), entry(ONE, "2", 2)));
        assertThat(history.byEnvironment().keySet())
                .as("what an earlier version wrote can only have been of this account")
                .containsExactly(ONE);

        history.add(List.of(entry(TWO, "3", 3)));
        assertThat(history.byEnvironment().keySet()).containsExactlyInAnyOrder(VAGUE, ONE, TWO);
        assertThat(history.byEnvironment().get(TWO))
                .extracting(DeploymentEntry::version)
                .containsExactly("3");
    }

    private static DeploymentEntry entry(String identity, String version, int build) {
        return new DeploymentEntry(
                1000L * build,
                "beanstalk/hello/live",
                "live",
                "beanstalk",
                "hello",
                ".",
                version,
                "c0ffee",
                "sha256:0123456789abcdef",
                "http://localhost:8080",
                "promote",
                build,
                "Ada",
                "id-of-" + build,
                identity,
                false,
                "",
                "");
    }
}
