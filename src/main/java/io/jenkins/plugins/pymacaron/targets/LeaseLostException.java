package io.jenkins.plugins.pymacaron.targets;

/** Thrown when another run has taken the lease of an environment, so that this run must leave the environment to it. */
public final class LeaseLostException extends TargetException {
    private static final long serialVersionUID = 1L;

    LeaseLostException(String message) {
        super(message);
    }
}
