package io.jenkins.plugins.pymacaron.jenkins.lock;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The turn of a clean-up in environments, in all of them at once. It comes after the builds that hold one of them.
 * Builds that hold nothing yet come after it; others may hold what one of those waits for, and go on. It concerns one
 * {@link FolderTree}: an agent names the environments, and no team's agent may stop another team.
 */
public final class CleanupTurn {
    private final Set<String> keys;
    private final CompletableFuture<Void> come = new CompletableFuture<>();
    /** Guarded by the queue. */
    private boolean given;

    /** Makes a turn. @param keys of {@link FolderTree} */
    CleanupTurn(Collection<String> keys) {
        this.keys = Set.copyOf(keys);
    }

    boolean isAbout(String key) {
        return keys.stream().anyMatch(mine -> FolderTree.isSame(mine, key));
    }

    @NonNull
    Set<String> keys() {
        return keys;
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
