package io.jenkins.plugins.pymacaron.pipeline.change;

import io.jenkins.plugins.pymacaron.accept.Probe;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.preflight.PreflightFindings;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunProgress;
import io.jenkins.plugins.pymacaron.pipeline.progress.Uninterruptibles;
import io.jenkins.plugins.pymacaron.pipeline.state.ServingState;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Proof;
import io.jenkins.plugins.pymacaron.targets.Target;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Checks the version that serves after a run has failed. The outcome of a failed run claims that the version before
 * still serves; where that is not so, the rollback has failed, even if each of its steps has reported success.
 */
public final class OutcomeVerifier {
    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(10);
    private static final Duration ASK_AGAIN = Duration.ofMillis(200);

    private final RunProgress progress;

    public OutcomeVerifier(RunProgress progress) {
        this.progress = progress;
    }

    /** The state in which an environment is found. @param bad whether the claim does not hold there */
    private record PreflightFindings(ChangedEnvironment place, boolean bad, String sentence, Optional<Deployed> good) {}

    /**
     * Checks the environments that the run has begun to change.
     *
     * @return {@code why}, or the failure of the rollback with the version that serves and the actions to take by hand
     */
    public StageFailedException of(StageFailedException why, List<? extends ChangedEnvironment> places) {
        // Another run may have deployed the same: then the deployment that is named as this run's belongs to that one.
        boolean superseded = why.outcome() == RunOutcome.SUPERSEDED;
        List<PreflightFindings> all = new ArrayList<>();
        for (ChangedEnvironment place : places) {
            try {
                Uninterruptibles.finish(() -> look(place, superseded)).ifPresent(all::add);
            } catch (StageFailedException | IOException e) {
                all.add(new PreflightFindings(
                        place,
                        false,
                        "what serves in " + place.environment() + " now is not known: " + e.getMessage(),
                        Optional.empty()));
            }
        }
        boolean failed = why.outcome() == RunOutcome.ROLLBACK_FAILED;
        List<PreflightFindings> told =
                all.stream().filter(found -> failed || found.bad()).toList();
        if (told.isEmpty()) {
            return why;
        }
        told.forEach(this::sayByHand);
        return new StageFailedException(
                RunOutcome.ROLLBACK_FAILED,
                why.getMessage() + "; "
                        + String.join(
                                "; ",
                                told.stream().map(PreflightFindings::sentence).toList()),
                why);
    }

    /** Checks a run that was interrupted; otherwise as {@link #of}. */
    public void after(InterruptedException interrupt, List<? extends ChangedEnvironment> places)
            throws StageFailedException {
        StageFailedException found = of(new StageFailedException(RunOutcome.INTERRUPTED, "interrupted"), places);
        if (found.outcome() != RunOutcome.INTERRUPTED) {
            throw found;
        }
    }

    private void sayByHand(PreflightFindings found) {
        List<String> commands = found.place().place().target().byHand(found.good());
        if (!commands.isEmpty()) {
            progress.say("To look at " + found.place().environment()
                    + found.good()
                            .map(good -> " and to have " + good.version() + " serve there")
                            .orElse("")
                    + " by hand:");
            commands.forEach(command -> progress.say("    " + command));
        }
    }

    private Optional<PreflightFindings> look(ChangedEnvironment place, boolean superseded)
            throws StageFailedException, IOException, InterruptedException {
        if (!place.touched()) {
            return Optional.empty();
        }
        ServingState before = place.standing();
        String environment = place.environment();
        Optional<Deployed> now = current(place.place().target());
        Optional<Deployed> good = before.serving();
        boolean ours = !superseded && now.isPresent() && place.isOurs(now.get());
        if (now.isEmpty()) {
            String lost =
                    good.map(g -> ", where " + g.version() + " served before").orElse("");
            return Optional.of(
                    new PreflightFindings(place, good.isPresent(), "nothing serves in " + environment + lost, good));
        }
        String version = now.get().version();
        if (now.map(Deployed::revision).equals(good.map(Deployed::revision))) {
            String trouble = trouble(place, now.get());
            return Optional.of(new PreflightFindings(
                    place,
                    !trouble.isEmpty(),
                    version + " is what serves in " + environment + (trouble.isEmpty() ? "" : ", but " + trouble),
                    good));
        }
        String instead = good.map(g -> ", not " + g.version()).orElse(", where nothing served before");
        return Optional.of(
                ours
                        ? new PreflightFindings(
                                place, true, version + " still serves in " + environment + instead, good)
                        : new PreflightFindings(
                                place,
                                false,
                                version + " serves in " + environment + " by now, which another deployment made",
                                Optional.empty()));
    }

    private static Optional<Deployed> current(Target target) throws IOException, InterruptedException {
        try {
            return target.current();
        } catch (TargetException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Asks a deployment. @return why it does not answer with its version; empty when it does */
    private String trouble(ChangedEnvironment place, Deployed deployed) throws InterruptedException {
        boolean checkTls = place.place().environment().slot() == Slot.LIVE;
        Probe probe = new Probe(Proof.asking(place.place().environment().config(), checkTls));
        long deadline = System.nanoTime() + ANSWERS_WITHIN.toNanos();
        while (true) {
            try {
                probe.expectVersion(place.place().target().reach(deployed), deployed.version());
                return "";
            } catch (IOException | TargetException e) {
                if (System.nanoTime() > deadline) {
                    return deployed.url() + " does not answer as it should: " + e.getMessage();
                }
            }
            TimeUnit.MILLISECONDS.sleep(ASK_AGAIN.toMillis());
        }
    }
}
