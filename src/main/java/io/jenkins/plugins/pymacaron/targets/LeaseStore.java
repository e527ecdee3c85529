package io.jenkins.plugins.pymacaron.targets;

import java.time.Duration;
import java.util.Optional;

/** Where the lease of one environment is kept in the cloud: a tag, an annotation. */
public interface LeaseStore {
    /** What stands there, also if it is over. */
    Optional<Lease> read() throws TargetException, InterruptedException;

    /**
     * Writes.
     *
     * @param before what {@link #read} has said; a store that can compares it
     * @param lease empty removes what is there
     * @return false when something else stands there by now
     */
    boolean write(Optional<Lease> before, Optional<Lease> lease) throws TargetException, InterruptedException;

    /**
     * How long after writing to look whether it still stands there: longer than another one may take from reading to
     * writing. Zero for a store that compares.
     */
    Duration settle();
}
