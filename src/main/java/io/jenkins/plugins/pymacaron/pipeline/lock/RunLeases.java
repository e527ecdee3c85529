package io.jenkins.plugins.pymacaron.pipeline.lock;

import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunProgress;
import io.jenkins.plugins.pymacaron.pipeline.progress.Uninterruptibles;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun.Place;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.targets.LeaseKeeper;
import io.jenkins.plugins.pymacaron.targets.LeaseLostException;
import io.jenkins.plugins.pymacaron.targets.Target;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Keeps runs on other machines out of the environments of a run, from its first change to its end. */
public final class RunLeases implements AutoCloseable {
    private final String owner;
    private final RunProgress progress;
    private final InstantSource clock;
    private final Map<String, LeaseKeeper> keepers = new ConcurrentSkipListMap<>();
    private final Map<String, Instant> renewed = new ConcurrentHashMap<>();
    private final Map<String, String> lost = new ConcurrentHashMap<>();
    private final Map<String, Consumer<String>> actions = new ConcurrentHashMap<>();
    private ScheduledExecutorService timer;
    private boolean resting;

    public RunLeases(String owner, RunProgress progress) {
        this(owner, progress, Clock.systemUTC());
    }

    public RunLeases(String owner, RunProgress progress, InstantSource clock) {
        this.owner = owner;
        this.progress = progress;
        this.clock = clock;
    }

    /** Takes the leases in the order of their names, so that two runs do not block each other. */
    void take(PreparedRun prepared) throws StageFailedException, InterruptedException {
        Map<String, Target> targets = new TreeMap<>();
        Stream.concat(prepared.staging().stream(), prepared.live().stream())
                .map(Place::target)
                .filter(target -> target.leases().isPresent())
                .forEach(target -> targets.put(target.environment(), target));
        for (Target target : targets.values()) {
            LeaseKeeper keeper = new LeaseKeeper(
                    target.leases().get(),
                    owner,
                    target.environment(),
                    clock,
                    length -> TimeUnit.NANOSECONDS.sleep(length.toNanos()));
            try {
                keeper.take();
            } catch (TargetException e) {
                throw new StageFailedException(RunOutcome.CONFIG_INVALID, e.getMessage(), e);
            }
            keepers.put(target.environment(), keeper);
            renewed.put(target.environment(), clock.instant());
        }
        if (!keepers.isEmpty()) {
            timer = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "pymacaron lease");
                thread.setDaemon(true);
                return thread;
            });
            long seconds = LeaseKeeper.RENEW_EVERY.toSeconds();
            timer.scheduleWithFixedDelay(this::renew, seconds, seconds, TimeUnit.SECONDS);
        }
    }

    /**
     * Calls {@code action} with the reason as soon as another run has the lease of that environment; it replaces the
     * action before.
     */
    void whenLost(String environment, Consumer<String> action) {
        actions.put(environment, action);
        Optional.ofNullable(lost.get(environment)).ifPresent(action);
    }

    /**
     * Returns whether the lease is still held, before each effect: a process that was stopped, or whose machine slept,
     * asks before it goes on.
     *
     * @return whether the lease is not another run's, as far as is known
     */
    boolean holds(String environment) {
        Instant last = renewed.get(environment);
        if (last != null && clock.instant().isAfter(last.plus(LeaseKeeper.LENGTH))) {
            renew();
        }
        return !lost.containsKey(environment);
    }

    private void lost(String environment, String why) {
        lost.put(environment, why);
        Optional.ofNullable(actions.get(environment)).ifPresent(action -> action.accept(why));
    }

    /** Renews each lease; the failure of one does not stop the others. */
    synchronized void renew() {
        for (Map.Entry<String, LeaseKeeper> kept : keepers.entrySet()) {
            try {
                kept.getValue().renew();
                renewed.put(kept.getKey(), clock.instant());
            } catch (LeaseLostException e) {
                if (lost.get(kept.getKey()) == null) {
                    progress.warning(e.getMessage());
                }
                lost(kept.getKey(), e.getMessage());
            } catch (TargetException e) {
                progress.warning("the lease of " + kept.getKey() + " was not renewed: " + e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    void check(String environment) throws TargetException, InterruptedException {
        LeaseKeeper keeper = keepers.get(environment);
        if (keeper != null) {
            keeper.check();
        }
    }

    /** Returns the environments of which there is a lease. */
    List<String> environments() {
        return List.copyOf(keepers.keySet());
    }

    /** Makes {@link #close} leave the leases to the next stage of the same run. */
    void rest() {
        resting = true;
    }

    /** Gives the leases back; one that cannot be given back ends by itself. */
    @Override
    public void close() {
        if (timer != null) {
            timer.shutdownNow();
        }
        for (Map.Entry<String, LeaseKeeper> kept : keepers.entrySet()) {
            try {
                Uninterruptibles.finish(() -> {
                    giveBack(kept.getKey(), kept.getValue());
                    return null;
                });
            } catch (StageFailedException | IOException e) {
                notGivenBack(kept.getKey(), e);
            }
        }
        keepers.clear();
    }

    private void giveBack(String environment, LeaseKeeper keeper) throws InterruptedException {
        try {
            if (resting) {
                keeper.rest();
            } else {
                keeper.giveBack();
            }
        } catch (TargetException e) {
            notGivenBack(environment, e);
        }
    }

    private void notGivenBack(String environment, Exception e) {
        progress.warning("the lease of " + environment + " was not given back, and ends by itself: " + e.getMessage());
    }
}
