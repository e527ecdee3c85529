package io.jenkins.plugins.pymacaron.operation;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Runs tasks one at a time and in order on the threads of another executor, so that they need no locks. */
final class Mailbox implements Executor {
    private static final Logger LOGGER = Logger.getLogger(Mailbox.class.getName());

    private final Executor executor;
    private final Queue<Runnable> queue = new ArrayDeque<>();
    private boolean busy;

    Mailbox(Executor executor) {
        this.executor = executor;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (queue) {
            queue.add(task);
            if (busy) {
                return;
            }
            busy = true;
        }
        try {
            executor.execute(this::drain);
        } catch (RejectedExecutionException e) {
            // The process is shutting down; a result that has just become known can still be written down.
            drain();
        }
    }

    private void drain() {
        while (true) {
            Runnable task;
            synchronized (queue) {
                task = queue.poll();
                if (task == null) {
                    busy = false;
                    return;
                }
            }
            try {
                task.run();
            } catch (Throwable e) {
                LOGGER.log(Level.SEVERE, "a turn of an operation broke off", e);
            }
        }
    }
}
