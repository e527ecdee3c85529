package io.jenkins.plugins.pymacaron.pipeline.progress;

import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Runs work that an interrupt must not break. */
public final class Uninterruptibles {
    private Uninterruptibles() {}

    /** A piece of work that writes. */
    @FunctionalInterface
    public interface Writing {
        void run() throws IOException;
    }

    /**
     * Writes, repeatedly if needed, since an interrupt closes the very file that is being written. The interrupt is set
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

    /** A rollback or an undo. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws StageFailedException, IOException, InterruptedException;
    }

    /**
     * Runs the rollback to its end, and ignores interrupts: an interrupt asks that nothing half-made remains, which is
     * the purpose of the rollback. The rollback has its own time limits.
     */
    public static <T> T finish(Work<T> work) throws StageFailedException, IOException {
        FutureTask<T> task = new FutureTask<>(work::run);
        Thread thread = new RollbackThread(task);
        thread.setDaemon(true);
        thread.start();
        while (true) {
            try {
                return task.get();
            } catch (InterruptedException e) {
                // Ignored.
            } catch (ExecutionException e) {
                throw rethrown(e.getCause());
            }
        }
    }

    /**
     * Returns whether this thread runs a rollback: half-made changes are undone even if the build no longer wants
     * anything.
     */
    public static boolean isRollback() {
        return Thread.currentThread() instanceof RollbackThread;
    }

    private static final class RollbackThread extends Thread {
        RollbackThread(Runnable task) {
            super(task, "rollback");
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
                : new StageFailedException(RunOutcome.ROLLBACK_FAILED, "the rollback was interrupted", cause);
    }
}
