package io.jenkins.plugins.pymacaron.jenkins.lock;

import hudson.AbortException;
import hudson.Util;
import hudson.model.TaskListener;
import io.jenkins.plugins.pymacaron.target.EnvironmentNames;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** One step that waits for an environment, and the log in which it says so. */
final class Waiting {
    private final TaskListener listener;
    private final long since = System.nanoTime();
    private final CompletableFuture<Void> future = new CompletableFuture<>();

    Waiting(TaskListener listener) {
        this.listener = listener;
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
