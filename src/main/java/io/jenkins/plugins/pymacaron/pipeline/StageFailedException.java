package io.jenkins.plugins.pymacaron.pipeline;

import io.jenkins.plugins.pymacaron.report.RunOutcome;

/** A stage ended badly, for a reason that the user can read in one line. */
public final class StageFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final RunOutcome outcome;

    public StageFailedException(RunOutcome outcome, String message) {
        super(message);
        this.outcome = outcome;
    }

    public StageFailedException(RunOutcome outcome, String message, Throwable cause) {
        super(message, cause);
        this.outcome = outcome;
    }

    public RunOutcome outcome() {
        return outcome;
    }
}
