package io.jenkins.plugins.pymacaron.operation;

import java.time.Instant;

/** Is told of the events of a run, in order, one call at a time; for logs. */
public interface Listener {
    Listener NONE = new Listener() {};

    /** Reports an effect that is in the journal and is applied next. */
    default void intent(Effect effect) {}

    /** Reports an effect whose result is in the journal. */
    default void applied(Effect effect, State.Result result) {}

    /** Reports that the run now waits for something else than before. */
    default void waiting(String what, Instant deadline) {}

    /**
     * Reports an event that does not end the run but that a reader of the log wants to know: a retry, the begin of the
     * undo.
     */
    default void note(String line) {}

    default void done(Outcome outcome) {}
}
