package io.jenkins.plugins.pymacaron.cli;

import io.jenkins.plugins.pymacaron.process.Shutdown;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C and SIGTERM into an interrupt of the thread that runs the deployment, and delays the end of the JVM
 * until that thread has undone half-made changes. The JVM then ends with 130 or 143 by itself.
 */
final class Interrupts implements AutoCloseable {
    /** Longer than a container's grace time and the proof of the version that serves again. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final CountDownLatch done = new CountDownLatch(1);
    private final Runnable forget;

    private Interrupts(Thread thread) {
        forget = Shutdown.before(() -> {
            thread.interrupt();
            try {
                done.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    static Interrupts install(Thread thread) {
        return new Interrupts(thread);
    }

    @Override
    public void close() {
        forget.run();
        done.countDown();
    }
}
