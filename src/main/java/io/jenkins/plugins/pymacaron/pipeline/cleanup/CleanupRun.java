package io.jenkins.plugins.pymacaron.pipeline.cleanup;

import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.pipeline.change.EnvironmentDeployment;
import io.jenkins.plugins.pymacaron.pipeline.change.OperationRunner;
import io.jenkins.plugins.pymacaron.pipeline.contract.RunRequest;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageSpec;
import io.jenkins.plugins.pymacaron.pipeline.lock.EnvironmentLocks;
import io.jenkins.plugins.pymacaron.pipeline.preflight.Preflight;
import io.jenkins.plugins.pymacaron.pipeline.preflight.Preflight.Need;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunProgress;
import io.jenkins.plugins.pymacaron.pipeline.stage.RegionsRollback;
import io.jenkins.plugins.pymacaron.pipeline.stage.StageFindings;
import io.jenkins.plugins.pymacaron.pipeline.stage.StageHandover;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun.Place;
import io.jenkins.plugins.pymacaron.pipeline.state.PymDirectory;
import io.jenkins.plugins.pymacaron.pipeline.state.RunState;
import io.jenkins.plugins.pymacaron.pipeline.state.StoredConfig;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A clean-up on request: it undoes what dead runs and a deployment without further stages have left, and then deletes
 * kept versions whose time is over. A deployment does the latter at its end; without a deployment for a long time, only
 * the clean-up does it.
 */
public final class CleanupRun {
    private final RunRequest request;
    private final Map<String, String> inherited;
    private final RunProgress progress;
    private final DeadRunCleaner cleaner;
    private boolean workingCopy = true;

    public CleanupRun(RunRequest request, Map<String, String> inherited, RunProgress progress) {
        this.request = request;
        this.inherited = inherited;
        this.progress = progress;
        cleaner = new DeadRunCleaner(request, inherited, progress);
    }

    /**
     * Uses the configurations that runs have kept: the working copy may be gone, or used by another build at this
     * moment.
     */
    public CleanupRun withoutWorkingCopy() {
        workingCopy = false;
        return this;
    }

    /**
     * Cleans up; called with the project's lock held.
     *
     * @param id of this clean-up
     * @param ended a deployment in stages, no further stage of which is to follow
     * @param found gets the versions that serve again, and the ones that are still kept
     * @return whether everything that was interrupted is undone, after a deployment in stages as far as it is of the
     *     same configuration file
     */
    public boolean run(PymDirectory pym, String id, Optional<StageSpec> ended, StageFindings found)
            throws StageFailedException, IOException, InterruptedException {
        ended.ifPresent(spec -> cleaner.refusing(spec.unaccepted()).reportingTo(found, spec.run()));
        boolean nothing = cleaner.left(pym).isEmpty();
        boolean complete = cleaner.sweep(pym);
        // Remains of a run here may conflict with the next steps until a user has looked at them.
        if (cleaner.hasLeftHere()) {
            return false;
        }
        if (ended.isPresent()) {
            nothing &= !abandon(pym, id, ended.get());
        }
        nothing &= !tidy(pym, id, found);
        if (ended.isEmpty() && workingCopy) {
            nothing &= !endRemoved(pym, id);
        }
        if (nothing) {
            progress.say("There is nothing to clean up.");
        }
        // The caller of the stages asks for a clean-up of each deployment that was cut off, also by another file.
        return complete || ended.isPresent();
    }

    /**
     * Ends a deployment whose stages have ended well, so that nothing of it was interrupted. Promoted versions stay.
     *
     * @return whether there was anything to roll back
     */
    private boolean abandon(PymDirectory pym, String id, StageSpec spec)
            throws StageFailedException, IOException, InterruptedException {
        Map<String, Map<String, String>> known = StageHandover.of(pym, spec);
        if (known.getOrDefault("source", Map.of()).isEmpty()) {
            return false;
        }
        Path directory = pym.run(id + "-ended");
        RunState state = RunState.begin(directory, request.toMap());
        for (Map.Entry<String, Map<String, String>> entry : known.entrySet()) {
            state.put(entry.getKey(), entry.getValue());
        }
        // A call that takes the leases of the run and gives them back ends those that it has left to its next stage.
        try (PreparedRun prepared = places(pym);
                EnvironmentLocks locks = EnvironmentLocks.take(prepared, pym.owner(spec.run()), inherited, progress);
                OperationRunner operations = new OperationRunner(
                        directory.resolve("operations"),
                        progress,
                        change -> EnvironmentDeployment.handedOn(state, change))) {
            operations.heldBy(locks);
            List<EnvironmentDeployment> lanes = prepared.live().stream()
                    .map(place -> new EnvironmentDeployment(place, operations, state))
                    .toList();
            RegionsRollback rollback = new RegionsRollback(prepared, lanes);
            List<String> early = rollback.early();
            early.forEach(line -> progress.say("Its deployment ended, so it is undone: " + line));
            rollback.withdrawEarly();
            return !early.isEmpty();
        } finally {
            // Another clean-up looks again.
            state.end(RunOutcome.INTERRUPTED);
        }
    }

