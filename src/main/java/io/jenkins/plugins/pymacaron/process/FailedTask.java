package io.jenkins.plugins.pymacaron.process;

import java.io.IOException;
import java.util.concurrent.ExecutionException;

/** Reads the failure of a task that ran in another thread. */
public final class FailedTask {
    private FailedTask() {}

    /**
     * Returns the failure for a caller that throws it.
     *
     * @throws InterruptedException if the task was interrupted; unchecked failures are thrown too
     */
    public static IOException failure(ExecutionException failed) throws InterruptedException {
        Throwable cause = failed.getCause();
        if (cause instanceof InterruptedException interrupted) {
            throw interrupted;
        }
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof IOException io ? io : new IOException(String.valueOf(cause), cause);
    }
}
