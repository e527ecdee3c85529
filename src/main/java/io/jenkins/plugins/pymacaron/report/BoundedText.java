package io.jenkins.plugins.pymacaron.report;

/** Keeps the beginning and the end of a text that may be endless: a trace says what at one and why at the other. */
final class BoundedText {
    private final int half;
    private final StringBuilder head = new StringBuilder();
    private final StringBuilder tail = new StringBuilder();
    private long seen;

    BoundedText(int limit) {
        half = Math.max(1, limit / 2);
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

    void append(String text) {
        append(text.toCharArray(), 0, text.length());
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
        return missing == 0 ? head.toString() + tail : head + "\n… " + missing + " characters left out …\n" + tail;
    }

    static String cut(String text, int limit) {
        if (text.length() <= limit) {
            return text;
        }
        BoundedText bounded = new BoundedText(limit);
        bounded.append(text);
        return bounded.toString();
    }
}
