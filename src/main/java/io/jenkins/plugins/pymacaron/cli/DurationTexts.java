package io.jenkins.plugins.pymacaron.cli;

import java.time.Duration;
import java.util.Locale;

/** Formats durations for people. */
final class DurationTexts {
    private DurationTexts() {}

    static String of(Duration duration) {
        double seconds = duration.toMillis() / 1000.0;
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        return duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
    }
}
