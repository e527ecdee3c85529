package io.jenkins.plugins.pymacaron.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.pipeline.state.PymDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The newest run is the one whose id is the greatest, in each time zone, and when a clock is set back. */
class FreshIdTest {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS");

    private final TimeZone usual = TimeZone.getDefault();

    @TempDir
    Path project;

    @AfterEach
    void goHome() {
        TimeZone.setDefault(usual);
    }

    private static Instant time(String id) {
        return LocalDateTime.parse(id, TIME).toInstant(ZoneOffset.UTC);
    }

    @Test
    void isInUtc() throws Exception {
        PymDirectory directory = PymDirectory.of(project);
        for (String zone : new String[] {"America/New_York", "Asia/Kathmandu", "UTC", "Pacific/Kiritimati"}) {
            TimeZone.setDefault(TimeZone.getTimeZone(zone));
            Instant before = Instant.now().minusMillis(1);
            assertThat(time(directory.freshId())).as(zone).isBetween(before, Instant.now());
        }
    }

    /** This happens after a clock was set back, or where an earlier version has written local time. */
    @Test
    void isGreaterThanThatOfEveryRunThatIsKept() throws Exception {
        PymDirectory directory = PymDirectory.of(project);
        Instant ahead = Instant.now().plus(Duration.ofHours(5));
        String kept = TIME.withZone(ZoneOffset.UTC).format(ahead);
        Files.createDirectories(directory.run(kept));

        String next = directory.freshId();

        assertThat(next).isGreaterThan(kept);
        directory.run(next);
        assertThat(directory.runs()).containsExactly(next, kept);
    }
}
