package io.jenkins.plugins.pymacaron.operation;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * A {@link DriverRuntime} of real threads whose clock goes fast while a driver only waits. While a call or a turn is
 * under way it goes as any clock does, so that a busy machine shortens no time limit. Tests of other rooms use it too.
 */
public final class ShortWaits implements AutoCloseable {
    private static final int FASTER = 20;

    private record Task(Instant due, Runnable body) {}

    private final ThreadedRuntime threads;
    private final DriverRuntime real;
    private final PriorityQueue<Task> tasks = new PriorityQueue<>(Comparator.comparing(Task::due));
    private Instant now;
    private long read = System.nanoTime();
    private int busy;
    private boolean closed;

    /** Makes a runtime. @param name the name of the threads @param bound how many blocking calls may run at once */
    public ShortWaits(String name, int bound) {
        threads = new ThreadedRuntime(name, bound);
        real = threads.clockwork();
        now = real.clock().instant();
        Thread timer = new Thread(this::run, name + " clock");
        timer.setDaemon(true);
        timer.start();
    }

    public DriverRuntime clockwork() {
        return new DriverRuntime(
                this::schedule, this::instant, counted(real.turns()), counted(real.calls()), real.random());
    }

    /** Is called before each change of what its speed depends on. */
    private synchronized Instant instant() {
        long at = System.nanoTime();
        now = now.plusNanos((at - read) * speed());
        read = at;
        return now;
    }

    /** Without a task to wait for, no driver runs, and a test does something else. */
    private int speed() {
        return busy == 0 && !tasks.isEmpty() ? FASTER : 1;
    }

    private synchronized void count(int more) {
        instant();
        busy += more;
        notifyAll();
    }

    /** Counts a task from its arrival, since a task that waits for a thread is under way too. */
    private Executor counted(Executor executor) {
        return task -> {
            count(1);
            try {
                executor.execute(() -> {
                    try {
                        task.run();
                    } finally {
                        count(-1);
                    }
                });
            } catch (RejectedExecutionException e) {
                count(-1);
                throw e;
            }
        };
    }

    private synchronized Scheduler.Timer schedule(Duration delay, Runnable body) {
        if (closed) {
            throw new RejectedExecutionException("closed");
        }
        Task task = new Task(instant().plus(delay), body);
        tasks.add(task);
        notifyAll();
        return () -> cancel(task);
    }

    private synchronized void cancel(Task task) {
        instant();
        tasks.remove(task);
    }

    private void run() {
        try {
            for (Task task = next(); task != null; task = next()) {
                task.body().run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the next due task. @return null when closed */
    private synchronized Task next() throws InterruptedException {
        while (!closed) {
            Task first = tasks.peek();
            long left = first == null
                    ? Long.MAX_VALUE
                    : Duration.between(instant(), first.due()).toNanos();
            if (left <= 0) {
                return tasks.poll();
            }
            wait(first == null ? 0 : 1 + left / speed() / 1_000_000);
        }
        return null;
    }

    /** Ends all threads; otherwise as {@link ThreadedRuntime#close}. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        threads.close();
    }
}
