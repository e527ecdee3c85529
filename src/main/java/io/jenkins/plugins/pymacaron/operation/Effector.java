package io.jenkins.plugins.pymacaron.operation;

import java.util.Map;

/**
 * Applies effects and finds them again. Both calls may block; they run on a thread of their own, and are interrupted
 * when the effect's time is over or the run is stopped. An exception that is not declared counts as
 * {@link EffectException.Kind#UNCERTAIN} in {@link #apply}, and as {@link Lookup.Unknown} in {@link #find}.
 */
public interface Effector {
    /** Looks up whether {@code effect} was applied, by its key or arguments. Changes nothing. */
    Lookup find(Effect effect) throws InterruptedException;

    /** Applies {@code effect}. @return the data that the operation needs later, without secrets; kept in the journal */
    Map<String, String> apply(Effect effect) throws EffectException, InterruptedException;
}
