package io.jenkins.plugins.pymacaron.process;

import java.io.IOException;

/** Thrown when a command ran for too long, and was ended with everything that it had started. */
public class ProcessTimeoutException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String tail;

    public ProcessTimeoutException(String message, String tail) {
        super(message);
        this.tail = tail;
    }

    /** Returns the last lines of its output, masked. */
    public String tail() {
        return tail;
    }
}
