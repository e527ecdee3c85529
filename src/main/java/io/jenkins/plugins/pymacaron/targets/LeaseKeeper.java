package io.jenkins.plugins.pymacaron.targets;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Takes, renews and gives back a lease. The lease keeps out all that look for it, which are the deployments with this
 * plugin. Changes by other tools are noticed by the comparison just before live changes.
 *
 * <p>If the store cannot compare, two writers at the same time are told apart by a second look: the last writer has the
 * lease.
 */
public final class LeaseKeeper {
    /** Longer than any pause of a process that is alive; shorter than the time that others wait for a dead one. */
    public static final Duration LENGTH = Duration.ofMinutes(10);

    public static final Duration RENEW_EVERY = Duration.ofMinutes(3);

    /**
     * The time from one stage of a run to its next; each stage is a process. It is longer than the usual wait for an
     * executor. A run that waits for an approval loses the lease, so that an unanswered question keeps no other run
     * waiting.
     */
    public static final Duration REST = Duration.ofMinutes(15);

    /** Waits, in real or in virtual time. */
    @FunctionalInterface
    public interface Pause {
        void pause(Duration length) throws InterruptedException;
    }

    private final LeaseStore store;
    private final String owner;
    private final String environment;
    private final InstantSource clock;
    private final Pause pause;

    /** Makes the keeper of one lease. @param owner the same again for a run that is resumed */
    public LeaseKeeper(LeaseStore store, String owner, String environment, InstantSource clock, Pause pause) {
        this.store = store;
        this.owner = owner;
        this.environment = environment;
        this.clock = clock;
        this.pause = pause;
    }

    /**
     * Takes the lease.
     *
     * @throws TargetException with a line that names the owner of the lease and the time when it ends
     */
    public void take() throws TargetException, InterruptedException {
        Optional<Lease> before = store.read();
        Instant now = clock.instant();
        if (before.filter(lease -> lease.isOthers(owner, now)).isPresent()) {
            throw taken(before.get());
        }
        Lease mine = new Lease(owner, now.plus(LENGTH));
        boolean written = store.write(before, Optional.of(mine));
        // A run that finds a valid lease does not write. So no other run can be about to write over a valid one.
        boolean kept = before.filter(
                        lease -> lease.owner().equals(owner) && lease.until().isAfter(now))
                .isPresent();
        if (written && !kept && !store.settle().isZero()) {
            pause.pause(store.settle());
        }
        check();
    }

    /** Checks that the lease is still held. @throws TargetException when another run has it by now */
    public void check() throws TargetException, InterruptedException {
        Optional<Lease> found = store.read();
        if (found.filter(lease -> lease.owner().equals(owner)).isEmpty()) {
            throw found.filter(lease -> lease.isOthers(owner, clock.instant()))
                    .map(this::taken)
                    .orElseGet(() -> new TargetException(
                            "the lease of " + environment + " was lost: another user removed it. Deploy again"));
        }
    }

    /**
     * Renews our own lease, as {@link #take} does; also where the note is gone or has ended.
     *
     * @throws LeaseLostException when another run has taken it
     */
    public void renew() throws TargetException, InterruptedException {
        Optional<Lease> before = store.read();
        Instant now = clock.instant();
        Optional<Lease> other = before.filter(
                lease -> !lease.owner().equals(owner) && lease.until().isAfter(now));
        if (other.isPresent()) {
            throw lost(other.get());
        }
        if (!store.write(before, Optional.of(new Lease(owner, now.plus(LENGTH))))) {
            Optional<Lease> there = store.read().filter(lease -> !lease.owner().equals(owner));
            if (there.isPresent()) {
                throw lost(there.get());
            }
        }
    }

    private LeaseLostException lost(Lease other) {
        return new LeaseLostException(
                "the lease of " + environment + " was lost to " + other.owner() + ", which deploys there now");
    }

    /** Leaves the lease to the next process of the same run. */
    public void rest() throws TargetException, InterruptedException {
        Optional<Lease> before = store.read();
        if (before.filter(lease -> lease.owner().equals(owner)).isPresent()) {
            store.write(before, Optional.of(new Lease(owner, clock.instant().plus(REST), true)));
        }
    }

    /** Gives back our own lease; leaves the lease of another run alone. */
    public void giveBack() throws TargetException, InterruptedException {
        Optional<Lease> before = store.read();
        if (before.filter(lease -> lease.owner().equals(owner)).isPresent()) {
            store.write(before, Optional.empty());
        }
    }

    private TargetException taken(Lease lease) {
        return new TargetException(lease.owner() + " deploys to " + environment
                + (lease.resting() ? ", and is between two stages" : " right now") + "; its lease ends at "
                + lease.until() + " unless it continues. Wait for it, or deploy again after that");
    }
}
