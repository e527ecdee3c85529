package io.jenkins.plugins.pymacaron.jenkins.reconcile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.File;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Where a clean-up is written down that has to be made, and what came of it. */
interface CleanupTask {
    /** @return when it is its turn: true, and then no build begins there until {@link #end}; or false, not this time */
    CompletableFuture<Boolean> begin();

    /** After {@link #begin} was true, whatever came of it. */
    void end();

    /** @param next when there is more to be ended, if there is */
    void done(Optional<Instant> next, File log);

    void away(String agent);

    /** @param fault one that has no better explanation than itself; null for one that is explained */
    void failed(String line, @CheckForNull Throwable fault);

    /** Nobody can do it any more. */
    void gone(String why);
}
