package io.jenkins.plugins.pymacaron.pipeline.run;

import io.jenkins.plugins.pymacaron.pipeline.change.OperationRunner;
import io.jenkins.plugins.pymacaron.pipeline.change.RollbackRun;
import io.jenkins.plugins.pymacaron.pipeline.cleanup.CleanupRun;
import io.jenkins.plugins.pymacaron.pipeline.cleanup.DeadRunCleaner;
import io.jenkins.plugins.pymacaron.pipeline.contract.NextStepAdvice;
import io.jenkins.plugins.pymacaron.pipeline.contract.RunRequest;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageSpec;
import io.jenkins.plugins.pymacaron.pipeline.lock.EnvironmentLocks;
import io.jenkins.plugins.pymacaron.pipeline.lock.FairLock;
import io.jenkins.plugins.pymacaron.pipeline.plan.DeploymentPlan;
import io.jenkins.plugins.pymacaron.pipeline.plan.PlanRehearsal;
import io.jenkins.plugins.pymacaron.pipeline.preflight.Preflight;
import io.jenkins.plugins.pymacaron.pipeline.progress.IoMessages;
import io.jenkins.plugins.pymacaron.pipeline.progress.LogFileProgress;
import io.jenkins.plugins.pymacaron.pipeline.progress.MaskingProgress;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunProgress;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunRecorder;
import io.jenkins.plugins.pymacaron.pipeline.stage.DeployRun;
import io.jenkins.plugins.pymacaron.pipeline.stage.StageFindings;
import io.jenkins.plugins.pymacaron.pipeline.stage.StageSequence;
import io.jenkins.plugins.pymacaron.pipeline.state.AcceptanceRecords;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun;
import io.jenkins.plugins.pymacaron.pipeline.state.PymDirectory;
import io.jenkins.plugins.pymacaron.pipeline.state.RunOrigin;
import io.jenkins.plugins.pymacaron.pipeline.state.RunState;
import io.jenkins.plugins.pymacaron.pipeline.state.StoredConfig;
import io.jenkins.plugins.pymacaron.pipeline.state.TemporaryResources;
import io.jenkins.plugins.pymacaron.process.ExternalWaitTime;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.report.StageState;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Runs the requests of a user: a deployment, its plan, its resumption, a rollback, a clean-up. A project has one at a
 * time.
 */
public final class Runs {
    private static final Duration LOCK_WITHIN = Duration.ofHours(1);
    private static final Set<Stage> DEPLOYMENT = EnumSet.range(Stage.PREFLIGHT, Stage.ACCEPT_LIVE);

    private final Map<String, String> inherited;
    private final LogFileProgress log;
    private final RunProgress progress;
    private final Optional<Path> reportDirectory;
    private final Duration othersBefore = ExternalWaitTime.total();
    private Instant began = Instant.now();

    /**
     * Makes the runs.
     *
     * @param inherited environment variables: the secrets, and those that the tests inherit
     * @param reportDirectory the directory of summary.json and report.html, instead of the run's own directory
     */
    public Runs(Map<String, String> inherited, RunProgress progress, Optional<Path> reportDirectory) {
        this.inherited = Map.copyOf(inherited);
        log = new LogFileProgress(progress);
        this.progress = new MaskingProgress(log, inherited);
        this.reportDirectory = reportDirectory;
    }

    /** Counts the time of the run from that instant, where its program began before this object. */
    public Runs since(Instant start) {
        began = start;
        return this;
    }

    /** Returns a text without the secrets that are known by now, for output outside of the progress. */
    public String masked(String text) {
        return progress.masked(text);
    }

    /** Work that needs the project's lock. */
    private interface Locked {
        RunOutcome run(PymDirectory pym) throws StageFailedException, IOException, InterruptedException;
    }

    /** Runs every stage that the request does not leave out. */
    public RunOutcome deploy(RunRequest request) throws IOException {
        return locked(request, "deploys", pym -> {
            reportIsWritable();
            cleaner(request).sweepBefore(pym);
            String id = pym.freshId();
            RunState state = RunState.begin(pym.run(id), request.toMap());
            return deploy(request, pym, id, state);
        });
    }

