package io.jenkins.plugins.pymacaron.operation;

import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** A {@link DriverRuntime} of real time and daemon threads, for a process or a Jenkins of its own. */
public final class ThreadedRuntime implements AutoCloseable {
    private final ScheduledExecutorService timer;
    private final ExecutorService turns;
    private final ExecutorService calls;

    /**
     * Makes a runtime.
     *
     * @param name the name of the threads, for thread dumps
     * @param bound how many blocking calls may run at once
     */
    public ThreadedRuntime(String name, int bound) {
        timer = Executors.newSingleThreadScheduledExecutor(named(name + " timer"));
        turns = Executors.newFixedThreadPool(2, named(name + " turn"));
        calls = Executors.newFixedThreadPool(bound, named(name + " call"));
    }

    public DriverRuntime clockwork() {
        return new DriverRuntime(Scheduler.of(timer), Clock.systemUTC(), turns, calls, () -> ThreadLocalRandom.current()
                .nextDouble());
    }

    private static ThreadFactory named(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + " " + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Ends all threads at once; call {@link Driver#suspend} first. A running call is interrupted. */
    @Override
    public void close() {
        timer.shutdownNow();
        calls.shutdownNow();
        turns.shutdown();
    }
}
