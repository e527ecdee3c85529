package io.jenkins.plugins.pymacaron.jenkins.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.pymacaron.targets.EnvironmentNames;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What stays warm in live until a time that the configuration says, and is to be ended then: where the promotion ran, so
 * that it can be ended there without a build. Stored by XStream; immutable.
 */
public final class KeptVersion {
    private final UnfinishedStage promotion;
    private final ArrayList<String> environments;
    /** Milliseconds since the epoch. */
    private final long until;

    KeptVersion(UnfinishedStage promotion, Collection<String> environments, Instant until) {
        this.promotion = promotion;
        this.environments = new ArrayList<>(environments);
        this.until = until.toEpochMilli();
    }

    /** The stage that made something else live, for its place. */
    @NonNull
    public UnfinishedStage getPromotion() {
        return promotion;
    }

    /** Those of live that it is about. */
    @NonNull
    public List<String> getEnvironments() {
        return List.copyOf(environments);
    }

    @NonNull
    public Instant getUntil() {
        return Instant.ofEpochMilli(until);
    }

    boolean isIn(Collection<String> others) {
        return !Collections.disjoint(environments, others);
    }

    KeptVersion renamed(String oldJob, String newJob) {
        return new KeptVersion(promotion.renamed(oldJob, newJob), environments, getUntil());
    }

    @Override
    public String toString() {
        return "the version before in "
                + environments.stream().map(EnvironmentNames::shown).collect(Collectors.joining(", "));
    }
}
