package io.jenkins.plugins.pymacaron.pipeline;

import io.jenkins.plugins.pymacaron.operation.OwnerLock;
import io.jenkins.plugins.pymacaron.pipeline.Preflight.Need;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * One stage in a process of its own, as Jenkins runs them. What it has to know of the stages before it comes with its
 * {@link StageSpec}, what the next ones have to know goes back with its {@link StageResult}.
 *
 * <p>A live that failed its acceptance is not taken back here: its outcome is TESTS_FAILED, live stays as it is, and
 * whoever runs the stages runs {@code rollback} then. A {@code rollback} that brought back what served before is
 * SUCCEEDED, also after such a failure: it says how that stage went, not how the deployment did. In a deployment that has
 * promoted nothing, or with a version, it brings back what was live earlier, as {@code pymdeploy --rollback} does.
 *
 * <p>What a stage that was killed has left is undone by the next one that is about an environment, or by {@code cleanup}.
 * A stage can be run again, also when nobody got to know its result.
 */
public final class StageRun {
    /** The environment variable with the key of the deployment ids, in hex, where all agents are to name alike. */
    public static final String KEY = "PYM_DEPLOYMENT_KEY";

    private static final DateTimeFormatter ID =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);
    private static final String PROMOTION = "promotion";
    private static final Duration LOCK_WITHIN = Duration.ofHours(1);

    /** Those that an environment must not change under; a failed acceptance of staging changes it too. */
    private static final Set<Stage> ALONE =
            EnumSet.of(Stage.STAGING, Stage.ACCEPT_STAGING, Stage.PROMOTE, Stage.ACCEPT_LIVE, Stage.ROLLBACK);

    private final Map<String, String> inherited;
    private final Warnings progress;

    /** @param inherited the environment variables, secrets among them */
    public StageRun(Map<String, String> inherited, Progress progress) {
        this.inherited = Map.copyOf(inherited);
        this.progress = new Warnings(progress);
    }

    /** Runs it to its end, whichever that is. */
    public StageResult run(StageSpec spec) {
        StageFindings found = new StageFindings(spec.stage(), spec.state(), Instant.now());
        RunOutcome outcome;
        String message = "";
        try {
            outcome = switch (spec.stage()) {
                case StageSpec.CONFIG -> config(spec, found);
                case StageSpec.PLAN -> plan(spec, found);
                case StageSpec.CLEANUP -> cleanup(spec);
                default -> stage(spec, found);
            };
        } catch (StageFailedException e) {
            outcome = e.outcome();
            e.getMessage().lines().skip(1).findFirst().ifPresent(more -> e.getMessage()
                    .lines()
                    .forEach(progress::say));
            message = Trouble.firstOf(e.getMessage());
        } catch (InterruptedException e) {
            outcome = RunOutcome.INTERRUPTED;
            message = "interrupted; what was half-made has been undone";
        } catch (IOException e) {
            outcome = found.begun() ? RunOutcome.DEPLOY_FAILED : RunOutcome.CONFIG_INVALID;
            message = Trouble.of(e);
        }
        return found.result(outcome, message, progress.seen());
    }

    private RunOutcome config(StageSpec spec, StageFindings found)
            throws StageFailedException, IOException, InterruptedException {
        try (Prepared prepared = preflight(spec, EnumSet.of(Need.TARGETS)).prepare(Optional.empty())) {
            found.about(prepared);
            found.config(prepared.config());
        }
        return RunOutcome.SUCCEEDED;
    }

    private RunOutcome plan(StageSpec spec, StageFindings found)
            throws StageFailedException, IOException, InterruptedException {
        try (Prepared prepared = preflight(spec, EnumSet.allOf(Need.class)).prepare(Optional.empty())) {
            found.about(prepared);
            found.plan(new Plan(prepared, pym(spec).key()).lines());
        }
        return RunOutcome.PLANNED;
    }

    private RunOutcome cleanup(StageSpec spec) throws StageFailedException, IOException, InterruptedException {
        PymDirectory pym = pym(spec);
        try (OwnerLock lock = lock(pym, spec)) {
            boolean complete = new Cleaner(spec.toRequest(false), inherited, progress).sweep(pym, false);
            if (!complete) {
                throw new StageFailedException(
                        RunOutcome.ROLLBACK_FAILED, "not everything could be undone; the warnings name what is left");
            }
            return RunOutcome.SUCCEEDED;
        }
    }

    private RunOutcome stage(StageSpec spec, StageFindings found)
            throws StageFailedException, IOException, InterruptedException {
        Stage stage = Stage.ofKey(spec.stage()).orElseThrow(() -> new IOException("there is no stage " + spec.stage()));
        PymDirectory pym = pym(spec);
        if (!ALONE.contains(stage)) {
            return stage(stage, spec, pym, found);
        }
        try (OwnerLock lock = lock(pym, spec)) {
            pym.prune(id -> isUnderWay(pym, id));
            new Cleaner(spec.toRequest(false), inherited, progress).sweep(pym, true);
            return stage(stage, spec, pym, found);
        }
    }

    private static boolean isUnderWay(PymDirectory pym, String id) {
        try {
            return RunState.isThere(pym.run(id))
                    && RunState.open(pym.run(id)).outcome().isEmpty();
        } catch (IOException e) {
            return true;
        }
    }

    private RunOutcome stage(Stage stage, StageSpec spec, PymDirectory pym, StageFindings found)
            throws StageFailedException, IOException, InterruptedException {
        Path directory = pym.run(ID.format(Instant.now()) + "-" + Ledger.name(spec, stage));
        try (OwnerLock alive = RunLock.take(directory, me(spec))) {
            return stage(stage, spec, pym, found, directory);
        }
    }

    private RunOutcome stage(Stage stage, StageSpec spec, PymDirectory pym, StageFindings found, Path directory)
            throws StageFailedException, IOException, InterruptedException {
        Request request = spec.toRequest(true);
        Map<String, Map<String, String>> known = Ledger.of(pym, spec);
        RunState state = RunState.begin(directory, request.toMap());
        for (Map.Entry<String, Map<String, String>> entry : known.entrySet()) {
            state.put(entry.getKey(), entry.getValue());
        }
        Recorder recorder = new Recorder(
                progress, Files.createDirectories(directory.resolve("report")), Clock.systemUTC(), EnumSet.of(stage));
        RunOutcome outcome = RunOutcome.INTERRUPTED;
        boolean over = false;
        try {
            outcome = stage(new Work(stage, spec, pym, directory, request, state, recorder), found);
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
            // What was done cannot be written down, and so the next stage or a clean-up has to look at it.
            outcome = RunOutcome.CONFIG_INVALID;
            over = !found.begun();
            throw e;
        } finally {
            found.made(stage, recorder, state);
            if (over) {
                state.end(outcome);
            }
        }
    }

    /** What one stage works with. */
    private record Work(
            Stage stage,
            StageSpec spec,
            PymDirectory pym,
            Path directory,
            Request request,
            RunState state,
            Recorder recorder) {}

    private RunOutcome stage(Work work, StageFindings found)
            throws StageFailedException, IOException, InterruptedException {
        StageSpec spec = work.spec();
        Stage stage = work.stage();
        Preflight preflight = preflight(spec, StageNeeds.of(stage));
        RunState state = work.state();
        try (Prepared prepared =
                        stage == Stage.ROLLBACK ? preflight.prepareBack() : preflight.prepare(Optional.empty());
                Operations operations = new Operations(
                        work.directory().resolve("operations"), progress, change -> Lane.handedOn(state, change))) {
            found.about(prepared);
            sameCommit(stage, spec, prepared, state);
            Temporary.remember(prepared, state);
            DeployRun run = new DeployRun(prepared, work.recorder(), state, work.pym(), operations);
            try (EnvironmentLocks locks =
                    ALONE.contains(stage) ? EnvironmentLocks.take(prepared, inherited, progress) : null) {
                found.begin();
                return run(work, run, prepared, operations, found);
            } finally {
                for (Lane lane : run.lanes(stage)) {
                    lane.handOn();
                }
            }
        }
    }

    private RunOutcome run(Work work, DeployRun run, Prepared prepared, Operations operations, StageFindings found)
            throws StageFailedException, IOException, InterruptedException {
        Stage stage = work.stage();
        switch (stage) {
            case PREFLIGHT -> {
                return RunOutcome.SUCCEEDED;
            }
            case STAGING, PROMOTE -> {
                if (stage == Stage.PROMOTE) {
                    work.state().put(PROMOTION, Map.of("run", work.spec().run()));
                }
                run.change(stage);
                found.deployed(run.lanes(stage));
            }
            case ROLLBACK -> back(work, run, prepared, operations, found);
            default -> run.single(stage);
        }
        if (work.spec().last() && (stage == Stage.PROMOTE || stage == Stage.ACCEPT_LIVE)) {
            run.end();
        }
        return RunOutcome.SUCCEEDED;
    }

    /** What this deployment promoted is taken back; without one, or to a certain version, as a user asks for it. */
    private void back(Work work, DeployRun run, Prepared prepared, Operations operations, StageFindings found)
            throws StageFailedException, IOException, InterruptedException {
        Optional<String> version = work.spec().asked("version");
        // One that failed has taken itself back; going back further is not what anybody means by that.
        boolean promoted = !work.state().get(PROMOTION).isEmpty();
        for (Lane lane : run.lanes(Stage.ROLLBACK)) {
            promoted |= lane.active().isPresent();
        }
        if (promoted && version.isEmpty()) {
            run.back();
            found.restored(run.lanes(Stage.ROLLBACK));
            for (Lane lane : run.lanes(Stage.ROLLBACK)) {
                lane.forget();
            }
            return;
        }
        Rollback.begin(work.state(), version);
        Rollback rollback = new Rollback(prepared, operations, work.state());
        try {
            new Stages(work.recorder(), work.state()).run(Stage.ROLLBACK, rollback::run);
            found.restored(rollback.good(), rollback.bad(), prepared);
        } finally {
            rollback.end();
        }
        for (Lane lane : run.lanes(Stage.ROLLBACK)) {
            lane.forget();
        }
    }

    /** All stages of a deployment are of one commit. Another checkout begins another image. */
    private static void sameCommit(Stage stage, StageSpec spec, Prepared prepared, RunState state)
            throws StageFailedException, IOException {
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

    private Preflight preflight(StageSpec spec, Set<Need> needs) throws IOException {
        return new Preflight(spec.toRequest(true), inherited, progress)
                .only(needs)
                .hiding(spec.secrets());
    }

    private PymDirectory pym(StageSpec spec) throws IOException {
        // Two services of one workspace have nothing in common.
        String service = Path.of(spec.directory()).toAbsolutePath().normalize().toString();
        String name =
                UUID.nameUUIDFromBytes(service.getBytes(StandardCharsets.UTF_8)).toString();
        PymDirectory pym = PymDirectory.of(Files.createDirectories(Path.of(spec.home(), name)));
        String key = inherited.getOrDefault(KEY, "");
        try {
            return key.isEmpty() ? pym : pym.with(HexFormat.of().parseHex(key));
        } catch (IllegalArgumentException e) {
            throw new IOException(KEY + " is not in hex", e);
        }
    }

    private OwnerLock lock(PymDirectory pym, StageSpec spec) throws IOException, InterruptedException {
        return Waiting.lock(pym.lock(), me(spec), LOCK_WITHIN, progress);
    }

    private static String me(StageSpec spec) {
        return spec.run() + " (process " + ProcessHandle.current().pid() + ")";
    }
}
