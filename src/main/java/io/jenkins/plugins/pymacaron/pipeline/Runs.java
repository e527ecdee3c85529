package io.jenkins.plugins.pymacaron.pipeline;

import io.jenkins.plugins.pymacaron.process.OthersTime;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.report.StageState;
import io.jenkins.plugins.pymacaron.target.Deployed;
import io.jenkins.plugins.pymacaron.target.TargetException;
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

/** What a user can ask for: a deployment, its plan, its resumption, a rollback, a clean-up. One at a time in a project. */
public final class Runs {
    private static final Duration LOCK_WITHIN = Duration.ofHours(1);
    private static final Set<Stage> DEPLOYMENT = EnumSet.range(Stage.PREFLIGHT, Stage.ACCEPT_LIVE);

    private final Map<String, String> inherited;
    private final Logged log;
    private final Progress progress;
    private final Optional<Path> reportDirectory;
    private final Duration othersBefore = OthersTime.total();
    private Instant began = Instant.now();

    /**
     * @param inherited environment variables: the secrets, and what the tests inherit
     * @param reportDirectory where summary.json and report.html go, instead of the run's own directory
     */
    public Runs(Map<String, String> inherited, Progress progress, Optional<Path> reportDirectory) {
        this.inherited = Map.copyOf(inherited);
        log = new Logged(progress);
        this.progress = new Masked(log, inherited);
        this.reportDirectory = reportDirectory;
    }

    /** Counts the time of the run from then on, where its program did not begin with this object. */
    public Runs since(Instant start) {
        began = start;
        return this;
    }

    /** A text without the secrets that are known by now, for what is told in other ways. */
    public String masked(String text) {
        return progress.masked(text);
    }

    /** Work that needs the project's lock. */
    private interface Locked {
        RunOutcome run(PymDirectory pym) throws StageFailedException, IOException, InterruptedException;
    }

    /** Runs every stage that the request does not leave out. */
    public RunOutcome deploy(Request request) throws IOException {
        return locked(request, "deploys", pym -> {
            reportIsWritable();
            cleaner(request).sweepBefore(pym);
            String id = pym.freshId();
            RunState state = RunState.begin(pym.run(id), request.toMap());
            return deploy(request, pym, id, state);
        });
    }

    /** Goes on with the last run where it was cut off. */
    public RunOutcome resume(Request request) throws IOException {
        return locked(request, "resumes", pym -> {
            Optional<String> id = Cleaner.cutOff(pym).stream().findFirst();
            if (id.isEmpty()) {
                progress.say(
                        pym.runs().isEmpty()
                                ? "There is nothing to resume: no run was begun here."
                                : "There is nothing to resume: no run was cut off.");
                return RunOutcome.NOTHING_TO_DO;
            }
            RunState state = RunState.open(pym.run(id.get()));
            Request before = Request.fromMap(request.directory(), request.token(), state.get("request"));
            progress.say("Going on with the run of " + id.get());
            Temporary.remove(state, progress);
            return Rollback.isOf(state) ? rollback(before, pym, id.get(), state) : deploy(before, pym, id.get(), state);
        });
    }

    /** Undoes what runs that were cut off have left, and ends what was kept long enough. */
    public RunOutcome cleanup(Request request) throws IOException {
        return locked(request, "cleans up", pym -> {
            boolean complete = new Cleanup(request, inherited, progress)
                    .run(
                            pym,
                            pym.freshId(),
                            Optional.empty(),
                            new StageFindings(StageSpec.CLEANUP, Map.of(), Instant.now()));
            return complete ? RunOutcome.SUCCEEDED : RunOutcome.ROLLBACK_FAILED;
        });
    }

    /** Says what a deployment would change, and changes nothing. */
    public RunOutcome plan(Request request) throws IOException {
        return guarded(() -> {
            try (Prepared prepared = new Preflight(request, inherited, progress).prepare(Optional.empty())) {
                Optional<PymDirectory> pym = PymDirectory.find(request.directory());
                // Without a key nothing was deployed from here, and any key tells that from what is to come.
                byte[] key = pym.isPresent() ? pym.get().key() : PymDirectory.freshKey();
                new Plan(prepared, key).lines().forEach(progress::say);
            }
            return RunOutcome.PLANNED;
        });
    }

