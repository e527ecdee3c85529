package io.jenkins.plugins.pymacaron.pipeline.change;

import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.lock.LostLease;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.targets.Expectation;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns the outcome of an operation into its result, or into the failure of its stage. */
final class OutcomeFailures {
    private OutcomeFailures() {}

    /** Returns the result. @param other the mark that another run has left since, "" for none */
    static Map<String, String> result(Outcome outcome, String other) throws StageFailedException, InterruptedException {
        if (outcome instanceof Outcome.Done done) {
            return done.result();
        }
        if (outcome instanceof Outcome.Failed failed) {
            boolean told = other.isEmpty() || Expectation.isSuperseded(failed.reason());
            throw failure(told ? failed.reason() : Expectation.superseded(other, failed.reason()), failed.left());
        }
        if (outcome instanceof Outcome.Stopped stopped) {
            if (stopped.cause().equals("interrupted") && stopped.left().isEmpty()) {
                throw new InterruptedException("interrupted");
            }
            throw failure(stopped.cause(), stopped.left());
        }
        throw StageFailedException.suspended(((Outcome.Suspended) outcome).reason());
    }

    private static StageFailedException failure(String reason, List<String> left) {
        Optional<String> superseded = Expectation.why(reason).filter(why -> left.isEmpty());
        if (superseded.isPresent()) {
            return new StageFailedException(RunOutcome.SUPERSEDED, superseded.get());
        }
        return left.isEmpty()
                ? new StageFailedException(RunOutcome.DEPLOY_FAILED, reason)
                : new StageFailedException(
                        RunOutcome.ROLLBACK_FAILED, reason + ". Not undone: " + String.join("; ", left));
    }

    /** Returns the failure by a lost lease. @param other the mark that another run has left since, "" for none */
    static StageFailedException lost(LostLease lease, String other) {
        return other.isEmpty()
                ? StageFailedException.lost(RunOutcome.DEPLOY_FAILED, lease.reason())
                : StageFailedException.lost(
                        RunOutcome.SUPERSEDED,
                        Expectation.why(Expectation.superseded(other, lease.reason()))
                                .orElseThrow());
    }
}