    /** Goes on with the last run where it was interrupted. */
    public RunOutcome resume(RunRequest request) throws IOException {
        return locked(request, "resumes", pym -> {
            Optional<String> id = DeadRunCleaner.cutOff(pym).stream().findFirst();
            if (id.isEmpty()) {
                progress.say(
                        pym.runs().isEmpty()
                                ? "There is nothing to resume: no run was begun here."
                                : "There is nothing to resume: no run was cut off.");
                return RunOutcome.NOTHING_TO_DO;
            }
            RunState state = RunState.open(pym.run(id.get()));
            RunRequest before = RunRequest.fromMap(request.directory(), request.token(), state.get("request"));
            progress.say("Going on with the run of " + id.get());
            TemporaryResources.remove(state, progress);
            return RollbackRun.isOf(state)
                    ? rollback(before, pym, id.get(), state)
                    : deploy(before, pym, id.get(), state);
        });
    }

    /** Undoes what interrupted runs have left, and deletes what was kept long enough. */
    public RunOutcome cleanup(RunRequest request) throws IOException {
        return locked(request, "cleans up", pym -> {
            boolean complete = new CleanupRun(request, inherited, progress)
                    .run(
                            pym,
                            pym.freshId(),
                            Optional.empty(),
                            new StageFindings(StageSpec.CLEANUP, Map.of(), Instant.now()));
            return complete ? RunOutcome.SUCCEEDED : RunOutcome.ROLLBACK_FAILED;
        });
    }

    /** Shows what a deployment would change, and changes nothing. */
    public RunOutcome plan(RunRequest request) throws IOException {
        return guarded(() -> {
            try (PreparedRun prepared = new Preflight(request, inherited, progress).prepare(Optional.empty())) {
                Optional<PymDirectory> pym = PymDirectory.find(request.directory());
                // Without a key nothing was deployed from here, and a new key gives a different id to each new
                // deployment.
                byte[] key = pym.isPresent() ? pym.get().key() : PymDirectory.freshKey();
                new DeploymentPlan(prepared, key).lines().forEach(progress::say);
            }
            return RunOutcome.PLANNED;
        });
    }

    /** Rolls back to an earlier version, and proves it. @param version empty for the one that was live before */
    public RunOutcome rollback(RunRequest request, Optional<String> version) throws IOException {
        return locked(request, "rolls back", pym -> {
            reportIsWritable();
            cleaner(request).sweepBefore(pym);
            String id = pym.freshId();
            RunState state = RunState.begin(pym.run(id), request.toMap());
            RollbackRun.begin(state, version);
            return rollback(request, pym, id, state);
        });
    }

    /** Shows what a rollback would change. */
    public RunOutcome planRollback(RunRequest request, Optional<String> version) throws IOException {
        return guarded(() -> {
            try (PreparedRun prepared = new Preflight(request, inherited, progress).prepareBack()) {
                for (PreparedRun.Place place : prepared.live()) {
                    Deployed good = RollbackRun.choose(place, version, NextStepAdvice.SHELL);
                    Deployed now = place.target().current().orElseThrow();
                    progress.say("Plan for " + place.environment().name() + ": " + now.version() + " is live, "
                            + good.version() + " would be");
                    PlanRehearsal.of(place.target().rollBack(now, good)).lines().forEach(progress::say);
                }
            } catch (TargetException e) {
                throw new StageFailedException(RunOutcome.CONFIG_INVALID, e.getMessage(), e);
            }
            return RunOutcome.PLANNED;
        });
    }

    /** Shows the version that live serves, and the earlier versions that a rollback can bring back at once. */
    public RunOutcome kept(RunRequest request) throws IOException {
        return guarded(() -> {
            try (PreparedRun prepared = new Preflight(request, inherited, progress).prepareBack()) {
                for (PreparedRun.Place place : prepared.live()) {
                    RollbackRun.list(place).forEach(progress::say);
                }
            }
            return RunOutcome.SUCCEEDED;
        });
    }

