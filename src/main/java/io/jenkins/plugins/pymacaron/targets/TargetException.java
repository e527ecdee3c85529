package io.jenkins.plugins.pymacaron.targets;

/** Thrown when a target cannot read or do what was asked; its message is one line for the user. */
public class TargetException extends Exception {
    private static final long serialVersionUID = 1L;

    public TargetException(String message) {
        super(message);
    }

    public TargetException(String message, Throwable cause) {
        super(message, cause);
    }
}
