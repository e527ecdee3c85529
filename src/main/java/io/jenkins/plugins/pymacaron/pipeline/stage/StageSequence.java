package io.jenkins.plugins.pymacaron.pipeline.stage;

import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.progress.IoMessages;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunRecorder;
import io.jenkins.plugins.pymacaron.pipeline.progress.StageBody;
import io.jenkins.plugins.pymacaron.pipeline.state.RunState;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.report.StageState;
import java.io.IOException;

/** Runs stage bodies: it reports them, remembers which are done, and names the outcome of a failure. */
public final class StageSequence {
    private final RunRecorder recorder;
    private final RunState state;

    public StageSequence(RunRecorder recorder, RunState state) {
        this.recorder = recorder;
        this.state = state;
    }

    /** Runs the stage, unless it was done before this run was interrupted. */
    public void run(Stage stage, StageBody body) throws StageFailedException, IOException, InterruptedException {
        if (state.isDone(stage)) {
            recorder.skip(stage, "done before");
            return;
        }
        recorder.begin(stage);
        try {
            String note = body.run();
            done(stage, recorder.progress().masked(note));
            recorder.pass(stage, note);
        } catch (StageFailedException e) {
            recorder.fail(stage, StageState.FAILED, e.getMessage());
            throw e;
        } catch (InterruptedException e) {
            // The interrupt must not prevent the record of what happened.
            recorder.fail(stage, StageState.INTERRUPTED, "interrupted");
            throw e;
        } catch (IOException e) {
            if (Thread.interrupted()) {
                // An interrupt closes files and pipes in use, which then fail with messages of their own.
                recorder.fail(stage, StageState.INTERRUPTED, "interrupted");
                throw new InterruptedException(e.getMessage());
            }
            String why = IoMessages.of(e);
            recorder.fail(stage, StageState.FAILED, why);
            throw new StageFailedException(outcome(stage), stage.title() + ": " + why, e);
        }
    }

    /** Ends a stage that ran ahead. */
    @FunctionalInterface
    interface Ending<T> {
        /** Keeps the result. @return a summary of it, one short line */
        String of(T result) throws IOException;
    }

    /**
     * Runs a stage, and the work of the next one beside it. The next stage is shown and recorded after the first one,
     * and is ended if the first one does not pass. If one of them was done before this run was interrupted, they run
     * one after the other.
     */
    <T> void beside(Stage stage, StageBody body, Stage next, StageAhead.Work<T> work, Ending<T> ending)
            throws StageFailedException, IOException, InterruptedException {
        if (state.isDone(stage) || state.isDone(next)) {
            run(stage, body);
            run(next, () -> ending.of(work.run(recorder.progress()::line)));
            return;
        }
        try (StageAhead<T> ahead = StageAhead.begin(next, work, recorder)) {
            boolean passed = false;
            try {
                run(stage, body);
                passed = true;
            } finally {
                if (!passed) {
                    end(next, ahead, stage);
                }
            }
            run(next, () -> ending.of(ahead.result()));
        }
    }

    private void end(Stage next, StageAhead<?> ahead, Stage stage) {
        ahead.close();
        recorder.endUnused(
                next,
                (ahead.isDone() ? "was done early, but " : "ended early, since ") + stage.title() + " did not pass");
    }

    /**
     * Records that a stage is done. If this cannot be written down, the stage does not count as done, and the run is to
     * be resumed later.
     */
    private void done(Stage stage, String note) throws StageFailedException {
        try {
            state.done(stage, note);
        } catch (IOException e) {
            throw StageFailedException.suspended(
                    stage.title() + " is done, but that cannot be written down: " + IoMessages.of(e));
        }
    }

    void skip(Stage stage, String why) throws IOException {
        recorder.skip(stage, why);
    }

    private static RunOutcome outcome(Stage stage) {
        return switch (stage) {
            case PREFLIGHT -> RunOutcome.CONFIG_INVALID;
            case UNIT, CONTAINER, ACCEPT_STAGING, ACCEPT_LIVE -> RunOutcome.TESTS_FAILED;
            case BUILD, PUSH -> RunOutcome.BUILD_FAILED;
            case STAGING, PRE_PROMOTE, PROMOTE -> RunOutcome.DEPLOY_FAILED;
            case ROLLBACK -> RunOutcome.ROLLBACK_FAILED;
        };
    }
}
