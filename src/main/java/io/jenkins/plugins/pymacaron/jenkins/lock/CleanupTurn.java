package io.jenkins.plugins.pymacaron.jenkins.lock;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.pymacaron.pipeline.contract.EnvironmentNames;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The turn of a clean-up in environments, in all of them at once. It comes after the builds that hold one of them.
 * Builds that hold nothing yet come after it; others may hold what one of those waits for, and go on.
 */
public final class CleanupTurn {
    private final Set<String> environments;
    private final CompletableFuture<Void> come = new CompletableFuture<>();
    /** Guarded by the queue. */
    private boolean given;

    CleanupTurn(Collection<String> environments) {
        this.environments = Set.copyOf(environments);
    }

    boolean isAbout(String environment) {
        return environments.stream().anyMatch(mine -> EnvironmentNames.isSame(mine, environment));
    }

    @NonNull
    Set<String> environments() {
        return environments;
    }

    boolean isGiven() {
        return given;
    }

    void give() {
        given = true;
    }

    /** Returns a future that completes, in a thread of a pool, when no build holds any of them. */
    @NonNull
    public CompletableFuture<Void> come() {
        return come;
    }
}
