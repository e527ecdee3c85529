package io.jenkins.plugins.pymacaron.process;

import java.time.Duration;

/**
 * Measures how long this process has waited for others: for programs that it runs, for services to start. Overlapping
 * waits count once, so that the rest of a run's time is its own.
 */
public final class ExternalWaitTime {
    private static int waiting;
    private static long since;
    private static long nanos;

    private ExternalWaitTime() {}

    /** Begins a wait for another process, until it is closed. */
    public static Wait begin() {
        synchronized (ExternalWaitTime.class) {
            if (waiting++ == 0) {
                since = System.nanoTime();
            }
        }
        return new Wait();
    }

    /** Returns the time of all waits so far, current ones included. */
    public static synchronized Duration total() {
        return Duration.ofNanos(waiting == 0 ? nanos : nanos + System.nanoTime() - since);
    }

    /** A wait, see {@link #begin}. */
    public static final class Wait implements AutoCloseable {
        private boolean over;

        private Wait() {}

        @Override
        public void close() {
            synchronized (ExternalWaitTime.class) {
                if (!over) {
                    over = true;
                    if (--waiting == 0) {
                        nanos += System.nanoTime() - since;
                    }
                }
            }
        }
    }
}
