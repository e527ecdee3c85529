package io.jenkins.plugins.pymacaron.process;

import java.util.ArrayDeque;
import java.util.Deque;

/** The last lines of a log, for error messages. */
final class LogTail {
    private static final int LINES = 40;
    private static final int LONGEST = 1000;

    private final Deque<String> lines = new ArrayDeque<>();

    synchronized void add(String line) {
        if (lines.size() == LINES) {
            lines.removeFirst();
        }
        lines.addLast(line.length() > LONGEST ? line.substring(0, LONGEST) + " …" : line);
    }

    @Override
    public synchronized String toString() {
        return String.join("\n", lines);
    }
}
