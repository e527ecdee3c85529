package io.jenkins.plugins.pymacaron.image;

import io.jenkins.plugins.pymacaron.process.FailedTask;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A task that runs in a thread of its own beside other work. After {@link #close} nothing of it runs any more. */
final class BesideTask<T> implements AutoCloseable {
    private final FutureTask<T> task;
    private final Thread thread;

    private BesideTask(Callable<T> work) {
        task = new FutureTask<>(work);
        thread = new Thread(task, "beside");
        thread.setDaemon(true);
    }

    static <T> BesideTask<T> begin(Callable<T> work) {
        BesideTask<T> begun = new BesideTask<>(work);
        begun.thread.start();
        return begun;
    }

    /** Waits for the result. @throws IOException the failure of the task */
    T result() throws IOException, InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw FailedTask.failure(e);
        }
    }

    /** Interrupts the task if its result was not waited for, and waits until it has ended its programs. */
    @Override
    public void close() {
        task.cancel(true);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
