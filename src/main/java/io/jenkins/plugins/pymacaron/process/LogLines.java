package io.jenkins.plugins.pymacaron.process;

import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Cuts a stream of characters, in chunks of any size, into masked lines of bounded length that are safe to show:
 * without escape sequences and other control characters, by which a hostile program could rewrite a terminal or forge
 * Jenkins' console notes. A carriage return ends a line too, as in progress bars.
 *
 * <p>Not thread safe.
 */
public final class LogLines {
    /** The most characters of a line that are shown. */
    public static final int LONGEST = 8192;

    private static final Pattern ESCAPE_SEQUENCES = Pattern.compile(
            "\u001b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\u0007\u001b]*(?:\u0007|\u001b\\\\)?|[ -/]*[0-~])|\u009b[0-?]*[ -/]*[@-~]");
    /** Control characters except the tab, and those that change the direction of writing. */
    private static final Pattern CONTROLS =
            Pattern.compile("[\\p{Cntrl}\u0080-\u009f\u202a-\u202e\u2066-\u2069&&[^\t]]");

    private final SecretMask mask;
    private final Consumer<String> sink;
    private final StringBuilder line = new StringBuilder();
    /** Characters of this line that were not kept. */
    private long dropped;

    private boolean afterReturn;

    public LogLines(SecretMask mask, Consumer<String> sink) {
        this.mask = mask;
        this.sink = sink;
    }

    /** Returns a text without escape sequences and control characters. */
    public static String tame(String text) {
        return isTame(text)
                ? text
                : CONTROLS.matcher(ESCAPE_SEQUENCES.matcher(text).replaceAll(""))
                        .replaceAll("");
    }

    /** Returns whether the line has none; most lines have none, and need no search for sequences. */
    private static boolean isTame(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean plain = c >= ' ' && c < '\u007f' || c > '\u009f' && (c < '\u202a' || c > '\u2069') || c == '\t';
            if (!plain) {
                return false;
            }
        }
        return true;
    }

    public void add(CharSequence chunk) {
        char[] all = chunk.toString().toCharArray();
        add(all, 0, all.length);
    }

    void add(char[] chunk, int from, int to) {
        int start = from;
        for (int i = from; i < to; i++) {
            char c = chunk[i];
            if (c == '\n' || c == '\r') {
                keep(chunk, start, i);
                if (c == '\r' || i > start || !afterReturn) {
                    end();
                }
                start = i + 1;
                afterReturn = c == '\r';
            }
        }
        if (start < to) {
            keep(chunk, start, to);
            afterReturn = false;
        }
    }

    private void keep(char[] chunk, int from, int to) {
        int kept = Math.min(to - from, 2 * (LONGEST + mask.reach()) - line.length());
        line.append(chunk, from, kept);
        dropped += to - from - kept;
    }

    /** Shows the characters after the last end of a line. */
    public void close() {
        if (line.length() > 0) {
            end();
        }
    }

    private void end() {
        String tamed = tame(line.toString());
        // The dropped part may be the rest of a secret, so its beginning is not shown either.
        int sure = dropped == 0 ? tamed.length() : Math.max(0, tamed.length() - mask.reach());
        int limit = Math.min(LONGEST, sure);
        long more = tamed.length() - limit + dropped;
        String shown = mask.masked(tamed, limit);
        line.setLength(0);
        dropped = 0;
        sink.accept(more == 0 ? shown : shown + " … (" + more + " more characters)");
    }
}
