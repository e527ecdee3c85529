package io.jenkins.plugins.pymacaron.accept;

import java.io.IOException;
import java.io.Serial;

/** Thrown when tests had no result; one line gives the reason. Failed tests have a result, and are no exception. */
public final class TestsNotRunException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    TestsNotRunException(String message, Throwable cause) {
        super(message, cause);
    }
}
