package io.jenkins.plugins.pymacaron.accept;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.report.ServiceGap;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20 * 60)
class GapMeterTest {
    private static final long MS = 1_000_000;
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration EVERY = Duration.ofMillis(20);

    /** A process that stands still asks for all of that time at once, and the number of requests is limited. */
    private static final Duration SELDOM = Duration.ofMillis(100);

    private static RawServer version(AtomicReference<String> version) {
        return new RawServer((connection, out) -> {
            RawServer.request(connection);
            out.write(RawServer.ok("{\"version\": \"" + version.get() + "\"}").getBytes(US_ASCII));
        });
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofMinutes(10).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(MS);
        }
    }

    @Test
    void seesNoGapWhereThereIsNone() throws Exception {
        AtomicReference<String> version = new AtomicReference<>("1");
        try (RawServer server = version(version);
                GapMeter meter = GapMeter.startWith(server.base(), ProbeRequest.plain(LONG, true), SELDOM)) {
            await(() -> server.connections.get() > 3 && !meter.versions().isEmpty());
            version.set("2");
            await(() -> meter.versions().size() > 1);
            ServiceGap gap = meter.stop();
            assertThat(gap.failures()).isZero();
            assertThat(gap.longest()).isZero();
            assertThat(gap.probes()).isGreaterThan(3);
            assertThat(meter.versions()).extracting(GapMeter.Seen::version).containsExactly("1", "2");
            assertThat(meter.versions().get(0).first())
                    .isBefore(meter.versions().get(1).last());
        }
    }

    @Test
    void measuresTheTimeWithoutAnAnswer() throws Exception {
        AtomicInteger answers = new AtomicInteger();
        AtomicInteger failures = new AtomicInteger();
        long began = System.nanoTime();
        try (RawServer server = new RawServer((connection, out) -> {
                    RawServer.request(connection);
                    if (answers.get() == 0 || failures.get() >= 20) {
                        out.write(RawServer.ok("{}").getBytes(US_ASCII));
                        answers.incrementAndGet();
                    } else {
                        failures.incrementAndGet();
                    }
                });
                GapMeter meter = GapMeter.startWith(server.base(), ProbeRequest.plain(LONG, true), EVERY)) {
            await(() -> failures.get() >= 20);
            int before = answers.get();
            await(() -> answers.get() > before);
            ServiceGap gap = meter.stop();
            assertThat(gap.failures()).isGreaterThanOrEqualTo(20);
            assertThat(gap.longest()).isBetween(Duration.ofNanos(1), Duration.ofNanos(System.nanoTime() - began));
        }
    }

    @Test
    void countsErrorsAsFailures() throws Exception {
        try (RawServer server = RawServer.saying("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
                GapMeter meter = GapMeter.startWith(server.base(), ProbeRequest.plain(LONG, true), EVERY)) {
            await(() -> server.connections.get() > 3);
            ServiceGap gap = meter.stop();
            assertThat(gap.failures()).isEqualTo(gap.probes()).isPositive();
            assertThat(gap.longest()).isPositive();
        }
    }

    @Test
    void aGapLastsFromTheLastGoodRequestToTheNextOne() {
        LongestGap gaps = new LongestGap();
        gaps.add(0, true);
        gaps.add(20 * MS, true);
        // Known to have failed only after the next two were answered.
        gaps.add(80 * MS, true);
        gaps.add(100 * MS, true);
        gaps.add(40 * MS, false);
        gaps.add(60 * MS, false);
        assertThat(gaps.seen(200 * MS)).isEqualTo(new ServiceGap(6, 2, Duration.ofMillis(60)));
    }

    @Test
    void aGapThatHasNotEndedLastsUntilNow() {
        LongestGap gaps = new LongestGap();
        assertThat(gaps.seen(5 * MS)).isEqualTo(new ServiceGap(0, 0, Duration.ZERO));
        gaps.add(0, false);
        gaps.add(20 * MS, true);
        gaps.add(40 * MS, false);
        assertThat(gaps.seen(100 * MS)).isEqualTo(new ServiceGap(3, 2, Duration.ofMillis(80)));
    }
}
