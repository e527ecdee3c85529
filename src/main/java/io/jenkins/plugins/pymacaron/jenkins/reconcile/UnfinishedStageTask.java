package io.jenkins.plugins.pymacaron.jenkins.reconcile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.pymacaron.jenkins.agent.UnfinishedStage;
import io.jenkins.plugins.pymacaron.jenkins.agent.UnfinishedStages;
import io.jenkins.plugins.pymacaron.jenkins.lock.CleanupTurn;
import io.jenkins.plugins.pymacaron.jenkins.lock.EnvironmentQueue;
import io.jenkins.plugins.pymacaron.pipeline.contract.EnvironmentNames;
import java.io.File;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A stage that was interrupted, or that no stage followed: users see why it is not undone. */
final class UnfinishedStageTask implements CleanupTask {
    private static final Logger LOGGER = Logger.getLogger(UnfinishedStageTask.class.getName());

    /** After this time a person has to look at it. */
    static final Duration WORTH_TRYING = Duration.ofDays(7);

    private final UnfinishedStage stage;
    private Optional<CleanupTurn> turn = Optional.empty();

    UnfinishedStageTask(UnfinishedStage stage) {
        this.stage = stage;
    }

    /**
     * Begins the clean-up. A build that gets its turn later goes on from the present state. A half-made state does not
     * allow that: it is undone as soon as the builds that deploy there have ended, and before another one begins.
     */
    @Override
    public CompletableFuture<Boolean> begin() {
        EnvironmentQueue queue = EnvironmentQueue.get();
        String build = stage.getBuild();
        Optional<String> busy = queue.held(build, stage.getEnvironments());
        if (stage.isCutOff()) {
            CleanupTurn mine = queue.lineUp(build, stage.getEnvironments());
            turn = Optional.of(mine);
            busy.ifPresent(held ->
                    UnfinishedStages.get().keep(stage, Messages.CleanupAttempt_waits(EnvironmentNames.shown(held))));
            return mine.come().thenApply(come -> isThereStill() || isOver());
        }
        turn = queue.tryTurn(build, stage.getEnvironments());
        if (turn.isEmpty()) {
            String held =
                    busy.or(() -> queue.held(build, stage.getEnvironments())).orElse("");
            UnfinishedStages.get().keep(stage, Messages.CleanupAttempt_busy(EnvironmentNames.shown(held)));
        }
        return CompletableFuture.completedFuture(turn.isPresent());
    }

    private boolean isThereStill() {
        return UnfinishedStages.get().all().stream().anyMatch(other -> other.equals(stage) && other.isCutOff());
    }

    /** Returns whether it is over; it has waited for nothing. */
    private boolean isOver() {
        end();
        return false;
    }

    @Override
    public void end() {
        turn.ifPresent(EnvironmentQueue.get()::end);
    }

    @Override
    public void done(Optional<Instant> next, File log) {
        LOGGER.info(() -> "Undid what was left of " + stage + "; see " + log);
        UnfinishedStages.get().forget(stage);
    }

    @Override
    public void away(String agent) {
        UnfinishedStages.get().keep(stage, Messages.CleanupAttempt_offline(agent));
    }

    @Override
    public void failed(String line, @CheckForNull Throwable fault) {
        LOGGER.log(Level.WARNING, fault, () -> "Not undone yet: " + stage + ": " + line);
        if (stage.getTried()
                .filter(tried -> tried.plus(WORTH_TRYING).isBefore(Instant.now()))
                .isPresent()) {
            LOGGER.warning(() -> "Not tried any more: " + stage);
            UnfinishedStages.get().forget(stage);
        } else {
            UnfinishedStages.get().keep(stage, line);
        }
    }

    @Override
    public void gone(String why) {
        LOGGER.warning(() -> "Jenkins cannot undo " + stage + " any more: " + why
                + ". The next deployment to there finds what is left.");
        UnfinishedStages.get().forget(stage);
    }
}
