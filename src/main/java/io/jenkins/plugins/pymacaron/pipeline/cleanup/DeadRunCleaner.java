package io.jenkins.plugins.pymacaron.pipeline.cleanup;

import io.jenkins.plugins.pymacaron.accept.ContainerUnderTest;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.pipeline.change.EnvironmentDeployment;
import io.jenkins.plugins.pymacaron.pipeline.change.OperationRunner;
import io.jenkins.plugins.pymacaron.pipeline.change.OutcomeVerifier;
import io.jenkins.plugins.pymacaron.pipeline.change.RollbackRun;
import io.jenkins.plugins.pymacaron.pipeline.contract.NextStepAdvice;
import io.jenkins.plugins.pymacaron.pipeline.contract.RunRequest;
import io.jenkins.plugins.pymacaron.pipeline.contract.RunRequest.Tests;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageSpec;
import io.jenkins.plugins.pymacaron.pipeline.lock.EnvironmentLocks;
import io.jenkins.plugins.pymacaron.pipeline.preflight.Preflight;
import io.jenkins.plugins.pymacaron.pipeline.preflight.Preflight.Need;
import io.jenkins.plugins.pymacaron.pipeline.progress.IoMessages;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunProgress;
import io.jenkins.plugins.pymacaron.pipeline.stage.RegionsRollback;
import io.jenkins.plugins.pymacaron.pipeline.stage.StageFindings;
import io.jenkins.plugins.pymacaron.pipeline.stage.StageHandover;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun.Place;
import io.jenkins.plugins.pymacaron.pipeline.state.PymDirectory;
import io.jenkins.plugins.pymacaron.pipeline.state.RunLock;
import io.jenkins.plugins.pymacaron.pipeline.state.RunOrigin;
import io.jenkins.plugins.pymacaron.pipeline.state.RunState;
import io.jenkins.plugins.pymacaron.pipeline.state.StoredConfig;
import io.jenkins.plugins.pymacaron.pipeline.state.TemporaryResources;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Undoes what runs have left whose process died. It is called with the project's lock held, so that a run is alive only
 * if it is one of the stages that do without that lock, see {@link RunLock}.
 */
public final class DeadRunCleaner {
    private final RunRequest request;
    private final Map<String, String> inherited;
    private final RunProgress progress;
    private boolean leftHere;
    private Set<String> unaccepted = Set.of();
    private Optional<StageFindings> findings = Optional.empty();
    private String reported = "";

    public DeadRunCleaner(RunRequest request, Map<String, String> inherited, RunProgress progress) {
        this.request = request;
        this.inherited = inherited;
        this.progress = progress;
    }

    /**
     * Also rolls back the versions of these acceptances, which were cut off for good. Only the caller of the stages
     * knows that no later stage, perhaps on another machine, has accepted the version.
     *
     * @param acceptances as {@link StageSpec#unaccepted}
     */
    public DeadRunCleaner refusing(Set<String> acceptances) {
        unaccepted = Set.copyOf(acceptances);
        return this;
    }

    /** Reports the versions that serve again in place of those that earlier processes of that run had deployed. */
    DeadRunCleaner reportingTo(StageFindings found, String run) {
        findings = Optional.of(found);
        reported = run;
        return this;
    }

    /** Returns the runs that never ended, newest first. */
    public static List<String> cutOff(PymDirectory pym) throws IOException {
        return runs(pym, RunState::isUnfinished);
    }

    /**
     * Returns all that this clean-up has to look at, newest first: these runs, the ones whose rollback failed, and the
     * ones whose acceptance was cut off for good.
     */
    public List<String> left(PymDirectory pym) throws IOException {
        return runs(pym, state -> state.hasLeft() || refused(state).isPresent());
    }

    /** Returns the slot whose version is refused, since its acceptance by this run was cut off for good. */
    private Optional<String> refused(RunState state) {
        return unaccepted.contains(StageHandover.nameIn(state.id())) && StageHandover.isLastAttempt(state)
                ? state.unacceptedSlot()
                : Optional.empty();
    }

    private static List<String> runs(PymDirectory pym, Predicate<RunState> which) throws IOException {
        List<String> found = new ArrayList<>();
        for (String id : pym.runs()) {
            Optional<RunState> state = RunState.ifReadable(pym.run(id));
            if (state.filter(which).isPresent() && !RunLock.isHeld(pym.run(id))) {
                found.add(id);
            }
        }
        return found;
    }

