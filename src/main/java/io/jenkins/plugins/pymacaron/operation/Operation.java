package io.jenkins.plugins.pymacaron.operation;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A change of the outside world as a pure function: no I/O, no clock, no thread, no memory of its own. Whatever it needs
 * to know is in the {@link State}, which survives a crash, or in the latest observation, which does not.
 */
public interface Operation {
    /** Names the operation in its journal, so that it can be found again after a crash; never reused for another. */
    String kind();

    /**
     * Says what comes next. Asked again after each result, each observation and at the deadline of each wait.
     *
     * <p>Deadlines have to follow from {@code state} (its start, the time of a result), not from {@code now}: otherwise
     * they would move with each question.
     *
     * @param latest the latest observation of the wait that is on; empty after each effect, since what was seen before
     *     an effect says nothing of the time after it
     */
    Decision decide(State state, Optional<Observation> latest, Instant now);

    /**
     * What takes back all that {@link State#touched} says may have been done, in the order in which to do it. Asked once,
     * after a failure or a stop; the answer is written down before the first of it is applied.
     */
    List<Effect> undo(State state);
}
