package io.jenkins.plugins.pymacaron.accept;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.report.ServiceGap;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20 * 60)
class GapMeterTest {
    private static final long MS = 1_000_000;
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration EVERY = Duration.ofMillis(20);

    private static RawServer version(int port, AtomicReference<String> version) {
        return new RawServer(ServerSocketFactory.getDefault(), port, (connection, out) -> {
            RawServer.request(connection);
            out.write(RawServer.ok("{\"version\": \"" + version.get() + "\"}").getBytes(US_ASCII));
        });
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofMinutes(10).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void seesNoGapWhereThereIsNone() throws Exception {
        AtomicReference<String> version = new AtomicReference<>("1");
        try (RawServer server = version(0, version);
                GapMeter meter = GapMeter.start(server.base(), ProbeRequest.plain(LONG, true), EVERY)) {
            await(() -> server.connections.get() > 10);
            version.set("2");
            await(() -> meter.versions().size() > 1);
            ServiceGap gap = meter.stop();
            assertThat(gap.failures()).isZero();
            assertThat(gap.longest()).isZero();
            assertThat(gap.probes()).isGreaterThan(10);
            assertThat(meter.versions()).extracting(GapMeter.Seen::version).containsExactly("1", "2");
            assertThat(meter.versions().get(0).first())
                    .isBefore(meter.versions().get(1).last());
        }
    }

    @Test
    void measuresTheTimeWithoutAServer() throws Exception {
        AtomicReference<String> version = new AtomicReference<>("1");
        RawServer before = version(0, version);
        long began = System.nanoTime();
        try (GapMeter meter = GapMeter.start(before.base(), ProbeRequest.plain(LONG, true), EVERY)) {
            await(() -> before.connections.get() > 5);
            before.close();
            long closed = System.nanoTime();
            await(() -> System.nanoTime() - closed > 500 * MS);
            try (RawServer after = version(before.port(), version)) {
                await(() -> after.connections.get() > 5);
                ServiceGap gap = meter.stop();
                assertThat(gap.failures()).isPositive();
                assertThat(gap.longest())
                        .isBetween(Duration.ofMillis(290), Duration.ofNanos(System.nanoTime() - began));
            }
        }
    }

    @Test
    void countsErrorsAsFailures() throws Exception {
        try (RawServer server = RawServer.saying("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
                GapMeter meter = GapMeter.start(server.base(), ProbeRequest.plain(LONG, true), EVERY)) {
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
