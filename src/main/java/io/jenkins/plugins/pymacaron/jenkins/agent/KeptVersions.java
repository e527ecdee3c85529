package io.jenkins.plugins.pymacaron.jenkins.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Item;
import hudson.model.listeners.ItemListener;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The versions that live keeps for a time after a promotion. Another promotion to the same environment, by any job,
 * replaces the entry.
 */
@Extension
public final class KeptVersions {
    /** The stages whose results report the kept versions. */
    private static final Set<String> TELLING = Set.of("promote", "live", "rollback");

    private final StoredList<KeptVersion> file =
            new StoredList<>("kept", KeptVersion.class, "what is kept too long is ended by the next deployment");
    /** Guarded by this. There is at most one for each environment. */
    private final List<KeptVersion> kept = file.read();

    public static KeptVersions get() {
        return ExtensionList.lookupSingleton(KeptVersions.class);
    }

    @NonNull
    public synchronized List<KeptVersion> all() {
        return List.copyOf(kept);
    }

    /** Returns until when an environment keeps the version before; empty if that has no end, or is not known. */
    @NonNull
    public synchronized Optional<Instant> until(@NonNull String environment) {
        return kept.stream()
                .filter(k -> k.isIn(Set.of(environment)))
                .findFirst()
                .map(KeptVersion::getUntil);
    }

    /**
     * Records the end of a stage.
     *
     * @param place of the stage, where it is known; an acceptance has the place of its promotion
     */
    synchronized void ended(Optional<UnfinishedStage> place, StageOrder order, StageResult result) {
        List<String> live = result.environments().liveIds();
        if (!TELLING.contains(order.getStage()) || result.outcome() != RunOutcome.SUCCEEDED || live.isEmpty()) {
            return;
        }
        Optional<UnfinishedStage> promotion =
                kept.stream().filter(k -> k.isIn(live)).findFirst().map(KeptVersion::getPromotion);
        Optional<UnfinishedStage> known = order.isJudging() ? promotion.or(() -> place) : place.or(() -> promotion);
        boolean changed = kept.removeIf(k -> k.isIn(live));
        if (known.isPresent() && result.keptUntil().isPresent()) {
            kept.add(new KeptVersion(
                    known.get().ended(), live, result.keptUntil().get()));
            changed = true;
        }
        if (changed) {
            file.write(kept);
        }
    }

    /**
     * Removes an entry whose version was ended, or cannot be ended any more.
     *
     * @param next the time of the next version to end; empty if there is none
     */
    public synchronized void replace(@NonNull KeptVersion ended, @NonNull Optional<Instant> next) {
        // Another promotion may have come in between.
        if (kept.remove(ended)) {
            next.ifPresent(until -> kept.add(new KeptVersion(ended.getPromotion(), ended.getEnvironments(), until)));
            file.write(kept);
        }
    }

    private synchronized void rename(String oldJob, String newJob) {
        kept.replaceAll(k -> k.renamed(oldJob, newJob));
        file.write(kept);
    }

    private synchronized void forget(String job) {
        if (kept.removeIf(k -> k.getPromotion().getBuild().startsWith(job + "#")
                || k.getPromotion().getBuild().startsWith(job + "/"))) {
            file.write(kept);
        }
    }

    /** Follows the names of jobs, by which promotions are known. */
    @Extension
    public static final class Names extends ItemListener {
        /** Jenkins also calls this for every item in a folder. */
        @Override
        public void onLocationChanged(Item item, String oldFullName, String newFullName) {
            get().rename(oldFullName, newFullName);
        }

        /** Drops the entries of a deleted job: without it there are no credentials that could end anything. */
        @Override
        public void onDeleted(Item item) {
            get().forget(item.getFullName());
        }
    }
}
