package io.jenkins.plugins.pymacaron.targets;

/** What a target was asked for cannot be read or cannot be done; one line for the user. */
public class TargetException extends Exception {
    private static final long serialVersionUID = 1L;

    public TargetException(String message) {
        super(message);
    }

    public TargetException(String message, Throwable cause) {
        super(message, cause);
    }
}
