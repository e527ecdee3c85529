package io.jenkins.plugins.pymacaron.config;

import java.io.Serializable;
import java.util.Objects;

/**
 * A problem that the user should solve, as a line to read: the fault, the place, and the next step.
 *
 * @param file the file's name as the user knows it, or the name of another source of the input
 * @param line from 1; 0 when it concerns no particular line
 * @param column from 1, in characters; 0 when it concerns no particular column
 * @param message the fault, without a full stop
 * @param advice the next step, as whole sentences
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

    /** Returns an error that has no place in a file. */
    public static Problem error(String file, String message, String advice) {
        return new Problem(Severity.ERROR, file, 0, 0, message, advice);
    }

    /** Returns a warning that has no place in a file. */
    public static Problem warning(String file, String message, String advice) {
        return new Problem(Severity.WARNING, file, 0, 0, message, advice);
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /**
     * Returns {@code pym-config.yaml:3:1: error: aws_region is missing. Add it.}, a form that editors and CI
     * systems can follow.
     */
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
