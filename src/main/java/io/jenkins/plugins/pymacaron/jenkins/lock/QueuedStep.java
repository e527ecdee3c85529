package io.jenkins.plugins.pymacaron.jenkins.lock;

import hudson.AbortException;
import hudson.Util;
import hudson.model.TaskListener;
import io.jenkins.plugins.pymacaron.pipeline.contract.EnvironmentNames;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** A step that waits for an environment, and the log in which it reports that. */
final class QueuedStep {
    private final TaskListener listener;
    private final boolean back;
    private final long since = System.nanoTime();
    private final long asked = System.currentTimeMillis();
    private final CompletableFuture<Void> future = new CompletableFuture<>();

    /** Makes the step. @param back whether it rolls back, which a pause allows */
    QueuedStep(TaskListener listener, boolean back) {
        this.listener = listener;
        this.back = back;
    }

    /** Returns when it asked, in milliseconds since the epoch. */
    long asked() {
        return asked;
    }

    boolean isBack() {
        return back;
    }

    CompletableFuture<Void> future() {
        return future;
    }

    void serve(String environment, Executor executor) {
        executor.execute(() -> {
            Duration waited = Duration.ofNanos(System.nanoTime() - since);
            listener.getLogger()
                    .println(Messages.EnvironmentQueue_goesOn(
                            EnvironmentNames.shown(environment), Util.getTimeSpanString(waited.toMillis())));
            future.complete(null);
        });
    }

    void refuse(AbortException why) {
        future.completeExceptionally(why);
    }

    void cancel() {
        future.cancel(false);
    }
}
