package io.jenkins.plugins.pymacaron.pipeline.run;

import io.jenkins.plugins.pymacaron.operation.OwnerLock;
import io.jenkins.plugins.pymacaron.pipeline.cleanup.CleanupRun;
import io.jenkins.plugins.pymacaron.pipeline.cleanup.DeadRunCleaner;
import io.jenkins.plugins.pymacaron.pipeline.contract.NextStepAdvice;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageSpec;
import io.jenkins.plugins.pymacaron.pipeline.lock.FairLock;
import io.jenkins.plugins.pymacaron.pipeline.plan.DeploymentPlan;
import io.jenkins.plugins.pymacaron.pipeline.preflight.EnvironmentLocator;
import io.jenkins.plugins.pymacaron.pipeline.preflight.Preflight;
import io.jenkins.plugins.pymacaron.pipeline.preflight.Preflight.Need;
import io.jenkins.plugins.pymacaron.pipeline.preflight.PreflightFindings;
import io.jenkins.plugins.pymacaron.pipeline.preflight.StageNeeds;
import io.jenkins.plugins.pymacaron.pipeline.progress.IoMessages;
import io.jenkins.plugins.pymacaron.pipeline.progress.MaskingProgress;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunProgress;
import io.jenkins.plugins.pymacaron.pipeline.progress.WarningCollector;
import io.jenkins.plugins.pymacaron.pipeline.stage.StageFindings;
import io.jenkins.plugins.pymacaron.pipeline.stage.StageHandover;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun;
import io.jenkins.plugins.pymacaron.pipeline.state.PymDirectory;
import io.jenkins.plugins.pymacaron.pipeline.state.RunLock;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
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
 * Runs one stage in a process of its own, for Jenkins. The results of earlier stages come in with its
 * {@link StageSpec}, and its own results for later stages leave with its {@link StageResult}.
 *
 * <p>A live that failed its acceptance is not rolled back here: its outcome is TESTS_FAILED, live stays as it is, and
 * the caller of the stages then runs {@code rollback}. A {@code rollback} that succeeded is SUCCEEDED, also after such
 * a failure: the outcome is that of the stage, not of the deployment. In a deployment that has promoted nothing,
 * {@code rollback} brings back what was live earlier only where that, or a version, was asked for.
 *
 * <p>Half-made changes of a killed stage are undone by the next stage that uses an environment, or by {@code cleanup}.
 * A stage can be run again, also when its result was never reported.
 */
public final class StageRun {

    private static final Duration LOCK_WITHIN = Duration.ofHours(1);

    private final Map<String, String> inherited;
    private final WarningCollector warnings;
    private final RunProgress progress;

    /** Makes the stage. @param inherited the environment variables, secrets among them */
    public StageRun(Map<String, String> inherited, RunProgress progress) {
        this.inherited = Map.copyOf(inherited);
        warnings = new WarningCollector(progress);
        this.progress = new MaskingProgress(warnings, inherited);
    }

    /** Returns a text without the secrets that are known by now, for output outside of the progress. */
    public String masked(String text) {
        return progress.masked(text);
    }

    /** Runs the stage to its end, with any outcome. */
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
            message = IoMessages.firstOf(e.getMessage())
                    + (e.isSuspended() ? "; " + NextStepAdvice.PIPELINE.unfinished() : "");
        } catch (InterruptedException e) {
            outcome = RunOutcome.INTERRUPTED;
            message = "interrupted; unfinished changes have been undone";
        } catch (IOException e) {
            outcome = found.begun() ? RunOutcome.DEPLOY_FAILED : RunOutcome.CONFIG_INVALID;
            message = IoMessages.of(e);
        }
        return found.result(outcome, message, warnings.seen()).saying(progress::masked);
    }

    private RunOutcome config(StageSpec spec, StageFindings found)
            throws StageFailedException, IOException, InterruptedException {
        try (PreparedRun prepared = preflight(spec, EnumSet.noneOf(Need.class)).prepare(Optional.empty())) {
            TargetContext surroundings = new TargetContext(
                    inherited, progress::line, secret -> progress.hide(Set.of(secret)), progress::masked);
            found.about(
                    prepared,
                    EnvironmentLocator.briefly(prepared.config(), prepared.docker(), surroundings)
                            .all());
            found.config(prepared.config());
        }
        return RunOutcome.SUCCEEDED;
    }

    private RunOutcome plan(StageSpec spec, StageFindings found)
            throws StageFailedException, IOException, InterruptedException {
        try (PreparedRun prepared = preflight(spec, EnumSet.allOf(Need.class)).prepare(Optional.empty())) {
            found.about(prepared);
            PreflightFindings.lines(prepared).forEach(progress::say);
            found.plan(new DeploymentPlan(prepared, pym(spec).key()).lines());
        }
        return RunOutcome.PLANNED;
    }

    private RunOutcome cleanup(StageSpec spec, StageFindings found)
            throws StageFailedException, IOException, InterruptedException {
        PymDirectory pym = pym(spec);
        try (FairLock lock = lock(pym, spec)) {
            boolean complete = new CleanupRun(spec.toRequest(false), inherited, progress)
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
        try (FairLock lock = lock(pym, spec)) {
            pym.prune(id -> DeadRunCleaner.isToBeKept(pym, id)).forEach(progress::warning);
            cleaner(spec).sweep(pym);
            return alive(stage, spec, pym, work);
        }
    }

    private static RunOutcome alive(Stage stage, StageSpec spec, PymDirectory pym, StageWork work)
            throws StageFailedException, IOException, InterruptedException {
        Path directory = pym.run(pym.freshId() + "-" + StageHandover.name(spec, stage));
        try (OwnerLock alive = RunLock.take(directory, me(spec))) {
            return work.in(directory);
        }
    }

    private DeadRunCleaner cleaner(StageSpec spec) throws IOException {
        return new DeadRunCleaner(spec.toRequest(false), inherited, progress).refusing(spec.unaccepted());
    }

    private Preflight preflight(StageSpec spec, Set<Need> needs) throws IOException {
        return StageNeeds.preflight(spec, needs, inherited, progress);
    }

    PymDirectory pym(StageSpec spec) throws IOException {
        // Two services of one workspace have separate states.
        String service = Path.of(spec.directory()).toAbsolutePath().normalize().toString();
        String name =
                UUID.nameUUIDFromBytes(service.getBytes(StandardCharsets.UTF_8)).toString();
        PymDirectory pym = PymDirectory.of(Files.createDirectories(Path.of(spec.home(), name)))
                .inQueue(spec.asked(StageSpec.QUEUE).orElse(""));
        String key = inherited.getOrDefault(PreparedRun.KEY, "");
        try {
            return key.isEmpty() ? pym : pym.with(HexFormat.of().parseHex(key));
        } catch (IllegalArgumentException e) {
            throw new IOException(PreparedRun.KEY + " is not in hex", e);
        }
    }

    private FairLock lock(PymDirectory pym, StageSpec spec) throws IOException, InterruptedException {
        return FairLock.take(pym.lock(), me(spec), LOCK_WITHIN, progress);
    }

    private static String me(StageSpec spec) {
        return spec.run() + " (process " + ProcessHandle.current().pid() + ")";
    }
}
