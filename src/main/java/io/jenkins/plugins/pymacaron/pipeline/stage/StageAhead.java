package io.jenkins.plugins.pymacaron.pipeline.stage;

import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunRecorder;
import io.jenkins.plugins.pymacaron.process.FailedTask;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The work of a stage, running beside the stage before it in a thread of its own. Its lines wait until {@link #result}
 * is asked for, so that the lines of two stages do not mix. Closing it ends the work.
 *
 * @param <T> the result
 */
final class StageAhead<T> implements AutoCloseable {
    /** Longer than a program needs to end after its thread is interrupted. */
    private static final long ENDED_WITHIN_SECONDS = 60;

    private final RunRecorder recorder;
    private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();
    private final FutureTask<T> task;
    private final Thread thread;
    private volatile boolean done;

    /**
     * Work that may run ahead. Only the thread of the run writes the record and the state of a run, so the work does
     * neither, and gives its lines to {@code lines}.
     */
    @FunctionalInterface
    interface Work<T> {
        T run(Consumer<String> lines) throws IOException, InterruptedException;
    }

    private StageAhead(Stage stage, Work<T> work, RunRecorder recorder) {
        this.recorder = recorder;
        task = new FutureTask<>(() -> {
            try {
                T result = work.run(line -> lines.add(Optional.of(line)));
                done = true;
                return result;
            } finally {
                recorder.endedAhead(stage);
            }
        });
        thread = new Thread(
                () -> {
                    task.run();
                    lines.add(Optional.empty());
                },
                stage.title());
        thread.setDaemon(true);
    }

    static <T> StageAhead<T> begin(Stage stage, Work<T> work, RunRecorder recorder) {
        StageAhead<T> ahead = new StageAhead<>(stage, work, recorder);
        recorder.beginAhead(stage);
        ahead.thread.start();
        return ahead;
    }

    /** Shows the lines, waits for the end, and returns the result. */
    T result() throws IOException, InterruptedException {
        for (Optional<String> line = lines.take(); line.isPresent(); line = lines.take()) {
            recorder.progress().line(line.get());
        }
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw FailedTask.failure(e);
        }
    }

    /** Returns whether the work has ended well. */
    boolean isDone() {
        return done;
    }

    /** Ends the work, and waits until it has ended, also where the thread of the caller is interrupted. */
    @Override
    public void close() {
        thread.interrupt();
        boolean interrupted = Thread.interrupted();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ENDED_WITHIN_SECONDS);
        while (thread.isAlive() && System.nanoTime() < deadline) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(1));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
