package io.jenkins.plugins.pymacaron.jenkins.step;

import hudson.model.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/**
 * A point at which a stage stands still until the test lets it go on: in a test of the service, or in a call of docker.
 */
public final class Gate {
    private static final Duration PATIENCE = Duration.ofMinutes(20);

    private final Path path;

    public Gate(Path directory) {
        this(directory, "gate");
    }

    /** Makes one of several gates. */
    public Gate(Path directory, String name) {
        path = directory.resolve(name);
    }

    /** Returns variables for the environment of the stage. @param at stages as the service's gate.py knows them */
    public List<String> variables(String at) {
        return List.of("E2E_GATE=" + path, "E2E_WAIT_AT=" + at);
    }

    public Gate await() throws Exception {
        until("the gate was never reached", () -> Files.exists(Path.of(path + ".reached")));
        return this;
    }

    /** Waits as {@link #await} does, but fails with the message of a build that has ended instead. */
    public void awaitUnlessEnded(Run<?, ?> run) throws Exception {
        until("the gate was never reached", () -> Files.exists(Path.of(path + ".reached")) || !run.isBuilding());
        if (!Files.exists(Path.of(path + ".reached"))) {
            throw new AssertionError(String.join("\n", run.getLog(1000)));
        }
    }

    public void open() throws Exception {
        Files.writeString(Path.of(path + ".open"), "");
    }

    public static void until(String otherwise, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(otherwise);
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }
}