    /**
     * Brings back an earlier version, and proves it.
     *
     * @param version empty for the one that was live before
     */
    public RunOutcome rollback(Request request, Optional<String> version) throws IOException {
        return locked(request, "rolls back", pym -> {
            reportIsWritable();
            cleaner(request).sweepBefore(pym);
            String id = pym.freshId();
            RunState state = RunState.begin(pym.run(id), request.toMap());
            Rollback.begin(state, version);
            return rollback(request, pym, id, state);
        });
    }

    /** Says what a rollback would change. */
    public RunOutcome planRollback(Request request, Optional<String> version) throws IOException {
        return guarded(() -> {
            try (Prepared prepared = new Preflight(request, inherited, progress).prepareBack()) {
                for (Prepared.Place place : prepared.live()) {
                    Deployed good = Rollback.choose(place, version, Advice.SHELL);
                    Deployed now = place.target().current().orElseThrow();
                    progress.say("Plan for " + place.environment().name() + ": " + now.version() + " is live, "
                            + good.version() + " would be");
                    Rehearsal.of(place.target().revert(now, good)).lines().forEach(progress::say);
                }
            } catch (TargetException e) {
                throw new StageFailedException(RunOutcome.CONFIG_INVALID, e.getMessage(), e);
            }
            return RunOutcome.PLANNED;
        });
    }

    /** Says what live serves, and which earlier versions a rollback can bring back at once. */
    public RunOutcome kept(Request request) throws IOException {
        return guarded(() -> {
            try (Prepared prepared = new Preflight(request, inherited, progress).prepareBack()) {
                for (Prepared.Place place : prepared.live()) {
                    Rollback.list(place).forEach(progress::say);
                }
            }
            return RunOutcome.SUCCEEDED;
        });
    }

