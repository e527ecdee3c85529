package io.jenkins.plugins.pymacaron.accept;

import java.io.IOException;

/** A service does not answer, or not as it should; one line that says what it does instead. */
public final class NotServingException extends IOException {
    private static final long serialVersionUID = 1L;

    public NotServingException(String message) {
        super(message);
    }
}
