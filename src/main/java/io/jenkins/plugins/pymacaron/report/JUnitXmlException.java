package io.jenkins.plugins.pymacaron.report;

import java.io.IOException;
import java.io.Serial;

/** Thrown when a test report cannot be read; the message is one line for the user. */
public class JUnitXmlException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    JUnitXmlException(String message, Throwable cause) {
        super(message, cause);
    }
}