    private PreparedRun places(PymDirectory pym) throws StageFailedException, IOException, InterruptedException {
        return new Preflight(request, inherited, progress)
                .only(EnumSet.of(Need.PLACES))
                .prepareBack(workingCopy ? Optional.empty() : StoredConfig.newest(pym, request));
    }

    /** Ends kept versions. @return whether there was anything to end */
    private boolean tidy(PymDirectory pym, String id, StageFindings found)
            throws StageFailedException, IOException, InterruptedException {
        try (PreparedRun prepared = places(pym)) {
            List<Place> untidy = new ArrayList<>();
            for (Place place : prepared.live()) {
                if (place.target().tidy().isPresent()) {
                    untidy.add(place);
                }
            }
            if (untidy.isEmpty()) {
                found.keptIn(prepared.live(), progress);
                return false;
            }
            try (EnvironmentLocks locks = EnvironmentLocks.take(prepared, pym.owner(id), inherited, progress);
                    OperationRunner operations = new OperationRunner(pym.run(id).resolve("operations"), progress)) {
                operations.heldBy(locks);
                for (Place place : untidy) {
                    tidy(place, operations, prepared);
                }
            }
            found.keptIn(prepared.live(), progress);
            return true;
        } catch (TargetException e) {
            throw new StageFailedException(RunOutcome.CONFIG_INVALID, e.getMessage(), e);
        }
    }

    /**
     * Ends deployments that the configuration no longer names; only where a person asks for it. An automatic clean-up
     * may have another commit before it, which does not name what still serves.
     *
     * @return whether there was anything to end
     */
    private boolean endRemoved(PymDirectory pym, String id)
            throws StageFailedException, IOException, InterruptedException {
        try (PreparedRun prepared = places(pym)) {
            List<Place> all = Stream.concat(prepared.staging().stream(), prepared.live().stream())
                    .toList();
            List<Place> with = new ArrayList<>();
            for (Place place : all) {
                if (place.target().endRemoved(kept(place)).isPresent()) {
                    with.add(place);
                }
            }
            if (with.isEmpty()) {
                return false;
            }
            try (EnvironmentLocks locks = EnvironmentLocks.take(prepared, pym.owner(id), inherited, progress);
                    OperationRunner operations = new OperationRunner(pym.run(id).resolve("operations"), progress)) {
                operations.heldBy(locks);
                for (Place place : with) {
                    endRemoved(place, operations, prepared);
                }
            }
            return true;
        } catch (TargetException e) {
            throw new StageFailedException(RunOutcome.CONFIG_INVALID, e.getMessage(), e);
        }
    }

    private void endRemoved(Place place, OperationRunner operations, PreparedRun prepared)
            throws TargetException, StageFailedException, IOException, InterruptedException {
        var change = place.target().endRemoved(kept(place));
        if (change.isPresent()) {
            progress.say(
                    "Ending what the configuration of " + place.environment().name() + " does not name any more");
            operations.run(
                    "removed-" + place.environment().slot().id(),
                    place.target(),
                    prepared.timeout(Stage.PROMOTE),
                    change::get);
        }
    }

    private static int kept(Place place) {
        return place.environment().slot() == Slot.STAGING
                ? 0
                : place.environment().config().retention().deployments();
    }

    /** Looks again, now that no run deploys there. */
    private void tidy(Place place, OperationRunner operations, PreparedRun prepared)
            throws TargetException, StageFailedException, IOException, InterruptedException {
        var change = place.target().tidy();
        if (change.isPresent()) {
            progress.say(
                    "Ending what was kept long enough in " + place.environment().name());
            operations.run(
                    "tidy-" + place.environment().index(),
                    place.target(),
                    prepared.timeout(Stage.PROMOTE),
                    change::get);
        }
    }
}
