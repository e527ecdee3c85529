package io.jenkins.plugins.pymacaron.operation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * A clock that stands still until it is told to go on, with everything that is to run on it: an hour takes microseconds,
 * on the thread of the test, in an order that the seed decides. Tests of other rooms use it too.
 */
public final class VirtualTime implements Scheduler, InstantSource, Executor {
    public static final Instant BEGIN = Instant.parse("2026-11-22T10:00:00Z");

    private record Task(Instant due, long order, Runnable body) {}

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparing(Task::due).thenComparingLong(Task::order));
    private final Random random;
    private final boolean shuffled;
    private Instant now = BEGIN;
    private long count;

    /** Tasks that are due at the same instant run in the order in which they came. */
    public VirtualTime() {
        this.random = new Random(0);
        this.shuffled = false;
    }

    /** Tasks that are due at the same instant run in an order drawn from {@code seed}. */
    public VirtualTime(long seed) {
        this.random = new Random(seed);
        this.shuffled = true;
    }

    public DriverRuntime clockwork() {
        return new DriverRuntime(this, this, this, this, random::nextDouble);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public void execute(Runnable body) {
        schedule(Duration.ZERO, body);
    }

    @Override
    public Timer schedule(Duration delay, Runnable body) {
        count++;
        long order = shuffled ? random.nextLong() : count;
        Task task = new Task(now.plus(delay), order, body);
        tasks.add(task);
        return () -> tasks.remove(task);
    }

    /** Runs what is due now, and what that makes due now. */
    public void run() {
        advance(Duration.ZERO);
    }

    /** Lets time pass, and runs the due tasks, each at its own instant. */
    public void advance(Duration by) {
        runUntil(() -> false, by);
    }

    /**
     * Lets time pass until {@code done}, but no longer than {@code limit}.
     *
     * @return whether it is done
     */
    public boolean runUntil(BooleanSupplier done, Duration limit) {
        Instant end = now.plus(limit);
        while (!done.getAsBoolean()) {
            Task next = tasks.peek();
            if (next == null || next.due().isAfter(end)) {
                now = end;
                return false;
            }
            tasks.poll();
            now = next.due();
            next.body().run();
        }
        return true;
    }

    /** Returns whether no task is due any more. */
    public boolean idle() {
        return tasks.isEmpty();
    }
}
