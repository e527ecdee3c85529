package io.jenkins.plugins.pymacaron.operation;

import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;

/**
 * The time, threads and random numbers of a driver, given from outside so that a test can control all three.
 *
 * @param turns runs decisions and journal writes: short tasks, which must not queue behind {@code calls}
 * @param calls runs tasks that may block for long: effects, look-ups, reads; bounded
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
