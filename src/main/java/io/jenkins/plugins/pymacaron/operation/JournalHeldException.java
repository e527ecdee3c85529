package io.jenkins.plugins.pymacaron.operation;

/** Thrown when a living process, perhaps this one, drives the journal. */
public final class JournalHeldException extends JournalException {
    private static final long serialVersionUID = 1L;

    public JournalHeldException(String message) {
        super(message);
    }
}
