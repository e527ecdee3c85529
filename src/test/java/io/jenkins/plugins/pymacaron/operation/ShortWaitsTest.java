package io.jenkins.plugins.pymacaron.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ShortWaitsTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void aWaitIsShorterThanItsTimeAndTheClockShowsAllOfIt() throws Exception {
        try (ShortWaits waits = new ShortWaits("short", 1)) {
            DriverRuntime runtime = waits.clockwork();
            Instant begin = runtime.clock().instant();
            long real = System.nanoTime();
            CountDownLatch due = new CountDownLatch(1);

            runtime.scheduler().schedule(MINUTE, due::countDown);

            assertThat(due.await(10, TimeUnit.MINUTES)).isTrue();
            Duration passed = Duration.ofNanos(System.nanoTime() - real);
            Duration took = Duration.between(begin, runtime.clock().instant());
            assertThat(took).isGreaterThanOrEqualTo(MINUTE);
            assertThat(took.minus(passed)).isGreaterThan(MINUTE.dividedBy(2));
        }
    }

    @Test
    void aCallTakesItsRealTimeBesideAWait() throws Exception {
        try (ShortWaits waits = new ShortWaits("short", 1)) {
            DriverRuntime runtime = waits.clockwork();
            CountDownLatch over = new CountDownLatch(1);
            Duration[] took = new Duration[2];

            runtime.scheduler().schedule(Duration.ofHours(1), over::countDown);
            runtime.calls().execute(() -> {
                long real = System.nanoTime();
                Instant begin = runtime.clock().instant();
                for (int i = 0; i < 1000; i++) {
                    took[0] = Duration.between(begin, runtime.clock().instant());
                }
                took[1] = Duration.ofNanos(System.nanoTime() - real);
                over.countDown();
            });

            assertThat(over.await(10, TimeUnit.MINUTES)).isTrue();
            assertThat(took[0]).isLessThanOrEqualTo(took[1]).isPositive();
        }
    }

    /** A test that does something else is no wait. */
    @Test
    void withoutAWaitTheClockIsAsFastAsAnyOther() throws Exception {
        try (ShortWaits waits = new ShortWaits("short", 1)) {
            DriverRuntime runtime = waits.clockwork();
            runtime.scheduler().schedule(MINUTE, () -> {}).cancel();
            long real = System.nanoTime();
            Instant begin = runtime.clock().instant();
            Duration took = Duration.between(begin, runtime.clock().instant());

            assertThat(took).isLessThanOrEqualTo(Duration.ofNanos(System.nanoTime() - real));
        }
    }
}
