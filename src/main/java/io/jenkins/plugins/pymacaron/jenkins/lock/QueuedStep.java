package io.jenkins.plugins.pymacaron.jenkins.lock;

import hudson.AbortException;
import hudson.Util;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** A step that waits for an environment. It reports its place to the step's listener. */
final class QueuedStep {
    private final WaitingListener listener;
    private final boolean back;
    private final CompletableFuture<Void> future = new CompletableFuture<>();
    /** Guarded by this. */
    private WaitingTexts told;

    /** Makes the step. @param back whether it rolls back, which a pause allows */
    QueuedStep(WaitingListener listener, boolean back) {
        this.listener = listener;
        this.back = back;
    }

    boolean isBack() {
        return back;
    }

    CompletableFuture<Void> future() {
        return future;
    }

    /**
     * Reports the place, if it has changed.
     *
     * @param now is called here, so that of two threads the one with the older value does not report last; empty once the
     *     step no longer waits
     */
    synchronized void tell(Supplier<Optional<WaitingTexts>> now) {
        Optional<WaitingTexts> texts = now.get();
        if (texts.isPresent() && !texts.get().equals(told)) {
            told = texts.get();
            listener.log().getLogger().println(told.log());
            listener.waits(told.label());
        }
    }

    /** Lets the step go on. @param asked when it first asked, in milliseconds since the epoch */
    void serve(String environment, long asked, Executor executor) {
        executor.execute(() -> {
            long waited = Math.max(0, System.currentTimeMillis() - asked);
            synchronized (this) {
                listener.log()
                        .getLogger()
                        .println(Messages.EnvironmentQueue_goesOn(environment, Util.getTimeSpanString(waited)));
            }
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
