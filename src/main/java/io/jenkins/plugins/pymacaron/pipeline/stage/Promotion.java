package io.jenkins.plugins.pymacaron.pipeline.stage;

import io.jenkins.plugins.pymacaron.accept.GapMeter;
import io.jenkins.plugins.pymacaron.accept.ProbeRequest;
import io.jenkins.plugins.pymacaron.pipeline.change.EnvironmentDeployment;
import io.jenkins.plugins.pymacaron.pipeline.contract.NextStepAdvice;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.progress.IoMessages;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunRecorder;
import io.jenkins.plugins.pymacaron.pipeline.progress.Uninterruptibles;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun;
import io.jenkins.plugins.pymacaron.pipeline.state.RunState;
import io.jenkins.plugins.pymacaron.pipeline.state.ServingState;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.report.ServiceGap;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Proof;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Stages 7 and 8: all regions of live are promoted together, and rolled back together if live is not accepted. */
final class Promotion {
    private static final String FAILED = "failed";

    private final PreparedRun prepared;
    private final List<EnvironmentDeployment> lanes;
    private final RunState state;
    private final RegionsRollback rollback;

    Promotion(PreparedRun prepared, List<EnvironmentDeployment> lanes, RunState state) {
        this.prepared = prepared;
        this.lanes = List.copyOf(lanes);
        this.state = state;
        rollback = new RegionsRollback(prepared, this.lanes);
    }

    /** Returns the candidate of an environment. */
    interface Candidates {
        Candidate of(EnvironmentDeployment lane) throws StageFailedException, IOException;
    }

    /**
     * Prepares all regions at once, accepts each candidate that can be asked before it serves, and then changes one
     * region after the other: a version that fails in the first region gets no requests in the next ones.
     *
     * @param acceptance of the prepared candidates; empty where live is not to be accepted
     */
    String promote(Candidates candidates, Optional<AcceptanceStages> acceptance, RunRecorder recorder)
            throws StageFailedException, IOException, InterruptedException {
        List<String> notes = new ArrayList<>();
        try {
            Map<EnvironmentDeployment, Candidate> all = new HashMap<>();
            for (EnvironmentDeployment lane : lanes) {
                all.put(lane, candidates.of(lane));
            }
            ParallelRegions.run(lanes, lane -> prepare(lane, all.get(lane), recorder));
            if (acceptance.isPresent()) {
                for (EnvironmentDeployment lane : lanes) {
                    acceptApart(lane, acceptance.get());
                }
            }
            for (EnvironmentDeployment lane : lanes) {
                notes.add(activate(lane, all.get(lane), recorder));
            }
        } catch (StageFailedException | IOException | InterruptedException e) {
            rollback.after(e);
            throw e;
        }
        return notes.stream().distinct().collect(Collectors.joining("; "));
    }

    private void prepare(EnvironmentDeployment lane, Candidate candidate, RunRecorder recorder)
            throws StageFailedException, IOException, InterruptedException {
        ServingState standing = lane.standing();
        if (standing.good().isPresent() && !standing.serves()) {
            recorder.progress().warning(lane.environment() + ": " + standing.sentence());
        }
        if (!lane.serves(candidate)) {
            lane.prepare(candidate, prepared.timeout(Stage.PROMOTE));
        }
    }

    /** Returns whether any region of live is to serve another version than it does. */
    boolean changes(Candidates candidates) throws StageFailedException, IOException, InterruptedException {
        boolean changes = false;
        for (EnvironmentDeployment lane : lanes) {
            changes |= !lane.standing().serves() || !lane.serves(candidates.of(lane));
        }
        return changes;
    }

