package io.jenkins.plugins.pymacaron.pipeline;

import io.jenkins.plugins.pymacaron.pipeline.Prepared.Place;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.target.LeaseKeeper;
import io.jenkins.plugins.pymacaron.target.Target;
import io.jenkins.plugins.pymacaron.target.TargetException;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Keeps those who deploy from other machines out of the environments of a run, from its first change to its end. */
final class Leases implements AutoCloseable {
    private final String owner;
    private final Progress progress;
    private final Map<String, LeaseKeeper> keepers = new TreeMap<>();
    private ScheduledExecutorService timer;
    private boolean resting;

    Leases(String owner, Progress progress) {
        this.owner = owner;
        this.progress = progress;
    }

    /** In the order of their names, so that two runs do not take each other's last one. */
    void take(Prepared prepared) throws StageFailedException, InterruptedException {
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
                    Clock.systemUTC(),
                    length -> TimeUnit.NANOSECONDS.sleep(length.toNanos()));
            try {
                keeper.take();
            } catch (TargetException e) {
                throw new StageFailedException(RunOutcome.CONFIG_INVALID, e.getMessage(), e);
            }
            keepers.put(target.environment(), keeper);
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

    private void renew() {
        for (Map.Entry<String, LeaseKeeper> kept : keepers.entrySet()) {
            try {
                kept.getValue().renew();
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

    /** The environments that there is a lease of. */
    List<String> environments() {
        return List.copyOf(keepers.keySet());
    }

    /** Has {@link #close} leave them to the next stage of the same run. */
    void rest() {
        resting = true;
    }

    /** What cannot be given back ends by itself. */
    @Override
    public void close() {
        if (timer != null) {
            timer.shutdownNow();
        }
        for (Map.Entry<String, LeaseKeeper> kept : keepers.entrySet()) {
            try {
                Undisturbed.back(() -> {
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
