package io.jenkins.plugins.pymacaron.operation;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A change of the outside world as a pure function: no I/O, no clock, no thread, no memory of its own. All its
 * knowledge is in the {@link State}, which survives a crash, or in the latest observation, which does not.
 */
public interface Operation {
    /**
     * Returns the name of the operation in its journal, so that it can be found again after a crash; a name is never
     * used again for another operation.
     */
    String kind();

    /**
     * Returns the next decision. It is asked again after each result, each observation and at the deadline of each
     * wait.
     *
     * <p>Deadlines have to follow from {@code state} (its start, the time of a result), not from {@code now}: otherwise
     * they would move with each call.
     *
     * @param latest the latest observation of the current wait; empty after each effect, since an observation before an
     *     effect says nothing of the time after it
     */
    Decision decide(State state, Optional<Observation> latest, Instant now);

    /**
     * Returns the effects that undo all that may have been done by {@link State#touched}, in order. It is asked once,
     * after a failure or a stop; the answer is written down before its first effect is applied.
     */
    List<Effect> undo(State state);
}
