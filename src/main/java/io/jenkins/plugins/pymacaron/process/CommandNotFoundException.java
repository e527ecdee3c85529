package io.jenkins.plugins.pymacaron.process;

import java.io.IOException;

/** Thrown when there is no such program here. */
public class CommandNotFoundException extends IOException {
    private static final long serialVersionUID = 1L;

    public CommandNotFoundException(String message) {
        super(message);
    }
}
