package io.jenkins.plugins.pymacaron.operation;

import java.util.concurrent.Executor;

/** A blocking call on another thread that can be interrupted, without an interrupt of the thread's next task. */
final class InterruptibleCall implements Runnable {
    private final Runnable body;
    private Thread thread;
    private boolean started;
    private boolean given;

    private InterruptibleCall(Runnable body) {
        this.body = body;
    }

    /** Starts the call. @throws java.util.concurrent.RejectedExecutionException when the process is shutting down */
    static InterruptibleCall start(Executor executor, Runnable body) {
        InterruptibleCall call = new InterruptibleCall(body);
        executor.execute(call);
        return call;
    }

    @Override
    public void run() {
        synchronized (this) {
            if (given) {
                return;
            }
            started = true;
            thread = Thread.currentThread();
        }
        try {
            body.run();
        } finally {
            synchronized (this) {
                thread = null;
                if (given) {
                    Thread.interrupted();
                }
            }
        }
    }

    /**
     * Interrupts the call, or keeps it from starting.
     *
     * @return whether it will never start
     */
    synchronized boolean interrupt() {
        given = true;
        if (thread != null) {
            thread.interrupt();
        }
        return !started;
    }
}
