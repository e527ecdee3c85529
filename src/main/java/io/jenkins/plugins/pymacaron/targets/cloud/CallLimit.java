package io.jenkins.plugins.pymacaron.targets.cloud;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Limits the time of each call of a client library, independent of the library's own limits. The call runs in a thread
 * of its own, which is left behind where it does not react to its interruption.
 */
final class CallLimit {
    private static final ExecutorService THREADS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "pymacaron cloud call");
        thread.setDaemon(true);
        return thread;
    });

    private final Duration limit;

    CallLimit(Duration limit) {
        this.limit = limit;
    }

    /** Thrown when there was no answer in time; the requested change may have been made. */
    static final class ExceededException extends IOException {
        private static final long serialVersionUID = 1L;

        ExceededException(Duration limit) {
            super("there was no whole answer within " + limit.toMillis() / 1000.0 + " s");
        }
    }

    /** Runs the call. @throws Exception what {@code call} throws, or that it took too long */
    <T> T call(Callable<T> call) throws Exception {
        Future<T> running = THREADS.submit(() -> {
            try {
                return call.call();
            } catch (Exception e) {
                // A library may answer an interruption with an exception of its own.
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted during a call");
                }
                throw e;
            }
        });
        try {
            return running.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new ExceededException(limit);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception known) {
                throw known;
            }
            throw (Error) e.getCause();
        } finally {
            running.cancel(true);
        }
    }
}
