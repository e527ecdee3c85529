package io.jenkins.plugins.pymacaron.report;

import java.time.Duration;
import java.util.regex.Pattern;

/** Makes the texts of a test report harmless for terminals, XML and people. */
final class ReportSanitizer {
    /** A time of more than a year is nonsense, and would spoil every sum. */
    private static final double MAX_SECONDS = 365 * 86_400.0;

    /**
     * pytest writes ESC as {@code #x1B}, since XML 1.0 cannot contain it; the colours that follow are removed with it.
     */
    private static final Pattern COLOURS = Pattern.compile("(?:\u001b|#x1B)\\[[0-9;]{0,20}m");

    /** Control characters except tab and newline, and those that change the direction of writing. */
    private static final Pattern CONTROLS =
            Pattern.compile("[\\p{Cntrl}\u0080-\u009f\u202a-\u202e\u2066-\u2069\ufffe\uffff&&[^\t\n]]");

    private ReportSanitizer() {}

    /** Returns the text. Lines stay lines; control characters become the replacement character. */
    static String text(String hostile) {
        String lines = hostile.replace("\r\n", "\n").replace('\r', '\n');
        return CONTROLS.matcher(COLOURS.matcher(lines).replaceAll(""))
                .replaceAll("\ufffd")
                .stripTrailing();
    }

    /** Returns one line of at most so many characters. */
    static String line(String hostile, int limit) {
        // The text is cut before any pattern sees it, so that a huge value costs little.
        String beginning = hostile.length() > 4 * limit ? hostile.substring(0, 4 * limit) : hostile;
        String line = text(beginning).replaceAll("\\s+", " ").strip();
        return line.length() <= limit ? line : line.substring(0, whole(line, limit - 1)) + "…";
    }

    /**
     * Returns the time. NaN, negative, infinite and unreadable times count as none; thousands may be separated by
     * commas.
     */
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

    /** Returns where to cut without splitting a surrogate pair. */
    private static int whole(String text, int at) {
        return Character.isHighSurrogate(text.charAt(at - 1)) ? at - 1 : at;
    }
}