    /** Returns whether its directory is to be kept: something is left of it, or may be. */
    public static boolean isToBeKept(PymDirectory pym, String id) {
        try {
            return RunState.isThere(pym.run(id))
                    && RunState.ifReadable(pym.run(id)).map(RunState::hasLeft).orElse(true);
        } catch (IOException e) {
            return true;
        }
    }

    /** Cleans up as {@link #sweep(PymDirectory)} does, before other work. */
    public void sweepBefore(PymDirectory pym) throws StageFailedException, IOException, InterruptedException {
        sweep(pym, " (--resume would have continued it)");
    }

    /**
     * Cleans up on request, or where the runs could not have been resumed. A run whose undo cannot be tried, for
     * instance since its journal is damaged or its cluster does not answer, is in the way of no other run.
     *
     * @return whether everything was undone
     * @throws StageFailedException after the other runs, if such a run is of the same configuration file. Its
     *     environments are those that this work is about, and they may be half-changed: a deployment could take an
     *     unaccepted version for the one to return to
     */
    public boolean sweep(PymDirectory pym) throws StageFailedException, IOException, InterruptedException {
        return sweep(pym, "");
    }

    private boolean sweep(PymDirectory pym, String remark)
            throws StageFailedException, IOException, InterruptedException {
        boolean complete = true;
        leftHere = false;
        Optional<StageFailedException> own = Optional.empty();
        for (String trouble : RunState.unreadable(pym)) {
            progress.warning(trouble);
        }
        for (String id : left(pym)) {
            boolean again = RunState.open(pym.run(id)).hasRollbackFailed();
            progress.say(
                    again
                            ? "The undo of the run of " + id + " failed; trying again to undo what it left"
                            : "The run of " + id + " was cut off; undoing what it left" + remark);
            try {
                List<String> left = undo(pym, id);
                left.forEach(progress::warning);
                complete &= left.isEmpty();
                leftHere |= !left.isEmpty() && isOfSameFile(pym, id);
            } catch (StageFailedException | IOException e) {
                complete = false;
                StageFailedException failed = notTried(pym, id, e);
                if (own.isEmpty() && isOfSameFile(pym, id)) {
                    own = Optional.of(failed);
                } else {
                    progress.warning(failed.getMessage());
                }
            }
        }
        if (own.isPresent()) {
            throw own.get();
        }
        return complete;
    }

    /** Returns whether the last clean-up has left something of a run of the same configuration file. */
    boolean hasLeftHere() {
        return leftHere;
    }

    private static StageFailedException notTried(PymDirectory pym, String id, Exception e) throws IOException {
        return new StageFailedException(
                e instanceof StageFailedException failed ? failed.outcome() : RunOutcome.CONFIG_INVALID,
                "the changes of the run of " + id + " are not undone: "
                        + IoMessages.firstOf(IoMessages.ofAny(e))
                        + ". The next clean-up tries again. If it cannot, look at them, then remove " + pym.run(id),
                e);
    }

    /** Returns whether the run deployed by the same file: another file has other environments. */
    private boolean isOfSameFile(PymDirectory pym, String id) throws IOException {
        return request(RunState.open(pym.run(id))).environment().equals(request.environment());
    }

    private RunRequest request(RunState state) {
        return RunRequest.fromMap(request.directory(), request.token(), state.get("request"));
    }

    private List<String> undo(PymDirectory pym, String id)
            throws StageFailedException, IOException, InterruptedException {
        RunState state = RunState.open(pym.run(id));
        List<String> left = new ArrayList<>();
        if (state.get("source", "commit").isPresent()) {
            RunRequest before = request(state);
            // No effect of an undo needs a secret of the service, and a later commit may have renamed them.
            try (PreparedRun prepared = new Preflight(before, inherited, progress)
                    .only(EnumSet.complementOf(EnumSet.of(Need.SECRETS)))
                    .prepareBack(StoredConfig.of(pym.run(id), before))) {
                Optional<String> elsewhere = RunOrigin.elsewhere(prepared, state);
                left.addAll(elsewhere.isPresent() ? List.of(elsewhere.get()) : undo(prepared, pym, id, state));
            }
        }
        TemporaryResources.remove(state, progress);
        if (left.isEmpty()) {
            state.cleaned();
        }
        return left;
    }

