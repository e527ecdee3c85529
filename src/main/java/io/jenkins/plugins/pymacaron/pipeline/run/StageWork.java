package io.jenkins.plugins.pymacaron.pipeline.run;

import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.pipeline.change.EnvironmentDeployment;
import io.jenkins.plugins.pymacaron.pipeline.change.OperationRunner;
import io.jenkins.plugins.pymacaron.pipeline.change.RollbackRun;
import io.jenkins.plugins.pymacaron.pipeline.contract.NextStepAdvice;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageSpec;
import io.jenkins.plugins.pymacaron.pipeline.lock.EnvironmentLocks;
import io.jenkins.plugins.pymacaron.pipeline.preflight.Preflight;
import io.jenkins.plugins.pymacaron.pipeline.preflight.PreflightFindings;
import io.jenkins.plugins.pymacaron.pipeline.preflight.StageNeeds;
import io.jenkins.plugins.pymacaron.pipeline.progress.IoMessages;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunProgress;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunRecorder;
import io.jenkins.plugins.pymacaron.pipeline.progress.Uninterruptibles;
import io.jenkins.plugins.pymacaron.pipeline.stage.BuildWishCheck;
import io.jenkins.plugins.pymacaron.pipeline.stage.DeployRun;
import io.jenkins.plugins.pymacaron.pipeline.stage.ServingComparison;
import io.jenkins.plugins.pymacaron.pipeline.stage.StageFindings;
import io.jenkins.plugins.pymacaron.pipeline.stage.StageHandover;
import io.jenkins.plugins.pymacaron.pipeline.stage.StageSequence;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun.Place;
import io.jenkins.plugins.pymacaron.pipeline.state.PymDirectory;
import io.jenkins.plugins.pymacaron.pipeline.state.RunOrigin;
import io.jenkins.plugins.pymacaron.pipeline.state.RunState;
import io.jenkins.plugins.pymacaron.pipeline.state.StoredConfig;
import io.jenkins.plugins.pymacaron.pipeline.state.TemporaryResources;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Runs one stage alone, in a run directory of its own: it begins with the results of the stages before it, and hands
 * its own on.
 */
public final class StageWork {
    private static final String PROMOTION = "promotion";
    /** After these stages, other versions may be kept in live than before. */
    private static final Set<Stage> CHANGING_LIVE = EnumSet.of(Stage.PROMOTE, Stage.ACCEPT_LIVE, Stage.ROLLBACK);

    private final Stage stage;
    private final StageSpec spec;
    private final PymDirectory pym;
    private final Map<String, String> inherited;
    private final RunProgress progress;
    private final StageFindings found;

    StageWork(
            Stage stage,
            StageSpec spec,
            PymDirectory pym,
            Map<String, String> inherited,
            RunProgress progress,
            StageFindings found) {
        this.stage = stage;
        this.spec = spec;
        this.pym = pym;
        this.inherited = inherited;
        this.progress = progress;
        this.found = found;
    }

    /** Runs the stage. @param directory for this stage's state and journals */
    RunOutcome in(Path directory) throws StageFailedException, IOException, InterruptedException {
        Map<String, Map<String, String>> known = StageHandover.of(pym, spec);
        RunState state = RunState.begin(directory, spec.toRequest(true).toMap());
        state.isOf(spec.run());
        if (stage == Stage.ACCEPT_STAGING || stage == Stage.ACCEPT_LIVE) {
            // A preflight that is cut off counts too: the version serves already.
            state.beginAcceptance(stage == Stage.ACCEPT_LIVE ? Slot.LIVE : Slot.STAGING);
        }
        for (Map.Entry<String, Map<String, String>> entry : known.entrySet()) {
            state.put(entry.getKey(), entry.getValue());
        }
        RunRecorder recorder = new RunRecorder(
                progress, Files.createDirectories(directory.resolve("report")), Clock.systemUTC(), EnumSet.of(stage));
        RunOutcome outcome = RunOutcome.INTERRUPTED;
        boolean over = false;
        try {
            ready(directory, state, recorder);
            outcome = RunOutcome.SUCCEEDED;
            over = true;
            return outcome;
        } catch (StageFailedException e) {
            outcome = e.outcome();
            over = !e.isSuspended();
            throw e;
        } catch (InterruptedException e) {
            over = true;
            throw e;
        } catch (IOException e) {
            // The finished work cannot be written down, and so the next stage or a clean-up has to check it.
            outcome = RunOutcome.CONFIG_INVALID;
            over = !found.begun();
            throw e;
        } finally {
            found.made(stage, recorder, state);
            if (over) {
                end(state, outcome);
            }
        }
    }

