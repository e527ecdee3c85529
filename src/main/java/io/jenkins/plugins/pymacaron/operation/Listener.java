package io.jenkins.plugins.pymacaron.operation;

import java.time.Instant;

/** Is told what a run does, in order, one call at a time; for logs. */
public interface Listener {
    Listener NONE = new Listener() {};

    /** The effect is in the journal and is applied next. */
    default void intent(Effect effect) {}

    /** What became of the effect is in the journal. */
    default void applied(Effect effect, State.Result result) {}

    /** It now waits for something else than before. */
    default void waiting(String what, Instant deadline) {}

    /** Something that does not end the run but that a reader of the log wants to know: a retry, the begin of the undo. */
    default void note(String line) {}

    default void done(Outcome outcome) {}
}
