package io.jenkins.plugins.pymacaron.process;

import java.io.IOException;

/** Thrown when a command ended with an exit code other than 0. The message is one line; the tail says more. */
public class CommandFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final String tail;

    public CommandFailedException(String message, int exitCode, String tail) {
        super(message);
        this.exitCode = exitCode;
        this.tail = tail;
    }

    public int exitCode() {
        return exitCode;
    }

    /** Returns the last lines of its output, masked. */
    public String tail() {
        return tail;
    }
}