    /** Writes the end. The result of the stage is already recorded: {@link RunState#isUnfinished}. */
    private void end(RunState state, RunOutcome outcome) {
        try {
            state.end(outcome);
        } catch (IOException e) {
            progress.warning(IoMessages.of(e));
        }
    }

    /** Hands the results on; the next stage also gets them by the result of this one. */
    private void handOn(List<EnvironmentDeployment> lanes) {
        try {
            for (EnvironmentDeployment lane : lanes) {
                lane.handOn();
            }
        } catch (IOException e) {
            progress.warning(IoMessages.of(e));
        }
    }

    private void ready(Path directory, RunState state, RunRecorder recorder)
            throws StageFailedException, IOException, InterruptedException {
        Preflight preflight = StageNeeds.preflight(spec, StageNeeds.of(stage, spec.last()), inherited, progress);
        try (PreparedRun prepared =
                        stage == Stage.ROLLBACK ? preflight.prepareBack() : preflight.prepare(Optional.empty());
                OperationRunner operations = new OperationRunner(
                        directory.resolve("operations"),
                        progress,
                        change -> EnvironmentDeployment.handedOn(state, change))) {
            found.about(prepared);
            sameCommit(prepared, state);
            RunOrigin.remember(prepared, state);
            StoredConfig.keep(prepared, directory);
            TemporaryResources.remember(prepared, state);
            DeployRun run = new DeployRun(prepared, recorder, state, pym, operations);
            try (EnvironmentLocks locks = StageNeeds.isAlone(stage)
                    ? EnvironmentLocks.take(prepared, pym.owner(spec.run()), inherited, progress)
                    : null) {
                if (locks != null) {
                    BuildWishCheck wanted = new BuildWishCheck(spec, progress);
                    operations.heldBy(locks).guardedBy(target -> {
                        // A rollback needs no build that wants it.
                        if (!Uninterruptibles.isRollback()) {
                            wanted.check();
                        }
                        locks.check(target);
                    });
                }
                ServingComparison known = ServingComparison.knownOf(run.lanes(stage));
                found.begin();
                boolean more = stage == Stage.ACCEPT_LIVE;
                try {
                    run(run, prepared, operations, recorder, state);
                    if (CHANGING_LIVE.contains(stage)) {
                        found.keptIn(prepared.live(), progress);
                    }
                    more = !spec.last() && stage != Stage.ACCEPT_LIVE && stage != Stage.ROLLBACK;
                } catch (StageFailedException e) {
                    more |= e.isSuspended();
                    known.differences(found, progress);
                    throw e;
                } catch (IOException | InterruptedException e) {
                    known.differences(found, progress);
                    throw e;
                } finally {
                    if (locks != null) {
                        found.leaves(early(run));
                        found.leaves(more ? locks.rest() : List.of());
                    }
                }
            } finally {
                handOn(run.lanes(stage));
            }
        }
    }

    /** Returns what must not stay. Never fails: a place that cannot be seen now has to be checked later. */
    private static List<String> early(DeployRun run) {
        try {
            return Uninterruptibles.finish(run::early);
        } catch (StageFailedException | IOException e) {
            return List.of("what serves as live is not known: " + IoMessages.firstOf(e.getMessage()));
        }
    }

    private void run(
            DeployRun run, PreparedRun prepared, OperationRunner operations, RunRecorder recorder, RunState state)
            throws StageFailedException, IOException, InterruptedException {
        switch (stage) {
            case PREFLIGHT -> {
                PreflightFindings.lines(prepared).forEach(progress::say);
                PreflightFindings.serving(prepared).forEach(progress::say);
                return;
            }
            case STAGING, PROMOTE -> {
                if (stage == Stage.PROMOTE) {
                    state.put(PROMOTION, Map.of("run", spec.run()));
                }
                run.change(stage, !spec.last());
                found.deployed(run.lanes(stage));
            }
            case ROLLBACK -> back(run, prepared, operations, recorder, state);
            default -> run.single(stage);
        }
        if (spec.last() && (stage == Stage.PROMOTE || stage == Stage.ACCEPT_LIVE)) {
            run.end();
            if (stage == Stage.PROMOTE) {
                found.remark("not accepted: the acceptance of live is left out");
            }
        }
    }