    private void acceptApart(EnvironmentDeployment lane, AcceptanceStages acceptance)
            throws StageFailedException, IOException, InterruptedException {
        if (!prepared.standsApart(lane.place())) {
            return;
        }
        Optional<URI> address = lane.apart();
        if (address.isEmpty()) {
            return;
        }
        Deployed candidate = lane.prepared().orElseThrow();
        URI apart = address.get();
        lane.testedBy(() -> acceptance.apart(lane, candidate, apart, true));
        try {
            if (!lane.accepted().equals(Optional.of(true))) {
                acceptance.apart(lane, candidate, apart, false);
                lane.accepted(true);
            }
        } catch (StageFailedException e) {
            lane.accepted(false);
            throw new StageFailedException(
                    e.outcome(),
                    e.getMessage() + "; " + candidate.version() + " gets no traffic of " + lane.environment(),
                    e);
        }
    }

    private String activate(EnvironmentDeployment lane, Candidate candidate, RunRecorder recorder)
            throws StageFailedException, IOException, InterruptedException {
        String note;
        try {
            note = activateMeasured(lane, candidate, recorder);
        } catch (StageFailedException | IOException | InterruptedException | RuntimeException e) {
            withdrawAfter(e, lane, recorder);
            throw e;
        }
        withdrawPrepared(lane);
        return note;
    }

    private String activateMeasured(EnvironmentDeployment lane, Candidate candidate, RunRecorder recorder)
            throws StageFailedException, IOException, InterruptedException {
        ServingState before = lane.standing();
        ProbeRequest asking = Proof.asking(lane.place().environment().config(), true);
        try (GapMeter meter =
                GapMeter.start(asked(lane), asking, lane.place().target().measureEvery())) {
            Deployed deployed = activated(lane, candidate);
            ServiceGap gap = meter.stop();
            if (!before.serves()) {
                return deployed.version() + " at " + deployed.url() + ", where nothing served"
                        + (before.good().isEmpty() ? " before" : " any more");
            }
            recorder.gap(Stage.PROMOTE, gap);
            return deployed.version() + " at " + deployed.url() + (lane.changed() ? ", " + gap : ", as it was");
        }
    }

    private void withdrawPrepared(EnvironmentDeployment lane) throws StageFailedException, IOException {
        Uninterruptibles.finish(() -> {
            lane.withdrawPrepared(prepared.timeout(Stage.PROMOTE), prepared.keepFailed());
            return null;
        });
    }

    /** Withdraws after a failure, which a second failure must not hide: it says whether live was rolled back. */
    private void withdrawAfter(Exception failure, EnvironmentDeployment lane, RunRecorder recorder) {
        try {
            withdrawPrepared(lane);
        } catch (StageFailedException | IOException | RuntimeException e) {
            failure.addSuppressed(e);
            recorder.progress()
                    .warning("the candidate beside " + lane.environment() + " is not removed yet: "
                            + IoMessages.ofAny(e));
        }
    }

    /** Returns the URL at which the users' URL answers to this machine. */
    private static URI asked(EnvironmentDeployment lane)
            throws StageFailedException, IOException, InterruptedException {
        try {
            return lane.place()
                    .target()
                    .reachLive(lane.place().environment().config().liveUrl().uri());
        } catch (TargetException e) {
            throw new StageFailedException(RunOutcome.DEPLOY_FAILED, e.getMessage(), e);
        }
    }

    private Deployed activated(EnvironmentDeployment lane, Candidate candidate)
            throws StageFailedException, IOException, InterruptedException {
        try {
            return lane.activate(candidate, prepared.timeout(Stage.PROMOTE));
        } catch (StageFailedException e) {
            Optional<StageFailedException> tests = lane.failedTests();
            throw tests.isEmpty() || e.isSuspended() || e.outcome() == RunOutcome.ROLLBACK_FAILED
                    ? e
                    : new StageFailedException(tests.get().outcome(), e.getMessage(), e);
        }
    }

    /** Returns the rollback of the same regions. */
    RegionsRollback rollback() {
        return rollback;
    }

    List<EnvironmentDeployment> lanes() {
        return lanes;
    }

