package io.jenkins.plugins.pymacaron.accept;

import io.jenkins.plugins.pymacaron.process.FailedTask;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Runs tasks at the same time. When one fails, or the wait is interrupted, all of them end. */
final class SideBySide {
    /** Longer than a program needs to end after its thread is interrupted. */
    private static final long ENDED_WITHIN_SECONDS = 60;

    private SideBySide() {}

    /** Runs the tasks. @return their results, in their order */
    static <T> List<T> all(List<? extends Callable<T>> tasks) throws IOException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size(), body -> {
            Thread thread = new Thread(body, "tests");
            thread.setDaemon(true);
            return thread;
        });
        try {
            CompletionService<T> completion = new ExecutorCompletionService<>(threads);
            List<Future<T>> begun = new ArrayList<>();
            for (Callable<T> task : tasks) {
                begun.add(completion.submit(task));
            }
            for (int i = 0; i < begun.size(); i++) {
                completion.take().get();
            }
            List<T> results = new ArrayList<>();
            for (Future<T> one : begun) {
                results.add(one.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw FailedTask.failure(e);
        } finally {
            end(threads);
        }
    }

    /** Waits until nothing runs, also where the thread of the caller is interrupted. */
    private static void end(ExecutorService threads) {
        threads.shutdownNow();
        boolean interrupted = Thread.interrupted();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ENDED_WITHIN_SECONDS);
        while (!threads.isTerminated() && System.nanoTime() < deadline) {
            try {
                threads.awaitTermination(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
