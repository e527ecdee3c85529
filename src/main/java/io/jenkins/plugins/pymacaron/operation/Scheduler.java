package io.jenkins.plugins.pymacaron.operation;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Runs short tasks later. In tests, time is virtual. */
@FunctionalInterface
public interface Scheduler {
    /** A task that has been scheduled. */
    @FunctionalInterface
    interface Timer {
        /** Cancels the task. Idempotent; a task that is running already is not disturbed. */
        void cancel();
    }

    /**
     * Schedules a task.
     *
     * @param task hands its work on to an executor: it must neither block nor do I/O
     * @throws java.util.concurrent.RejectedExecutionException when the process is shutting down
     */
    Timer schedule(Duration delay, Runnable task);

    /** Returns a scheduler of a service, for instance Jenkins' own timer, whose few threads all plugins share. */
    static Scheduler of(ScheduledExecutorService service) {
        return (delay, task) -> {
            Future<?> future = service.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        };
    }
}
