package io.jenkins.plugins.pymacaron.jenkins.lock;

import hudson.AbortException;
import hudson.Util;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** A step that waits for an environment. It reports its place to the step's listener. */
final class QueuedStep {
    private final WaitingListener listener;
    private final boolean back;
    private final CompletableFuture<Void> future = new CompletableFuture<>();
    /** Guarded by this, as the next one is. */
    private WaitingTexts told;

    private long newest;
    /** Set without the monitor: the build that gives its turn must not wait for the log of this one. */
    private volatile boolean isOver;

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
     * Reports the place, if it has changed so much that the reader wants to know.
     *
     * @param state the number of the state of the queue: of two threads the one with the older state does not report last
     */
    synchronized void tell(long state, WaitingTexts texts) {
        if (isOver || state < newest) {
            return;
        }
        newest = state;
        if (texts.isWorthTelling(told)) {
            told = texts;
            listener.log().getLogger().println(told.log());
            listener.waits(told.label());
        }
    }

    /** Lets the step go on. @param asked when it first asked, in milliseconds since the epoch */
    void serve(String environment, long asked, Executor executor) {
        isOver = true;
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
        isOver = true;
        future.completeExceptionally(why);
    }

    void cancel() {
        isOver = true;
        future.cancel(false);
    }
}
