package io.jenkins.plugins.pymacaron.targets;

import java.time.Duration;
import java.util.Optional;

/** Keeps the lease of one environment in the cloud, in a tag or an annotation. */
public interface LeaseStore {
    /** Returns the lease that is stored, even if it has ended. */
    Optional<Lease> read() throws TargetException, InterruptedException;

    /**
     * Writes the lease.
     *
     * @param before the lease that {@link #read} has returned; a store that can compares it
     * @param lease empty removes the stored lease
     * @return false when something else is stored by now
     */
    boolean write(Optional<Lease> before, Optional<Lease> lease) throws TargetException, InterruptedException;

    /**
     * Returns how long to wait after a write before looking whether it holds: longer than another writer may take from
     * reading to writing. Zero for a store that compares.
     */
    Duration settle();
}