    private List<String> undo(PreparedRun prepared, PymDirectory pym, String id, RunState state)
            throws StageFailedException, IOException, InterruptedException {
        // Work by one file does not wait for the turn of another.
        Duration within = isOfSameFile(pym, id) ? EnvironmentLocks.WITHIN : Duration.ZERO;
        try (EnvironmentLocks locks = EnvironmentLocks.take(
                        prepared, pym.owner(state.run().orElse(id)), inherited, progress, within);
                OperationRunner operations = new OperationRunner(
                        pym.run(id).resolve("operations"), progress, change -> handedOn(prepared, state, change))) {
            operations.heldBy(locks);
            if (state.hasRollbackFailed() || refused(state).isPresent()) {
                operations.tryingAgain();
            }
            if (prepared.hasEngine()) {
                ContainerUnderTest.removeLeftovers(prepared.docker());
            }
            return RollbackRun.isOf(state)
                    ? new RollbackRun(prepared, operations, state, NextStepAdvice.SHELL).undo()
                    : undo(prepared, operations, state);
        }
    }

    /** Returns the record of a change by another process of that run, if the change is to be rolled back. */
    Map<String, String> handedOn(PreparedRun prepared, RunState state, String change) {
        boolean back = slotBack(prepared, state)
                .filter(slot -> change.startsWith(slot + "-"))
                .isPresent();
        return back ? EnvironmentDeployment.handedOn(state, change) : Map.of();
    }

    /** Returns the slot that a stage was rolling back, or has to roll back. */
    private Optional<String> slotBack(PreparedRun prepared, RunState state) {
        return state.rollbackSlot()
                .or(() -> refused(state).filter(slot -> !prepared.keepFailed() || slot.equals(Slot.LIVE.id())));
    }

    /** Undoes the changes of a run. @return what is left, a sentence each */
    public List<String> undo(PreparedRun prepared, OperationRunner operations, RunState state)
            throws StageFailedException, IOException, InterruptedException {
        List<String> left = new ArrayList<>();
        List<EnvironmentDeployment> staging = lanes(prepared.staging().stream(), operations, state);
        List<EnvironmentDeployment> live = lanes(prepared.live().stream(), operations, state);
        if (state.hasRollbackFailed()) {
            staging = notOthersBy(staging);
            live = notOthersBy(live);
        }
        for (EnvironmentDeployment lane : concat(live, staging)) {
            left.addAll(lane.undoUnfinished());
        }
        boolean tested = prepared.request().tests() != Tests.NONE;
        if (!state.isDone(tested ? Stage.ACCEPT_LIVE : Stage.PROMOTE)) {
            left.addAll(rollBack(prepared, live, state));
        }
        if (!state.isDone(tested ? Stage.ACCEPT_STAGING : Stage.STAGING)) {
            left.addAll(rollBack(prepared, staging, state));
        }
        for (EnvironmentDeployment lane :
                state.hasRollbackFailed() ? concat(live, staging) : List.<EnvironmentDeployment>of()) {
            try {
                lane.bringBack(prepared.timeout(Stage.ROLLBACK));
            } catch (StageFailedException e) {
                left.add(lane.environment() + " was not rolled back: " + e.getMessage());
            }
        }
        if (!left.isEmpty()) {
            StageFailedException why = new StageFailedException(RunOutcome.ROLLBACK_FAILED, String.join("; ", left));
            left = List.of(
                    new OutcomeVerifier(progress).of(why, concat(live, staging)).getMessage());
        }
        return left;
    }

    private List<String> rollBack(PreparedRun prepared, List<EnvironmentDeployment> lanes, RunState state)
            throws StageFailedException, IOException, InterruptedException {
        RegionsRollback rollback = new RegionsRollback(prepared, lanes);
        List<String> left = rollback.rollBack();
        boolean own = state.run().equals(Optional.of(reported));
        if (findings.isPresent() && own && slotBack(prepared, state).isPresent()) {
            findings.get().restored(rollback.returned());
        }
        return left;
    }

    /**
     * Returns the environments that no later deployment has changed: a deployment after a run with a failed rollback
     * has priority.
     */
    private List<EnvironmentDeployment> notOthersBy(List<EnvironmentDeployment> lanes)
            throws StageFailedException, IOException, InterruptedException {
        List<EnvironmentDeployment> mine = new ArrayList<>();
        for (EnvironmentDeployment lane : lanes) {
            if (lane.isOthers()) {
                progress.say("Another deployment serves in " + lane.environment() + " by now; it stays as it is");
            } else {
                mine.add(lane);
            }
        }
        return mine;
    }

    private static List<EnvironmentDeployment> concat(
            List<EnvironmentDeployment> live, List<EnvironmentDeployment> staging) {
        return Stream.concat(live.stream(), staging.stream()).toList();
    }

    private static List<EnvironmentDeployment> lanes(Stream<Place> places, OperationRunner operations, RunState state) {
        return places.map(place -> new EnvironmentDeployment(place, operations, state))
                .toList();
    }
}
