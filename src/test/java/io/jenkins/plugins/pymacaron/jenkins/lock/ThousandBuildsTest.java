package io.jenkins.plugins.pymacaron.jenkins.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.jenkins.step.Gate;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.support.steps.input.InputAction;
import org.jenkinsci.plugins.workflow.support.steps.input.InputStepExecution;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * Many Pipeline builds wait for one environment: none has a thread, and they cost little memory and processor time. This
 * starts 100; a thousand with {@code -Dpym.full=true}, which prints the figures.
 */
@WithJenkins
public class ThousandBuildsTest {
    private static final boolean FULL = Boolean.getBoolean("pym.full");
    private static final int BUILDS = FULL ? 1_000 : 100;
    private static final String LIVE = "docker/hello/live";
    private static final int MOST_LINES = 40;
    private static final int MOST_BYTES = 10 << 10;
    private static final double MOST_OF_A_CORE = 0.05;
    private static final Duration WATCHED = FULL ? Duration.ofSeconds(30) : Duration.ZERO;

    @Test
    void waitWithoutThreadsMemoryOrTime(JenkinsRule j) throws Exception {
        EnvironmentQueue queue = EnvironmentQueue.get();
        CleanupTurn turn = queue.tryTurn("many#1", List.of(LIVE)).orElseThrow();
        WorkflowJob job = j.createProject(WorkflowJob.class, "many");
        job.setDefinition(new CpsFlowDefinition("input 'begin'\nhold '" + LIVE + "'", true));
        List<WorkflowRun> builds = new ArrayList<>();
        for (int i = 0; i < BUILDS; i++) {
            builds.add(job.scheduleBuild2(0).waitForStart());
        }
        for (WorkflowRun build : builds) {
            Gate.until("does not ask", () -> input(build).isPresent());
        }
        double before = watched();
        long bytes = used();
        long began = System.nanoTime();
        long processor = processor();

        for (WorkflowRun build : builds) {
            input(build).orElseThrow().proceed(null);
        }
        Gate.until("not all wait", () -> waiting(builds) == BUILDS);
        double askedFor = (System.nanoTime() - began) / 1e9;
        double asked = (processor() - processor) / 1e9;
        long each = (used() - bytes) / BUILDS;
        double idle = watched();
        Gate.until("threads of the plugin go on", () -> threads() == 0);
        began = System.nanoTime();
        processor = processor();
        queue.end(turn);
        for (WorkflowRun build : builds) {
            j.assertBuildStatusSuccess(j.waitForCompletion(build));
        }
        System.out.printf(
                "%d builds: all wait after %.1f s (%.1f s of processor), %d bytes each more than for an approval, "
                        + "no threads, %.4f of a core (%.4f while they wait for approvals), all served after %.1f s (%.1f s of processor)%n",
                BUILDS,
                askedFor,
                asked,
                each,
                idle,
                before,
                (System.nanoTime() - began) / 1e9,
                (processor() - processor) / 1e9);

        if (FULL) {
            // With fewer builds and in a shorter time, the rest of this Jenkins decides.
            assertThat(idle - before).as("of a core, more than for approvals").isLessThan(MOST_OF_A_CORE);
            assertThat(each).as("bytes of each, more than for an approval").isLessThan(MOST_BYTES);
        }
        for (WorkflowRun build : builds) {
            assertThat(build.getLog(MOST_LINES)).hasSizeLessThan(MOST_LINES);
        }
    }

    private static Optional<InputStepExecution> input(WorkflowRun build) throws Exception {
        InputAction asked = build.getAction(InputAction.class);
        return asked == null ? Optional.empty() : asked.getExecutions().stream().findFirst();
    }

    private static long waiting(List<WorkflowRun> builds) {
        return builds.stream()
                .filter(build -> !EnvironmentQueue.get().places(build).isEmpty())
                .count();
    }

    /** Returns the number of threads in code of this plugin; the thread of the test does not count. */
    private static long threads() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey() != Thread.currentThread())
                .filter(thread -> Arrays.stream(thread.getValue())
                        .anyMatch(frame -> frame.getClassName().startsWith("io.jenkins.plugins.pymacaron.")))
                .count();
    }

    private static double watched() throws Exception {
        long began = System.nanoTime();
        long processor = processor();
        new CountDownLatch(1).await(WATCHED.toMillis(), TimeUnit.MILLISECONDS);
        return (double) (processor() - processor) / (System.nanoTime() - began);
    }

    private static long processor() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static long used() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @TestExtension
    public static final HoldStep.DescriptorImpl HOLD = new HoldStep.DescriptorImpl();
}
