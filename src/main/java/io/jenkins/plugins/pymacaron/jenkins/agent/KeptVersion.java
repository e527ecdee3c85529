package io.jenkins.plugins.pymacaron.jenkins.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.pymacaron.pipeline.contract.EnvironmentNames;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A version that stays warm in live until a time in the configuration, and is to be ended then, on the agent on which
 * the promotion ran, without a build. Stored by XStream; immutable.
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

    /** Returns the stage that promoted the next version, for its place. */
    @NonNull
    public UnfinishedStage getPromotion() {
        return promotion;
    }

    /** Returns the environments of live that it concerns. */
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
