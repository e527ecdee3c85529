package io.jenkins.plugins.pymacaron.report;

import java.time.Duration;
import java.util.regex.Pattern;

/** Makes what a test report says harmless for terminals, XML and people. */
final class ReportSanitizer {
    /** Beyond a year a time is nonsense, and would spoil every sum. */
    private static final double MAX_SECONDS = 365 * 86_400.0;

    /** pytest writes ESC as {@code #x1B}, since XML 1.0 cannot hold it; with it go the colours it began. */
    private static final Pattern COLOURS = Pattern.compile("(?:\u001b|#x1B)\\[[0-9;]{0,20}m");

    /** Controls but tab and newline, and what turns the writing direction round. */
    private static final Pattern CONTROLS =
            Pattern.compile("[\\p{Cntrl}\u0080-\u009f\u202a-\u202e\u2066-\u2069\ufffe\uffff&&[^\t\n]]");

    private ReportSanitizer() {}

    /** Lines stay lines; control characters become the replacement character. */
    static String text(String hostile) {
        String lines = hostile.replace("\r\n", "\n").replace('\r', '\n');
        return CONTROLS.matcher(COLOURS.matcher(lines).replaceAll(""))
                .replaceAll("\ufffd")
                .stripTrailing();
    }

    /** As one line of at most so many characters. */
    static String line(String hostile, int limit) {
        // Cut before any pattern sees it, so that a huge value costs little.
        String beginning = hostile.length() > 4 * limit ? hostile.substring(0, 4 * limit) : hostile;
        String line = text(beginning).replaceAll("\\s+", " ").strip();
        return line.length() <= limit ? line : line.substring(0, whole(line, limit - 1)) + "…";
    }

    /** NaN, negative, infinite and unreadable times count as none; thousands may be apart by commas. */
    static Duration seconds(String hostile) {
        if (hostile.isEmpty() || hostile.length() > 40) {
            return Duration.ZERO;
        }
        try {
            double seconds = Double.parseDouble(hostile.replace(",", ""));
            boolean sane = seconds > 0 && seconds <= MAX_SECONDS;
            return sane ? Duration.ofNanos(Math.round(seconds * 1e6) * 1000) : Duration.ZERO;
        } catch (NumberFormatException e) {
            return Duration.ZERO;
        }
    }

    /** Where to cut without halving a surrogate pair. */
    private static int whole(String text, int at) {
        return Character.isHighSurrogate(text.charAt(at - 1)) ? at - 1 : at;
    }
}
