package io.jenkins.plugins.pymacaron.process;

import java.time.Duration;

/**
 * How long this process has waited for others: for programs it runs, for services to start. What overlaps counts once, so
 * that the rest of a run's time is its own.
 */
public final class ExternalWaitTime {
    private static int waiting;
    private static long since;
    private static long nanos;

    private ExternalWaitTime() {}

    /** A wait for somebody else, from now until it is closed. */
    public static Wait begin() {
        synchronized (ExternalWaitTime.class) {
            if (waiting++ == 0) {
                since = System.nanoTime();
            }
        }
        return new Wait();
    }

    /** All waits so far, those under way included. */
    public static synchronized Duration total() {
        return Duration.ofNanos(waiting == 0 ? nanos : nanos + System.nanoTime() - since);
    }

    /** See {@link #begin}. */
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
