package io.jenkins.plugins.pymacaron.pipeline.lock;

import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunProgress;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun.Place;
import io.jenkins.plugins.pymacaron.pipeline.state.PymDirectory;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.Target;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Allows one deployment at a time for each environment, also from two checkouts of the same service. Locks are taken in
 * the order of their identities, so that two runs never wait for each other.
 */
public final class EnvironmentLocks implements AutoCloseable {
    /** The time for which a run waits while the waiting line does not move. */
    public static final Duration WITHIN = Duration.ofHours(1);

    private final List<FairLock> locks = new ArrayList<>();
    private final String owner;
    private final RunLeases leases;

    private EnvironmentLocks(String owner, RunLeases leases) {
        this.owner = owner;
        this.leases = leases;
    }

    /** Returns the name of the run that has them. */
    public String owner() {
        return owner;
    }

    /**
     * Calls {@code action} with the reason as soon as another run has the lease of that environment; it replaces the
     * action before.
     */
    void whenLost(String environment, Consumer<String> action) {
        leases.whenLost(environment, action);
    }

    /** Returns locks that consist of leases alone, which are taken already. */
    public static EnvironmentLocks of(String owner, RunLeases leases) {
        return new EnvironmentLocks(owner, leases);
    }

    /** Takes the locks. @param owner see {@link PymDirectory#owner} */
    public static EnvironmentLocks take(
            PreparedRun prepared, String owner, Map<String, String> inherited, RunProgress progress)
            throws IOException, InterruptedException, StageFailedException {
        return take(prepared, owner, inherited, progress, WITHIN);
    }

    /** Takes the locks as the other method does. @param within see {@link FairLock#take} */
    public static EnvironmentLocks take(
            PreparedRun prepared, String owner, Map<String, String> inherited, RunProgress progress, Duration within)
            throws IOException, InterruptedException, StageFailedException {
        TreeMap<String, Environment> places = new TreeMap<>();
        Stream.concat(prepared.staging().stream(), prepared.live().stream())
                .map(Place::environment)
                .forEach(environment -> places.put(environment.id().text(), environment));
        Path directory = Files.createDirectories(state(inherited).resolve("locks"));
        EnvironmentLocks taken = new EnvironmentLocks(owner, new RunLeases(owner, progress));
        boolean all = false;
        try {
            for (Environment environment : places.values()) {
                String me = "the deployment to " + environment.name() + " by process "
                        + ProcessHandle.current().pid();
                taken.locks.add(FairLock.take(directory.resolve(environment.id().hash()), me, within, progress));
            }
            taken.leases.take(prepared);
            all = true;
            return taken;
        } finally {
            if (!all) {
                taken.close();
            }
        }
    }

    /** Returns {@link RunLeases#holds}. */
    public boolean holds(Target target) {
        return leases.holds(target.environment());
    }

    /** Checks, before each change, whether this run is still the one that deploys there. */
    public void check(Target target) throws TargetException, InterruptedException {
        leases.check(target.environment());
    }

    /**
     * Leaves the leases to another process of this run: only processes on this machine may be next.
     *
     * @return the leases that are left to it, a line each
     */
    public List<String> rest() {
        leases.rest();
        return leases.environments().stream()
                .map(name -> "the lease of " + name)
                .toList();
    }

    /** Returns the directory of a user's state (XDG Base Directory Specification). */
    private static Path state(Map<String, String> inherited) {
        String home = inherited.getOrDefault("HOME", System.getProperty("user.home"));
        String state = inherited.getOrDefault("XDG_STATE_HOME", "");
        return (state.startsWith("/") ? Path.of(state) : Path.of(home, ".local", "state")).resolve("pymacaron");
    }

    @Override
    public void close() throws IOException {
        leases.close();
        for (FairLock lock : locks) {
            lock.close();
        }
    }
}
