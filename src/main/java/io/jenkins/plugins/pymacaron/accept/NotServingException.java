package io.jenkins.plugins.pymacaron.accept;

import java.io.IOException;

/** A service does not answer, or not as it should; one line that says what it does instead. */
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

    /** That of the answer that was not the right one; 0 where it is something else. */
    public int status() {
        return status;
    }
}
