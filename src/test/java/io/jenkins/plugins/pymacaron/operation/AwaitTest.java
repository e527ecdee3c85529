package io.jenkins.plugins.pymacaron.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The blocking end of a run, as the command line uses it: real threads, real time. */
@Timeout(20 * 60)
class AwaitTest {
    private static final Observer BLIND = new Observer(
            "nothing",
            subject -> {
                throw new IOException("blind");
            },
            Backoff.RETRY);

    private final ThreadedRuntime threads = new ThreadedRuntime("test", 2);
    private final CountDownLatch waiting = new CountDownLatch(1);

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        threads.close();
    }

    private Run start(FileWorld world, Observer observer) throws Exception {
        Journal journal = new JournalStore(directory, Clock.systemUTC()).create("a", "test.chain", Chain.length(1));
        return new Driver(threads.clockwork()).run(journal, new Chain(), world, observer, new Listener() {
            @Override
            public void waiting(String what, java.time.Instant deadline) {
                waiting.countDown();
            }
        });
    }

    private static void applied(FileWorld world, Effect effect) {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);
        while (world.find(effect) == Lookup.ABSENT && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(world.find(effect)).isNotEqualTo(Lookup.ABSENT);
    }

    /** A call that was under way may hold the journal a little longer than its run. */
    private static Journal whenReleased(JournalStore store) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);
        while (true) {
            try {
                return store.open("a");
            } catch (JournalHeldException e) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                Thread.onSpinWait();
            }
        }
    }

    /** Returns a thread that waits for {@code run} and gets its result. */
    private static Thread waiter(Run run, CompletableFuture<Object> result) {
        Thread thread = new Thread(() -> {
            try {
                result.complete(run.await());
            } catch (InterruptedException e) {
                result.complete(e);
            }
        });
        thread.start();
        return thread;
    }

    @Test
    void returnsTheOutcome() throws Exception {
        FileWorld world = new FileWorld(directory, "");
        assertThat(start(world, FileWorld.observer()).await()).isInstanceOf(Outcome.Done.class);
    }

    @Test
    void anInterruptStopsTheRunAndItsUndoIsWaitedFor() throws Exception {
        FileWorld world = new FileWorld(directory, "");
        CompletableFuture<Object> result = new CompletableFuture<>();
        Thread waiter = waiter(start(world, BLIND), result);
        waiting.await();
        waiter.interrupt();

        assertThat(result.get(600, TimeUnit.SECONDS)).isEqualTo(new Outcome.Stopped("interrupted", List.of()));
        assertThat(world.count("drop-0")).isEqualTo("once\n");
    }

    @Test
    void aSecondInterruptLeavesTheUndoToALaterProcess() throws Exception {
        FileWorld world = new FileWorld(directory, "drop-0");
        Run run = start(world, BLIND);
        CompletableFuture<Object> result = new CompletableFuture<>();
        Thread waiter = waiter(run, result);
        waiting.await();
        waiter.interrupt();
        applied(world, Chain.drop(0));
        waiter.interrupt();

        assertThat(result.get(600, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        threads.close();
        assertThat(run.outcome().get(600, TimeUnit.SECONDS)).isEqualTo(new Outcome.Suspended("interrupted"));

        State left = new JournalStore(directory, Clock.systemUTC()).read("a").orElseThrow();
        assertThat(left.outcome()).isEmpty();
        assertThat(left.undone()).isTrue();
    }

    @Test
    void anInterruptOfTheWorkersIsNoFailure() throws Exception {
        FileWorld world = new FileWorld(directory, "make-0");
        Run run = start(world, FileWorld.observer());
        applied(world, Chain.make(0));
        threads.close();

        assertThat(run.outcome().get(600, TimeUnit.SECONDS))
                .isEqualTo(new Outcome.Suspended("this process is shutting down"));
        try (ThreadedRuntime fresh = new ThreadedRuntime("fresh", 2)) {
            Journal journal = whenReleased(new JournalStore(directory, Clock.systemUTC()));
            assertThat(new Driver(fresh.clockwork())
                            .run(journal, new Chain(), world, FileWorld.observer(), Listener.NONE)
                            .await())
                    .isInstanceOf(Outcome.Done.class);
        }
        assertThat(world.count("make-0")).isEqualTo("once\n");
    }
}
