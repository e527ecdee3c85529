package io.jenkins.plugins.pymacaron.docker;

import java.io.IOException;

/** Docker cannot be used at all here. The message says why and what to do, on one line. */
public class DockerUnavailableException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Which of the causes it is. */
    public enum Why {
        /** There is no {@code docker} program. */
        ABSENT,
        /** No engine answers. */
        NOT_RUNNING,
        /** An engine is there, but not for us. */
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
