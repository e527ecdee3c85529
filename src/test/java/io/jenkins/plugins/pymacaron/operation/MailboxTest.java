package io.jenkins.plugins.pymacaron.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20 * 60)
class MailboxTest {
    @Test
    void runsOneAtATimeAndInOrderOnManyThreads() throws InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        Mailbox mailbox = new Mailbox(pool);
        List<Integer> unguarded = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(10_000);
        for (int i = 0; i < 10_000; i++) {
            int number = i;
            mailbox.execute(() -> {
                unguarded.add(number);
                done.countDown();
            });
        }
        assertThat(done.await(600, TimeUnit.SECONDS)).isTrue();
        pool.shutdown();
        assertThat(unguarded).hasSize(10_000).isSorted();
    }

    @Test
    void aTaskThatThrowsKeepsNoOtherFromRunning() {
        Quiet.please();
        List<String> ran = new ArrayList<>();
        Mailbox mailbox = new Mailbox(Runnable::run);
        mailbox.execute(() -> {
            mailbox.execute(() -> ran.add("other"));
            throw new AssertionError();
        });
        assertThat(ran).containsExactly("other");
    }

    @Test
    void aTaskAfterTheEndOfTheThreadsRunsWithTheCaller() {
        List<String> ran = new ArrayList<>();
        new Mailbox(task -> {
                    throw new RejectedExecutionException();
                })
                .execute(() -> ran.add("late"));
        assertThat(ran).containsExactly("late");
    }

    @Test
    void aCallThatHasNotStartedNeverStartsOnceInterrupted() {
        List<Runnable> queue = new ArrayList<>();
        List<String> ran = new ArrayList<>();
        InterruptibleCall call = InterruptibleCall.start(queue::add, () -> ran.add("run"));
        assertThat(call.interrupt()).isTrue();
        queue.forEach(Runnable::run);
        assertThat(ran).isEmpty();
    }

    @Test
    void anInterruptReachesTheCallAndNothingAfterIt() {
        List<Boolean> interrupted = new ArrayList<>();
        InterruptibleCall[] call = new InterruptibleCall[1];
        List<Runnable> queue = new ArrayList<>();
        call[0] = InterruptibleCall.start(queue::add, () -> {
            assertThat(call[0].interrupt()).isFalse();
            interrupted.add(Thread.currentThread().isInterrupted());
        });
        queue.forEach(Runnable::run);
        assertThat(call[0].interrupt()).isFalse();
        interrupted.add(Thread.currentThread().isInterrupted());
        assertThat(interrupted).containsExactly(true, false);
        assertThatThrownBy(() -> InterruptibleCall.start(
                        task -> {
                            throw new RejectedExecutionException();
                        },
                        () -> {}))
                .isInstanceOf(RejectedExecutionException.class);
    }
}
