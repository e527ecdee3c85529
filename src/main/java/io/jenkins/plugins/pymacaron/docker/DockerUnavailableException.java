package io.jenkins.plugins.pymacaron.docker;

import java.io.IOException;

/** Thrown when Docker cannot be used here. The message gives the reason and the next step, on one line. */
public class DockerUnavailableException extends IOException {
    private static final long serialVersionUID = 1L;

    /** The cause. */
    public enum Why {
        /** There is no {@code docker} program. */
        ABSENT,
        /** No engine answers. */
        NOT_RUNNING,
        /** The connection to the engine has failed, perhaps amid a call: the engine may have carried it out. */
        CONNECTION_LOST,
        /** An engine exists, but this user has no rights on it. */
        NO_RIGHTS
    }

    private final Why why;

    public DockerUnavailableException(Why why, String message) {
        super(message);
        this.why = why;
    }

    public Why why() {
        return why;
    }
}
