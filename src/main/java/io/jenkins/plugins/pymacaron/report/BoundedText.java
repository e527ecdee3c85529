package io.jenkins.plugins.pymacaron.report;

/**
 * Keeps the beginning and the end of a text that may be endless: a trace tells the place at one and the reason at the
 * other.
 */
final class BoundedText {
    private final int half;
    private final TextMask masking;
    private final StringBuilder head = new StringBuilder();
    private final StringBuilder tail = new StringBuilder();
    private long seen;

    BoundedText(int limit, TextMask masking) {
        this.masking = masking;
        half = Math.max(1, limit / 2) + masking.reach();
    }

    void append(char[] from, int start, int length) {
        seen += length;
        int first = Math.min(length, half - head.length());
        head.append(from, start, first);
        int rest = length - first;
        // Of one huge piece only the end can matter.
        int skip = Math.max(0, rest - half);
        tail.append(from, start + first + skip, rest - skip);
        if (tail.length() > 2 * half) {
            tail.delete(0, tail.length() - half);
        }
    }

    boolean isEmpty() {
        return seen == 0;
    }

    @Override
    public String toString() {
        if (tail.length() > half) {
            tail.delete(0, tail.length() - half);
        }
        long missing = seen - head.length() - tail.length();
        if (missing == 0) {
            return masking.mask().apply(head.toString() + tail);
        }
        // The text next to the cut may be a part of a secret, which no mask can know.
        String start = masking.mask().apply(head.toString());
        String end = masking.mask().apply(tail.toString());
        return start.substring(0, Math.max(0, start.length() - masking.reach()))
                + "\n… about " + HumanFormats.number(missing + 2L * masking.reach()) + " characters left out …\n"
                + end.substring(Math.min(end.length(), masking.reach()));
    }
}
