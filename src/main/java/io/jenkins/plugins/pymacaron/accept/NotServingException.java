package io.jenkins.plugins.pymacaron.accept;

import java.io.IOException;

/**
 * Thrown when a service does not answer, or gives a wrong answer; its message is one line with what it does instead.
 */
public final class NotServingException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;

    public NotServingException(String message) {
        this(message, 0);
    }

    NotServingException(String message, int status) {
        super(message);
        this.status = status;
    }

    /** Returns the status of the wrong answer; 0 for another failure. */
    public int status() {
        return status;
    }
}