    /** Checks the report before any work, since a run whose report cannot be written does not begin. */
    private void reportIsWritable() throws StageFailedException {
        if (reportDirectory.isEmpty()) {
            return;
        }
        Path directory = reportDirectory.get().toAbsolutePath();
        try {
            Files.createDirectories(directory);
            Files.delete(Files.createTempFile(directory, ".pymdeploy-", ""));
        } catch (IOException e) {
            throw new StageFailedException(
                    RunOutcome.CONFIG_INVALID,
                    "--report " + directory + " cannot be written: " + IoMessages.of(e)
                            + ". Name a directory that can.",
                    e);
        }
    }

    private RunOutcome rollback(RunRequest request, PymDirectory pym, String id, RunState state) throws IOException {
        Path directory = pym.run(id);
        RunRecorder recorder = recorder(directory, EnumSet.of(Stage.PREFLIGHT, Stage.ROLLBACK));
        return finish(state, recorder, () -> {
            try (PreparedRun prepared =
                            preflight(recorder, () -> new Preflight(request, inherited, progress).prepareBack());
                    OperationRunner operations = new OperationRunner(directory.resolve("operations"), progress)) {
                begun(prepared, recorder, state, directory);
                try (EnvironmentLocks locks = EnvironmentLocks.take(prepared, pym.owner(id), inherited, progress)) {
                    operations.heldBy(locks);
                    // The user does not want the version that was accepted.
                    AcceptanceRecords.forget(pym.accepted());
                    RollbackRun rollback = new RollbackRun(prepared, operations, state, NextStepAdvice.SHELL);
                    new StageSequence(recorder, state).run(Stage.ROLLBACK, rollback::run);
                    return RunOutcome.SUCCEEDED;
                }
            }
        });
    }

    private RunOutcome deploy(RunRequest request, PymDirectory pym, String id, RunState state) throws IOException {
        Path directory = pym.run(id);
        RunRecorder recorder = recorder(directory, DEPLOYMENT);
        Optional<String> commit = state.get("source", "commit");
        return finish(state, recorder, () -> {
            try (PreparedRun prepared =
                            preflight(recorder, () -> new Preflight(request, inherited, progress).prepare(commit));
                    OperationRunner operations = new OperationRunner(directory.resolve("operations"), progress)) {
                begun(prepared, recorder, state, directory);
                try (EnvironmentLocks locks = EnvironmentLocks.take(prepared, pym.owner(id), inherited, progress)) {
                    operations.heldBy(locks);
                    return new DeployRun(prepared, recorder, state, pym, operations).run();
                }
            }
        });
    }

    /** Checks everything that can be checked. */
    private interface Checking {
        PreparedRun run() throws StageFailedException, IOException, InterruptedException;
    }

    private PreparedRun preflight(RunRecorder recorder, Checking checking)
            throws StageFailedException, IOException, InterruptedException {
        recorder.begin(Stage.PREFLIGHT);
        try {
            return checking.run();
        } catch (StageFailedException e) {
            recorder.fail(Stage.PREFLIGHT, StageState.FAILED, e.getMessage());
            throw e;
        } catch (IOException e) {
            recorder.fail(Stage.PREFLIGHT, StageState.FAILED, e.getMessage());
            throw new StageFailedException(RunOutcome.CONFIG_INVALID, e.getMessage(), e);
        }
    }

    private static void begun(PreparedRun prepared, RunRecorder recorder, RunState state, Path directory)
            throws StageFailedException, IOException {
        try {
            RunOrigin.remember(prepared, state);
        } catch (StageFailedException e) {
            recorder.fail(Stage.PREFLIGHT, StageState.FAILED, e.getMessage());
            throw e;
        }
        StoredConfig.keep(prepared, directory);
        state.put("source", Map.of("commit", prepared.source().commit()));
        TemporaryResources.remember(prepared, state);
        recorder.about(
                prepared.base().name(),
                prepared.source().commit(),
                prepared.source().branch().orElse(""));
        recorder.pass(Stage.PREFLIGHT, "");
    }

