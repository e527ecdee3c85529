package io.jenkins.plugins.pymacaron.targets.cloud;

import io.jenkins.plugins.pymacaron.targets.TargetException;

/** Thrown when a call to a cloud failed and will not succeed later. */
public final class CloudException extends TargetException {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    CloudException(Failure failure, String message, Throwable cause) {
        super(message, cause);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