    /** Rolls back what this deployment promoted. Any earlier version is brought back only on request. */
    private void back(
            DeployRun run, PreparedRun prepared, OperationRunner operations, RunRecorder recorder, RunState state)
            throws StageFailedException, IOException, InterruptedException {
        Optional<String> version = spec.asked("version");
        // A failed promotion has rolled itself back; no user means an even earlier version by that.
        boolean promoted = !state.get(PROMOTION).isEmpty();
        for (EnvironmentDeployment lane : run.lanes(Stage.ROLLBACK)) {
            promoted |= lane.active().isPresent();
        }
        if (promoted && version.isEmpty()) {
            run.back();
            found.restored(run.lanes(Stage.ROLLBACK));
        } else if (version.isEmpty() && spec.asked(StageSpec.EARLIER).isEmpty()) {
            nothing(run, prepared, recorder, state);
        } else {
            asked(version, prepared, operations, recorder, state);
        }
        for (EnvironmentDeployment lane : run.lanes(Stage.ROLLBACK)) {
            lane.forget();
        }
    }

    /**
     * Handles a rollback without a promotion: a build that failed before its promotion may end with a rollback that has
     * nothing, or little, to do.
     */
    private void nothing(DeployRun run, PreparedRun prepared, RunRecorder recorder, RunState state)
            throws StageFailedException, IOException, InterruptedException {
        boolean deploys = !spec.state().getOrDefault("source", Map.of()).isEmpty() && !RollbackRun.wasIn(spec.state());
        if (!deploys) {
            Place place = prepared.live().get(0);
            throw new StageFailedException(
                    RunOutcome.CONFIG_INVALID,
                    "this build has promoted nothing that could be rolled back. Say which version is to be live again in "
                            + place.environment().name() + ": pymRollback(version: '...'); "
                            + RollbackRun.kept(place));
        }
        new StageSequence(recorder, state).run(Stage.ROLLBACK, run::rollBackUnpromoted);
    }

    private void asked(
            Optional<String> version,
            PreparedRun prepared,
            OperationRunner operations,
            RunRecorder recorder,
            RunState state)
            throws StageFailedException, IOException, InterruptedException {
        RollbackRun.begin(state, version);
        RollbackRun rollback = new RollbackRun(prepared, operations, state, NextStepAdvice.PIPELINE);
        try {
            new StageSequence(recorder, state).run(Stage.ROLLBACK, rollback::run);
            found.restored(rollback.good(), rollback.bad(), prepared);
        } catch (StageFailedException e) {
            if (e.outcome() != RunOutcome.ROLLBACK_FAILED && !e.isSuspended()) {
                rollback.end();
            }
            throw e;
        } catch (InterruptedException e) {
            rollback.end();
            throw e;
        }
        rollback.end();
    }

    /** Checks that all stages of a deployment have one commit. Another checkout begins another image. */
    private void sameCommit(PreparedRun prepared, RunState state) throws StageFailedException, IOException {
        String commit = prepared.source().commit();
        Optional<String> before = state.get("source", "commit");
        Optional<String> asked = spec.asked("commit");
        boolean begins = stage == Stage.UNIT || stage == Stage.BUILD || stage == Stage.PREFLIGHT;
        boolean another = !begins
                && stage != Stage.ROLLBACK
                && before.isPresent()
                && !before.get().equals(commit);
        if (another || asked.filter(c -> !commit.startsWith(c)).isPresent()) {
            String wanted = another ? before.get() : asked.orElseThrow();
            throw new StageFailedException(
                    RunOutcome.CONFIG_INVALID,
                    "this deployment is of commit " + wanted + ", but the workspace has " + commit
                            + " now; check that one out again before this stage");
        }
        if (begins && before.filter(c -> !c.equals(commit)).isPresent()) {
            state.put("image", Map.of());
        }
        if (stage != Stage.ROLLBACK || before.isEmpty()) {
            state.put("source", Map.of("commit", commit));
        }
    }
}