    /** Records the end of a run with any outcome. */
    private RunOutcome finish(RunState state, RunRecorder recorder, Body body) throws IOException {
        boolean resumed = state.get("source", "commit").isPresent();
        boolean over = true;
        RunOutcome outcome;
        String message = "";
        try {
            outcome = body.run();
        } catch (StageFailedException e) {
            outcome = e.outcome();
            message = e.getMessage() + (e.isSuspended() ? "; " + NextStepAdvice.SHELL.unfinished() : "");
            // Work that was begun before is kept, to be resumed or cleaned up when the preflight succeeds.
            over = !e.isSuspended() && !(resumed && outcome == RunOutcome.CONFIG_INVALID);
        } catch (InterruptedException e) {
            outcome = RunOutcome.INTERRUPTED;
            message = "interrupted; unfinished changes have been undone";
        } catch (IOException e) {
            // The finished work cannot be written down.
            boolean begun = recorder.state(Stage.PREFLIGHT) == StageState.PASSED;
            outcome = begun ? RunOutcome.DEPLOY_FAILED : RunOutcome.CONFIG_INVALID;
            message = IoMessages.of(e) + (begun ? "; then continue with pymdeploy --resume" : "");
            over = !begun;
        }
        if (over) {
            end(state, outcome);
        }
        boolean ready = recorder.state(Stage.PREFLIGHT) == StageState.PASSED;
        recorder.end(outcome, ready ? message : IoMessages.firstOf(message));
        Duration all = Duration.between(began, Instant.now());
        Duration own = all.minus(ExternalWaitTime.total().minus(othersBefore));
        progress.say("Time: " + all.toMillis() + " ms, " + Math.max(0, own.toMillis())
                + " ms of them not in docker, pip, tests or the start of the service");
        // The preflight's findings are printed above, a line each.
        String why = ready ? message : "nothing was built or deployed";
        progress.say(outcome.title() + (why.isEmpty() ? "" : ": " + why));
        progress.say("Report: " + recorder.reportDirectory().resolve("report.html"));
        return outcome;
    }

    private void end(RunState state, RunOutcome outcome) {
        try {
            state.end(outcome);
        } catch (IOException e) {
            progress.warning(IoMessages.of(e) + "; the next run will treat this one as cut off");
        }
    }

    /** Work that ends in an outcome. */
    private interface Body {
        RunOutcome run() throws StageFailedException, IOException, InterruptedException;
    }

    private RunOutcome locked(RunRequest request, String doing, Locked work) throws IOException {
        return guarded(() -> {
            PymDirectory pym = PymDirectory.ofProject(request.directory());
            String me = "pymdeploy (process " + ProcessHandle.current().pid() + "), which " + doing + " since "
                    + Instant.now().truncatedTo(ChronoUnit.SECONDS);
            try (FairLock lock = FairLock.take(pym.lock(), me, LOCK_WITHIN, progress);
                    LogFileProgress file = log) {
                file.into(pym.log());
                pym.prune(id -> DeadRunCleaner.isToBeKept(pym, id)).forEach(progress::warning);
                return work.run(pym);
            }
        });
    }

    private RunOutcome guarded(Body body) throws IOException {
        try {
            return body.run();
        } catch (StageFailedException e) {
            progress.say(e.getMessage());
            return e.outcome();
        } catch (InterruptedException e) {
            progress.say("Interrupted");
            return RunOutcome.INTERRUPTED;
        } catch (IOException e) {
            progress.say(IoMessages.of(e));
            return RunOutcome.CONFIG_INVALID;
        }
    }

    private DeadRunCleaner cleaner(RunRequest request) {
        return new DeadRunCleaner(request, inherited, progress);
    }

    private RunRecorder recorder(Path directory, Set<Stage> toCome) throws IOException {
        Path report = reportDirectory.orElse(directory.resolve("report")).toAbsolutePath();
        Files.createDirectories(report);
        return new RunRecorder(progress, report, Clock.systemUTC(), toCome);
    }
}
