package io.jenkins.plugins.pymacaron.config;

import java.io.Serializable;
import java.util.Objects;

/**
 * Something the user should change, as a line to read: what is wrong, where, and what to do next.
 *
 * @param file the file's name as the user knows it, or whatever else the input came by
 * @param line from 1; 0 when it is about no line in particular
 * @param column from 1, in characters; 0 when it is about no column in particular
 * @param message what is wrong, without a full stop
 * @param advice what to do, as whole sentences
 */
public record Problem(Severity severity, String file, int line, int column, String message, String advice)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    public Problem {
        Objects.requireNonNull(severity);
        Objects.requireNonNull(file);
        Objects.requireNonNull(message);
        Objects.requireNonNull(advice);
    }

    /** An error about something that has no place in a file. */
    public static Problem error(String file, String message, String advice) {
        return new Problem(Severity.ERROR, file, 0, 0, message, advice);
    }

    /** A warning about something that has no place in a file. */
    public static Problem warning(String file, String message, String advice) {
        return new Problem(Severity.WARNING, file, 0, 0, message, advice);
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** {@code pym-config.yaml:3:1: error: what is wrong. What to do.}, which editors and CI systems can follow. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(file);
        if (line > 0) {
            text.append(':').append(line);
        }
        if (line > 0 && column > 0) {
            text.append(':').append(column);
        }
        text.append(text.isEmpty() ? "" : ": ");
        text.append(isError() ? "error: " : "warning: ").append(message).append('.');
        return advice.isEmpty()
                ? text.toString()
                : text.append(' ').append(advice).toString();
    }
}
