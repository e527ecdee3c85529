package io.jenkins.plugins.pymacaron.pipeline;

import io.jenkins.plugins.pymacaron.operation.OwnerLock;
import io.jenkins.plugins.pymacaron.pipeline.Preflight.Need;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.target.Surroundings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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
 * promoted nothing, it brings back what was live earlier only where that was asked for, or a version.
 *
 * <p>What a stage that was killed has left is undone by the next one that is about an environment, or by {@code cleanup}.
 * A stage can be run again, also when nobody got to know its result.
 */
public final class StageRun {
    /** The environment variable with the key of the deployment ids, in hex, where all agents are to name alike. */
    public static final String KEY = "PYM_DEPLOYMENT_KEY";

    private static final Duration LOCK_WITHIN = Duration.ofHours(1);

    private final Map<String, String> inherited;
    private final Warnings warnings;
    private final Progress progress;

    /** @param inherited the environment variables, secrets among them */
    public StageRun(Map<String, String> inherited, Progress progress) {
        this.inherited = Map.copyOf(inherited);
        warnings = new Warnings(progress);
        this.progress = new Masked(warnings, inherited);
    }

    /** A text without the secrets that are known by now, for what is told in other ways. */
    public String masked(String text) {
        return progress.masked(text);
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
                case StageSpec.CLEANUP -> cleanup(spec, found);
                default -> stage(spec, found);
            };
        } catch (StageFailedException e) {
            outcome = e.outcome();
            e.getMessage().lines().skip(1).findFirst().ifPresent(more -> e.getMessage()
                    .lines()
                    .forEach(progress::say));
            message = Trouble.firstOf(e.getMessage()) + (e.isSuspended() ? "; " + Advice.PIPELINE.unfinished() : "");
        } catch (InterruptedException e) {
            outcome = RunOutcome.INTERRUPTED;
            message = "interrupted; what was half-made has been undone";
        } catch (IOException e) {
            outcome = found.begun() ? RunOutcome.DEPLOY_FAILED : RunOutcome.CONFIG_INVALID;
            message = Trouble.of(e);
        }
        return found.result(outcome, message, warnings.seen()).saying(progress::masked);
    }

    private RunOutcome config(StageSpec spec, StageFindings found)
            throws StageFailedException, IOException, InterruptedException {
        try (Prepared prepared = preflight(spec, EnumSet.noneOf(Need.class)).prepare(Optional.empty())) {
            Surroundings surroundings = new Surroundings(
                    inherited, progress::line, secret -> progress.hide(Set.of(secret)), progress::masked);
            found.about(
                    prepared,
                    Placing.briefly(prepared.config(), prepared.docker(), surroundings)
                            .all());
            found.config(prepared.config());
        }
        return RunOutcome.SUCCEEDED;
    }

    private RunOutcome plan(StageSpec spec, StageFindings found)
            throws StageFailedException, IOException, InterruptedException {
        try (Prepared prepared = preflight(spec, EnumSet.allOf(Need.class)).prepare(Optional.empty())) {
            found.about(prepared);
            Found.lines(prepared).forEach(progress::say);
            found.plan(new Plan(prepared, pym(spec).key()).lines());
        }
        return RunOutcome.PLANNED;
    }

    private RunOutcome cleanup(StageSpec spec, StageFindings found)
            throws StageFailedException, IOException, InterruptedException {
        PymDirectory pym = pym(spec);
        try (Turn lock = lock(pym, spec)) {
            boolean complete = new Cleanup(spec.toRequest(false), inherited, progress)
                    .withoutWorkingCopy()
                    .run(pym, pym.freshId() + "-" + spec.stage(), Optional.of(spec), found);
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
        StageWork work = new StageWork(stage, spec, pym, inherited, progress, found);
        if (!StageNeeds.isAlone(stage)) {
            return alive(stage, spec, pym, work);
        }
        try (Turn lock = lock(pym, spec)) {
            pym.prune(id -> Cleaner.isToBeKept(pym, id)).forEach(progress::warning);
            cleaner(spec).sweep(pym);
            return alive(stage, spec, pym, work);
        }
    }

    private static RunOutcome alive(Stage stage, StageSpec spec, PymDirectory pym, StageWork work)
            throws StageFailedException, IOException, InterruptedException {
        Path directory = pym.run(pym.freshId() + "-" + Ledger.name(spec, stage));
        try (OwnerLock alive = RunLock.take(directory, me(spec))) {
            return work.in(directory);
        }
    }

    private Cleaner cleaner(StageSpec spec) throws IOException {
        return new Cleaner(spec.toRequest(false), inherited, progress);
    }

    private Preflight preflight(StageSpec spec, Set<Need> needs) throws IOException {
        return StageNeeds.preflight(spec, needs, inherited, progress);
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

    private Turn lock(PymDirectory pym, StageSpec spec) throws IOException, InterruptedException {
        return Turn.take(pym.lock(), me(spec), LOCK_WITHIN, progress);
    }

    private static String me(StageSpec spec) {
        return spec.run() + " (process " + ProcessHandle.current().pid() + ")";
    }
}
