package io.jenkins.plugins.pymacaron.process;

import java.io.IOException;

/** A command ran for longer than it may, and was ended with everything it had started. */
public class ProcessTimeoutException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String tail;

    public ProcessTimeoutException(String message, String tail) {
        super(message);
        this.tail = tail;
    }

    /** The last lines it wrote, masked. */
    public String tail() {
        return tail;
    }
}
