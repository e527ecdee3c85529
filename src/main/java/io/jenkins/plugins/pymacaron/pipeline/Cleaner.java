package io.jenkins.plugins.pymacaron.pipeline;

import io.jenkins.plugins.pymacaron.accept.ContainerUnderTest;
import io.jenkins.plugins.pymacaron.pipeline.Prepared.Place;
import io.jenkins.plugins.pymacaron.pipeline.Request.Tests;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        List<String> found = new ArrayList<>();
        for (String id : pym.runs()) {
            if (RunState.isThere(pym.run(id)) && isCutOff(RunState.open(pym.run(id))) && !RunLock.isHeld(pym.run(id))) {
                found.add(id);
            }
        }
        return found;
    }

    /** A run that came to no end; one that ended in its preflight has changed nothing, so there is nothing of it. */
    private static boolean isCutOff(RunState state) {
        return state.outcome().isEmpty() && state.get("source", "commit").isPresent();
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
        for (String id : cutOff(pym)) {
            progress.say("The run of " + id + " was cut off; undoing what it left" + remark);
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
            try (Prepared prepared = new Preflight(before, inherited, progress).prepareBack();
                    EnvironmentLocks locks = EnvironmentLocks.take(
                            prepared, pym.owner(state.run().orElse(id)), inherited, progress);
                    Operations operations = new Operations(
                            pym.run(id).resolve("operations"), progress, change -> onItsWayBack(state, change))) {
                ContainerUnderTest.removeLeftovers(prepared.docker());
                left.addAll(
                        Rollback.isOf(state)
                                ? new Rollback(prepared, operations, state, Advice.SHELL).undo()
                                : undo(prepared, operations, state));
            }
        }
        Temporary.remove(state);
        if (left.isEmpty()) {
            state.end(RunOutcome.INTERRUPTED);
        }
        return left;
    }

    /** What another process had made is taken back only by a stage that was doing so. */
    private static Map<String, String> onItsWayBack(RunState state, String change) {
        boolean back =
                state.wayBack().filter(slot -> change.startsWith(slot + "-")).isPresent();
        return back ? Lane.handedOn(state, change) : Map.of();
    }

    private static List<String> undo(Prepared prepared, Operations operations, RunState state)
            throws IOException, InterruptedException {
        List<String> left = new ArrayList<>();
        List<Lane> staging = lanes(prepared.staging().stream(), operations, state);
        List<Lane> live = lanes(prepared.live().stream(), operations, state);
        for (Lane lane : Stream.concat(live.stream(), staging.stream()).toList()) {
            left.addAll(lane.undoUnfinished());
        }
        boolean tested = prepared.request().tests() != Tests.NONE;
        if (!state.isDone(tested ? Stage.ACCEPT_LIVE : Stage.PROMOTE)) {
            left.addAll(new Promotion(prepared, live, state).takeBack());
        }
        if (!state.isDone(tested ? Stage.ACCEPT_STAGING : Stage.STAGING)) {
            left.addAll(new Promotion(prepared, staging, state).takeBack());
        }
        return left;
    }

    private static List<Lane> lanes(Stream<Place> places, Operations operations, RunState state) {
        return places.map(place -> new Lane(place, operations, state)).toList();
    }
}
