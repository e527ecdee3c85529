package io.jenkins.plugins.pymacaron.operation;

import java.io.IOException;

/** Thrown when a journal cannot be made, read or written; the message is one line for the user that names the file. */
public class JournalException extends IOException {
    private static final long serialVersionUID = 1L;

    public JournalException(String message) {
        super(message);
    }

    public JournalException(String message, Throwable cause) {
        super(message, cause);
    }
}
