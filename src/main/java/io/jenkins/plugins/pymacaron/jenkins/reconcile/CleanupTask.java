package io.jenkins.plugins.pymacaron.jenkins.reconcile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.File;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The record of a necessary clean-up, and of its result. */
interface CleanupTask {
    /**
     * Begins the clean-up.
     *
     * @return when it is its turn: true, and then no build begins there until {@link #end}; or false, not this time
     */
    CompletableFuture<Boolean> begin();

    /** Ends the clean-up after {@link #begin} was true, with any result. */
    void end();

    /** Records success. @param next when there is more to be ended, if there is */
    void done(Optional<Instant> next, File log);

    void away(String agent);

    /**
     * Records a failure.
     *
     * @param fault one that has no better explanation than itself; null for one that is explained
     */
    void failed(String line, @CheckForNull Throwable fault);

    /** Records that the clean-up is not possible any more. */
    void gone(String why);
}
