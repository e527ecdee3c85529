package io.jenkins.plugins.pymacaron.report;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Formats numbers and times for people, the same everywhere in reports and logs. */
public final class HumanFormats {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private HumanFormats() {}

    /** Returns {@code 7 ms}, {@code 1.24 s}, {@code 12.4 s}, {@code 3 min 05 s}, {@code 2 h 07 min}. */
    public static String duration(Duration d) {
        long ms = Math.max(0, d.toMillis());
        if (ms < 1000) {
            return ms + " ms";
        }
        if (ms < 9_995) {
            return String.format(Locale.ROOT, "%.2f s", ms / 1000.0);
        }
        if (ms < 59_950) {
            return String.format(Locale.ROOT, "%.1f s", ms / 1000.0);
        }
        long s = (ms + 500) / 1000;
        return s < 3600
                ? String.format(Locale.ROOT, "%d min %02d s", s / 60, s % 60)
                : String.format(Locale.ROOT, "%d h %02d min", s / 3600, s % 3600 / 60);
    }

    /** Returns the time in UTC, to the second. */
    public static String time(Instant at) {
        return TIME.format(at);
    }

    /** Returns the number with separated thousands: {@code 10,000}. */
    public static String number(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }
}
