package io.jenkins.plugins.pymacaron.jenkins.lock;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.AbortException;
import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import io.jenkins.plugins.pymacaron.jenkins.step.Gate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestBuilder;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Fifty builds want one environment at once. */
@WithJenkins
class FiftyBuildsTest {
    private static final String LIVE = "docker/hello/live";
    private static final int BUILDS = 50;
    /** Ends while it has the environment. */
    private static final int DIES_IN_ITS_TURN = 10;
    /** Ends while it waits for it. */
    private static final int DIES_IN_LINE = 20;

    private static final List<Integer> ASKED = Collections.synchronizedList(new ArrayList<>());
    private static final List<Integer> SERVED = Collections.synchronizedList(new ArrayList<>());
    private static final CountDownLatch BEGIN = new CountDownLatch(1);
    private static final AtomicInteger AT_ONCE = new AtomicInteger();
    private static final AtomicInteger MOST = new AtomicInteger();

    @Test
    void areServedInTheOrderInWhichTheyAskedAndTheDeadAreNotWaitedFor(JenkinsRule j) throws Exception {
        j.jenkins.setNumExecutors(BUILDS);
        List<FreeStyleBuild> builds = new ArrayList<>();
        for (int i = 0; i < BUILDS; i++) {
            FreeStyleProject job = j.createFreeStyleProject("job-" + i);
            job.getBuildersList().add(new Turn(i));
            builds.add(job.scheduleBuild2(0).waitForStart());
        }
        Gate.until("not all have asked", () -> ASKED.size() == BUILDS);
        FreeStyleBuild inLine = builds.get(ASKED.get(DIES_IN_LINE));
        inLine.doStop();
        j.assertBuildStatus(Result.ABORTED, j.waitForCompletion(inLine));
        BEGIN.countDown();
        int holder = ASKED.get(DIES_IN_ITS_TURN);
        Gate.until("its turn never came", () -> SERVED.contains(holder));
        assertThat(EnvironmentQueue.get().isHeldBy(LIVE, builds.get(holder))).isTrue();
        builds.get(holder).doStop();

        for (FreeStyleBuild build : builds) {
            boolean dead = build == inLine || build == builds.get(holder);
            j.assertBuildStatus(dead ? Result.ABORTED : Result.SUCCESS, j.waitForCompletion(build));
        }
        List<Integer> expected = new ArrayList<>(ASKED);
        expected.remove(DIES_IN_LINE);
        assertThat(SERVED).as("order is kept, and none is starved").isEqualTo(expected);
        assertThat(MOST).as("at once").hasValue(1);
        assertThat(EnvironmentQueue.get().holder(LIVE)).isEmpty();
    }

    private static final class Turn extends TestBuilder {
        private final int number;

        Turn(int number) {
            this.number = number;
        }

        @Override
        public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener)
                throws InterruptedException, IOException {
            CompletableFuture<Void> turn;
            synchronized (ASKED) {
                turn = EnvironmentQueue.get().acquire(LIVE, build, listener);
                ASKED.add(number);
            }
            try {
                turn.get();
            } catch (ExecutionException e) {
                throw new AbortException(e.getMessage());
            }
            // The first has it from the beginning, and keeps it until all have asked.
            BEGIN.await();
            MOST.accumulateAndGet(AT_ONCE.incrementAndGet(), Math::max);
            try {
                SERVED.add(number);
                if (ASKED.get(DIES_IN_ITS_TURN) == number) {
                    new CountDownLatch(1).await();
                }
            } finally {
                AT_ONCE.decrementAndGet();
            }
            return true;
        }
    }
}