    /** Before any work, since a run whose report cannot be written does not begin. */
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
                    "--report " + directory + " cannot be written: " + Trouble.of(e) + ". Name a directory that can.",
                    e);
        }
    }

    private RunOutcome rollback(Request request, PymDirectory pym, String id, RunState state) throws IOException {
        Path directory = pym.run(id);
        Recorder recorder = recorder(directory, EnumSet.of(Stage.PREFLIGHT, Stage.ROLLBACK));
        return finish(state, recorder, () -> {
            try (Prepared prepared =
                            preflight(recorder, () -> new Preflight(request, inherited, progress).prepareBack());
                    Operations operations = new Operations(directory.resolve("operations"), progress)) {
                begun(prepared, recorder, state, directory);
                try (EnvironmentLocks locks = EnvironmentLocks.take(prepared, pym.owner(id), inherited, progress)) {
                    operations.heldBy(locks);
                    Rollback rollback = new Rollback(prepared, operations, state, Advice.SHELL);
                    new Stages(recorder, state).run(Stage.ROLLBACK, rollback::run);
                    return RunOutcome.SUCCEEDED;
                }
            }
        });
    }

    private RunOutcome deploy(Request request, PymDirectory pym, String id, RunState state) throws IOException {
        Path directory = pym.run(id);
        Recorder recorder = recorder(directory, DEPLOYMENT);
        Optional<String> commit = state.get("source", "commit");
        return finish(state, recorder, () -> {
            try (Prepared prepared =
                            preflight(recorder, () -> new Preflight(request, inherited, progress).prepare(commit));
                    Operations operations = new Operations(directory.resolve("operations"), progress)) {
                begun(prepared, recorder, state, directory);
                try (EnvironmentLocks locks = EnvironmentLocks.take(prepared, pym.owner(id), inherited, progress)) {
                    operations.heldBy(locks);
                    return new DeployRun(prepared, recorder, state, pym, operations).run();
                }
            }
        });
    }

    /** Checks everything there is to check. */
    private interface Checking {
        Prepared run() throws StageFailedException, IOException, InterruptedException;
    }

    private Prepared preflight(Recorder recorder, Checking checking)
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

    private static void begun(Prepared prepared, Recorder recorder, RunState state, Path directory)
            throws StageFailedException, IOException {
        try {
            WhereBegun.remember(prepared, state);
        } catch (StageFailedException e) {
            recorder.fail(Stage.PREFLIGHT, StageState.FAILED, e.getMessage());
            throw e;
        }
        KeptConfig.keep(prepared, directory);
        state.put("source", Map.of("commit", prepared.source().commit()));
        Temporary.remember(prepared, state);
        recorder.about(
                prepared.base().name(),
                prepared.source().commit(),
                prepared.source().branch().orElse(""));
        recorder.pass(Stage.PREFLIGHT, "");
    }

    /** Writes the end of a run down, whichever it is. */
    private RunOutcome finish(RunState state, Recorder recorder, Body body) throws IOException {
        boolean resumed = state.get("source", "commit").isPresent();
        boolean over = true;
        RunOutcome outcome;
        String message = "";
        try {
            outcome = body.run();
        } catch (StageFailedException e) {
            outcome = e.outcome();
            message = e.getMessage() + (e.isSuspended() ? "; " + Advice.SHELL.unfinished() : "");
            // What was begun before is still there, to be resumed or cleaned up when all is ready for that.
            over = !e.isSuspended() && !(resumed && outcome == RunOutcome.CONFIG_INVALID);
        } catch (InterruptedException e) {
            outcome = RunOutcome.INTERRUPTED;
            message = "interrupted; what was half-made has been undone";
        } catch (IOException e) {
            // What was done cannot be written down.
            boolean begun = recorder.state(Stage.PREFLIGHT) == StageState.PASSED;
            outcome = begun ? RunOutcome.DEPLOY_FAILED : RunOutcome.CONFIG_INVALID;
            message = Trouble.of(e) + (begun ? "; then go on with pymdeploy --resume" : "");
            over = !begun;
        }
        if (over) {
            end(state, outcome);
        }
        boolean ready = recorder.state(Stage.PREFLIGHT) == StageState.PASSED;
        recorder.end(outcome, ready ? message : Trouble.firstOf(message));
        Duration all = Duration.between(began, Instant.now());
        Duration own = all.minus(OthersTime.total().minus(othersBefore));
        progress.say("Time: " + all.toMillis() + " ms, " + Math.max(0, own.toMillis())
                + " ms of them not in docker, pip, tests or the start of the service");
        // What the preflight found stands above, a line each.
        String why = ready ? message : "nothing was built or deployed";
        progress.say(outcome.title() + (why.isEmpty() ? "" : ": " + why));
        progress.say("Report: " + recorder.reportDirectory().resolve("report.html"));
        return outcome;
    }

    private void end(RunState state, RunOutcome outcome) {
        try {
            state.end(outcome);
        } catch (IOException e) {
            progress.warning(Trouble.of(e) + "; the next run will look at this one as if it had been cut off");
        }
    }

    /** What ends in an outcome. */
    private interface Body {
        RunOutcome run() throws StageFailedException, IOException, InterruptedException;
    }

    private RunOutcome locked(Request request, String doing, Locked work) throws IOException {
        return guarded(() -> {
            PymDirectory pym = PymDirectory.ofProject(request.directory());
            String me = "pymdeploy (process " + ProcessHandle.current().pid() + "), which " + doing + " since "
                    + Instant.now().truncatedTo(ChronoUnit.SECONDS);
            try (Turn lock = Turn.take(pym.lock(), me, LOCK_WITHIN, progress);
                    Logged file = log) {
                file.into(pym.log());
                pym.prune(id -> Cleaner.isToBeKept(pym, id)).forEach(progress::warning);
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
            progress.say(Trouble.of(e));
            return RunOutcome.CONFIG_INVALID;
        }
    }

    private Cleaner cleaner(Request request) {
        return new Cleaner(request, inherited, progress);
    }

    private Recorder recorder(Path directory, Set<Stage> toCome) throws IOException {
        Path report = reportDirectory.orElse(directory.resolve("report")).toAbsolutePath();
        Files.createDirectories(report);
        return new Recorder(progress, report, Clock.systemUTC(), toCome);
    }
}
