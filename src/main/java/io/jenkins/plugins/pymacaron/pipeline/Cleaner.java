package io.jenkins.plugins.pymacaron.pipeline;

import io.jenkins.plugins.pymacaron.accept.ContainerUnderTest;
import io.jenkins.plugins.pymacaron.pipeline.Prepared.Place;
import io.jenkins.plugins.pymacaron.pipeline.Request.Tests;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Undoes what runs have left whose process died. Called with the project's lock held, so that a run is alive only if it
 * is one of the stages that do without that lock, see {@link RunLock}.
 */
final class Cleaner {
    private final Request request;
    private final Map<String, String> inherited;
    private final Progress progress;

    Cleaner(Request request, Map<String, String> inherited, Progress progress) {
        this.request = request;
        this.inherited = inherited;
        this.progress = progress;
    }

    /** The runs that never came to an end, newest first. */
    static List<String> cutOff(PymDirectory pym) throws IOException {
        return runs(pym, RunState::isUnfinished);
    }

    /** Those, and the ones whose way back failed: all that a clean-up has to look at, newest first. */
    static List<String> withSomethingLeft(PymDirectory pym) throws IOException {
        return runs(pym, RunState::hasLeft);
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

    /** Whether its directory is not to be forgotten: something is left of it, or may be. */
    static boolean isToBeKept(PymDirectory pym, String id) {
        try {
            return RunState.isThere(pym.run(id))
                    && RunState.ifReadable(pym.run(id)).map(RunState::hasLeft).orElse(true);
        } catch (IOException e) {
            return true;
        }
    }

    /** On the way to something else. */
    void sweepBefore(PymDirectory pym) throws StageFailedException, IOException, InterruptedException {
        sweep(pym, " (--resume would have gone on with it)");
    }

    /**
     * Where that is what was asked for, or nobody could have resumed them.
     *
     * @return whether everything was undone
     */
    boolean sweep(PymDirectory pym) throws StageFailedException, IOException, InterruptedException {
        return sweep(pym, "");
    }

    private boolean sweep(PymDirectory pym, String remark)
            throws StageFailedException, IOException, InterruptedException {
        boolean complete = true;
        for (String trouble : RunState.unreadable(pym)) {
            progress.warning(trouble);
        }
        for (String id : withSomethingLeft(pym)) {
            boolean again = RunState.open(pym.run(id)).wayBackFailed();
            progress.say(
                    again
                            ? "The way back of the run of " + id + " failed; trying again to undo what it left"
                            : "The run of " + id + " was cut off; undoing what it left" + remark);
            List<String> left = undo(pym, id);
            left.forEach(progress::warning);
            complete &= left.isEmpty();
        }
        return complete;
    }

    private List<String> undo(PymDirectory pym, String id)
            throws StageFailedException, IOException, InterruptedException {
        RunState state = RunState.open(pym.run(id));
        List<String> left = new ArrayList<>();
        if (state.get("source", "commit").isPresent()) {
            Request before = Request.fromMap(request.directory(), request.token(), state.get("request"));
            try (Prepared prepared =
                    new Preflight(before, inherited, progress).prepareBack(KeptConfig.of(pym.run(id), before))) {
                Optional<String> elsewhere = WhereBegun.elsewhere(prepared, state);
                left.addAll(elsewhere.isPresent() ? List.of(elsewhere.get()) : undo(prepared, pym, id, state));
            }
        }
        Temporary.remove(state, progress);
        if (left.isEmpty()) {
            state.cleaned();
        }
        return left;
    }

    private List<String> undo(Prepared prepared, PymDirectory pym, String id, RunState state)
            throws StageFailedException, IOException, InterruptedException {
        try (EnvironmentLocks locks =
                        EnvironmentLocks.take(prepared, pym.owner(state.run().orElse(id)), inherited, progress);
                Operations operations = new Operations(
                        pym.run(id).resolve("operations"), progress, change -> onItsWayBack(state, change))) {
            operations.heldBy(locks);
            if (state.wayBackFailed()) {
                operations.tryingAgain();
            }
            ContainerUnderTest.removeLeftovers(prepared.docker());
            return Rollback.isOf(state)
                    ? new Rollback(prepared, operations, state, Advice.SHELL).undo()
                    : undo(prepared, operations, state);
        }
    }

    /** What another process had made is taken back only by a stage that was doing so. */
    private static Map<String, String> onItsWayBack(RunState state, String change) {
        boolean back =
                state.wayBack().filter(slot -> change.startsWith(slot + "-")).isPresent();
        return back ? Lane.handedOn(state, change) : Map.of();
    }

    /** @return what is left, a sentence each */
    List<String> undo(Prepared prepared, Operations operations, RunState state)
            throws StageFailedException, IOException, InterruptedException {
        List<String> left = new ArrayList<>();
        List<Lane> staging = lanes(prepared.staging().stream(), operations, state);
        List<Lane> live = lanes(prepared.live().stream(), operations, state);
        if (state.wayBackFailed()) {
            staging = notOthersBy(staging);
            live = notOthersBy(live);
        }
        for (Lane lane : concat(live, staging)) {
            left.addAll(lane.undoUnfinished());
        }
        boolean tested = prepared.request().tests() != Tests.NONE;
        if (!state.isDone(tested ? Stage.ACCEPT_LIVE : Stage.PROMOTE)) {
            left.addAll(new Promotion(prepared, live, state).takeBack());
        }
        if (!state.isDone(tested ? Stage.ACCEPT_STAGING : Stage.STAGING)) {
            left.addAll(new Promotion(prepared, staging, state).takeBack());
        }
        for (Lane lane : state.wayBackFailed() ? concat(live, staging) : List.<Lane>of()) {
            try {
                lane.bringBack(prepared.timeout(Stage.ROLLBACK));
            } catch (StageFailedException e) {
                left.add(lane.environment() + " was not brought back: " + e.getMessage());
            }
        }
        if (!left.isEmpty()) {
            StageFailedException why = new StageFailedException(RunOutcome.ROLLBACK_FAILED, String.join("; ", left));
            left = List.of(
                    new Aftermath(progress).of(why, concat(live, staging)).getMessage());
        }
        return left;
    }

    /** A deployment that came after a run whose way back failed has the last word. */
    private List<Lane> notOthersBy(List<Lane> lanes) throws StageFailedException, IOException, InterruptedException {
        List<Lane> mine = new ArrayList<>();
        for (Lane lane : lanes) {
            if (lane.isOthers()) {
                progress.say("Another deployment serves in " + lane.environment() + " by now; it stays as it is");
            } else {
                mine.add(lane);
            }
        }
        return mine;
    }

    private static List<Lane> concat(List<Lane> live, List<Lane> staging) {
        return Stream.concat(live.stream(), staging.stream()).toList();
    }

    private static List<Lane> lanes(Stream<Place> places, Operations operations, RunState state) {
        return places.map(place -> new Lane(place, operations, state)).toList();
    }
}
