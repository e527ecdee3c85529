package io.jenkins.plugins.pymacaron.operation;

import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;

/**
 * Time, threads and chance, given from outside so that a test can own all three.
 *
 * @param turns runs decisions and journal writes: short tasks, which must not queue behind {@code calls}
 * @param calls runs what may block for long: effects, look-ups, readings; bounded
 * @param random numbers from 0 (inclusive) to 1 (exclusive), for jitter
 */
public record DriverRuntime(
        Scheduler scheduler, InstantSource clock, Executor turns, Executor calls, DoubleSupplier random) {
    public DriverRuntime {
        Objects.requireNonNull(scheduler);
        Objects.requireNonNull(clock);
        Objects.requireNonNull(turns);
        Objects.requireNonNull(calls);
        Objects.requireNonNull(random);
    }
}
