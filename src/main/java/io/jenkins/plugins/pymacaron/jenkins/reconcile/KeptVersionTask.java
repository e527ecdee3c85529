package io.jenkins.plugins.pymacaron.jenkins.reconcile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.pymacaron.jenkins.agent.KeptVersion;
import io.jenkins.plugins.pymacaron.jenkins.agent.KeptVersions;
import io.jenkins.plugins.pymacaron.jenkins.lock.CleanupTurn;
import io.jenkins.plugins.pymacaron.jenkins.lock.EnvironmentQueue;
import java.io.File;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A kept version of live whose time is over. It costs money and does no other harm, so only the log reports troubles.
 */
final class KeptVersionTask implements CleanupTask {
    private static final Logger LOGGER = Logger.getLogger(KeptVersionTask.class.getName());

    private final KeptVersion kept;
    private Optional<CleanupTurn> turn = Optional.empty();

    KeptVersionTask(KeptVersion kept) {
        this.kept = kept;
    }

    /** Begins if no build deploys there: such a build may want to roll back to it, and ends it otherwise. */
    @Override
    public CompletableFuture<Boolean> begin() {
        turn = EnvironmentQueue.get().tryTurn(kept.getPromotion().getBuild(), kept.getEnvironments());
        return CompletableFuture.completedFuture(turn.isPresent());
    }

    @Override
    public void end() {
        turn.ifPresent(EnvironmentQueue.get()::end);
    }

    @Override
    public void done(Optional<Instant> next, File log) {
        LOGGER.info(() -> "Ended " + kept + "; see " + log);
        KeptVersions.get().replace(kept, next);
    }

    @Override
    public void away(String agent) {
        LOGGER.fine(() -> "Not ended yet: " + kept + ": agent " + agent + " is offline");
    }

    @Override
    public void failed(String line, @CheckForNull Throwable fault) {
        boolean last = kept.getUntil().plus(UnfinishedStageTask.WORTH_TRYING).isBefore(Instant.now());
        LOGGER.log(
                Level.WARNING,
                fault,
                () -> "Not ended" + (last ? ", and not tried any more: " : " yet: ") + kept + ": " + line);
        if (last) {
            KeptVersions.get().replace(kept, Optional.empty());
        }
    }

    @Override
    public void gone(String why) {
        LOGGER.warning(() -> "Jenkins cannot end " + kept + " any more, where it was promoted by "
                + kept.getPromotion().getBuild() + ": " + why + ". The next deployment to there ends it.");
        KeptVersions.get().replace(kept, Optional.empty());
    }
}
