package io.jenkins.plugins.pymacaron.pipeline.contract;

import io.jenkins.plugins.pymacaron.report.RunOutcome;

/** Thrown when a stage failed, for a reason that the user can read in one line. */
public final class StageFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final RunOutcome outcome;
    private boolean suspended;
    private boolean lost;

    public StageFailedException(RunOutcome outcome, String message) {
        super(message);
        this.outcome = outcome;
    }

    public StageFailedException(RunOutcome outcome, String message, Throwable cause) {
        super(message, cause);
        this.outcome = outcome;
    }

    /** Returns the failure of a change that could not be completed, so that its run is not over either. */
    public static StageFailedException suspended(String message) {
        StageFailedException e =
                new StageFailedException(RunOutcome.DEPLOY_FAILED, message + "; the change is not finished");
        e.suspended = true;
        return e;
    }

    /**
     * Returns the failure of a run that has lost the lease of an environment: what it has begun there is left to a
     * clean-up that takes the lease again.
     */
    public static StageFailedException lost(RunOutcome outcome, String message) {
        StageFailedException e = new StageFailedException(
                outcome, message + "; what this run has left there is undone by the next clean-up");
        e.suspended = true;
        e.lost = true;
        return e;
    }

    /** Returns whether another run has the lease, so that nothing may be done there now, not even a rollback. */
    public boolean isLost() {
        return lost || getCause() instanceof StageFailedException cause && cause.isLost();
    }

    /** Returns whether the run is to be resumed or cleaned up. */
    public boolean isSuspended() {
        return suspended || getCause() instanceof StageFailedException cause && cause.isSuspended();
    }

    public RunOutcome outcome() {
        return outcome;
    }
}