    /** Accepts live; on failure, rolls it back. */
    void acceptOrRollBack(StageSequence stages, AcceptanceStages acceptance, RunRecorder recorder)
            throws StageFailedException, IOException, InterruptedException {
        try {
            Optional<String> failed = state.get(FAILED, "why");
            if (failed.isPresent()) {
                // This run was interrupted during its rollback: it can only finish that.
                throw new StageFailedException(RunOutcome.TESTS_FAILED, failed.get());
            }
            accept(stages, acceptance);
        } catch (StageFailedException e) {
            // Live is accepted, but the result could not be written down: that is no reason to roll it back.
            throw e.isSuspended() ? e : rollBackRejected(stages, e, recorder);
        } catch (InterruptedException e) {
            StageFailedException outcome = rollBackRejected(
                    stages,
                    new StageFailedException(RunOutcome.TESTS_FAILED, "interrupted while live was being accepted"),
                    recorder);
            if (outcome.outcome() == RunOutcome.ROLLBACK_FAILED) {
                throw outcome;
            }
            throw e;
        }
    }

    /** Accepts live, in each of its regions. */
    void accept(StageSequence stages, AcceptanceStages acceptance)
            throws StageFailedException, IOException, InterruptedException {
        stages.run(Stage.ACCEPT_LIVE, () -> {
            List<String> notes = new ArrayList<>();
            for (EnvironmentDeployment lane : lanes) {
                Deployed deployed = lane.active()
                        .orElseThrow(() -> new StageFailedException(
                                RunOutcome.CONFIG_INVALID,
                                "nothing was promoted to " + lane.environment() + " yet that could be accepted"));
                notes.add(acceptance.deployed(Stage.ACCEPT_LIVE, lane, deployed));
            }
            return notes.stream().distinct().collect(Collectors.joining("; "));
        });
    }

    private StageFailedException rollBackRejected(StageSequence stages, StageFailedException why, RunRecorder recorder)
            throws IOException, InterruptedException, StageFailedException {
        try {
            state.put(FAILED, Map.of("why", recorder.progress().masked(why.getMessage())));
        } catch (IOException e) {
            // A run that is resumed finds out again that live fails.
            recorder.progress().warning(IoMessages.of(e));
        }
        boolean changed = false;
        boolean earlier = false;
        for (EnvironmentDeployment lane : lanes) {
            changed |= lane.changed();
            earlier |= lane.before().isPresent();
        }
        if (!changed) {
            return new StageFailedException(
                    why.outcome(),
                    why.getMessage() + "; live was not changed by this run, so there is nothing to roll back");
        }
        try {
            stages.run(Stage.ROLLBACK, rollback::rolledBack);
        } catch (StageFailedException e) {
            if (e.outcome() == RunOutcome.SUPERSEDED) {
                return new StageFailedException(RunOutcome.SUPERSEDED, why.getMessage() + "; " + e.getMessage(), e);
            }
            return new StageFailedException(
                    RunOutcome.ROLLBACK_FAILED,
                    why.getMessage() + "; and the rollback failed: " + e.getMessage()
                            + ". "
                            + (state.run().isPresent() ? NextStepAdvice.PIPELINE : NextStepAdvice.SHELL).rollback(),
                    e);
        }
        recorder.rolledBack(Stage.PROMOTE, "rolled back: live failed its acceptance");
        return earlier
                ? new StageFailedException(RunOutcome.ROLLED_BACK, why.getMessage() + "; " + rollback.restored())
                : new StageFailedException(
                        RunOutcome.DEPLOY_FAILED, why.getMessage() + "; the first deployment was withdrawn");
    }

    /** Ends deployments that are no longer needed for a rollback. */
    void retire() throws StageFailedException, IOException, InterruptedException {
        ParallelRegions.run(
                lanes,
                lane -> lane.retire(
                        lane.active().orElseThrow(),
                        lane.place().environment().config().retention().deployments(),
                        prepared.timeout(Stage.PROMOTE)));
    }
}
