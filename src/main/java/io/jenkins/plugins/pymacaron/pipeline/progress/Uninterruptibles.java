package io.jenkins.plugins.pymacaron.pipeline.progress;

import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Work that an interrupt must not spoil. */
public final class Uninterruptibles {
    private Uninterruptibles() {}

    /** Something that writes. */
    @FunctionalInterface
    public interface Writing {
        void run() throws IOException;
    }

    /**
     * Writes, again if need be, since an interrupt closes the very file that is being written. The interrupt is there
     * again afterwards.
     */
    public static void write(Writing writing) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    writing.run();
                    return;
                } catch (ClosedByInterruptException e) {
                    interrupted = true;
                    Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The way back. */
    @FunctionalInterface
    public interface Back<T> {
        T run() throws StageFailedException, IOException, InterruptedException;
    }

    /**
     * Goes the way back to its end, which has deadlines of its own. Whoever interrupts wants nothing half-made to be
     * left, and the way back is how that comes about; an interrupt that comes meanwhile is dropped.
     */
    public static <T> T back(Back<T> back) throws StageFailedException, IOException {
        FutureTask<T> task = new FutureTask<>(back::run);
        Thread thread = new WayBack(task);
        thread.setDaemon(true);
        thread.start();
        while (true) {
            try {
                return task.get();
            } catch (InterruptedException e) {
                // dropped
            } catch (ExecutionException e) {
                throw rethrown(e.getCause());
            }
        }
    }

    /** Whether this is the way back: what is half-made is undone, whether anybody still wants it or not. */
    public static boolean isWayBack() {
        return Thread.currentThread() instanceof WayBack;
    }

    private static final class WayBack extends Thread {
        WayBack(Runnable task) {
            super(task, "way back");
        }
    }

    private static StageFailedException rethrown(Throwable cause) throws StageFailedException, IOException {
        if (cause instanceof IOException failure) {
            throw failure;
        }
        if (cause instanceof RuntimeException bug) {
            throw bug;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof StageFailedException failure
                ? failure
                : new StageFailedException(RunOutcome.ROLLBACK_FAILED, "the way back was interrupted", cause);
    }
}
