package io.jenkins.plugins.pymacaron.operation;

import java.util.Map;

/**
 * The hands: applies effects and finds them again. Both calls may block; they run on a thread of their own, and are
 * interrupted when the effect's time is over or the run is stopped. Whatever else is thrown than what is declared counts
 * as {@link EffectException.Kind#UNCERTAIN} in {@link #apply}, and as {@link Lookup.Unknown} in {@link #find}.
 */
public interface Effector {
    /** Looks whether {@code effect} was applied, by its key or arguments. Changes nothing. */
    Lookup find(Effect effect) throws InterruptedException;

    /**
     * Applies {@code effect}.
     *
     * @return what the operation needs to know of it later, without secrets; kept in the journal
     */
    Map<String, String> apply(Effect effect) throws EffectException, InterruptedException;
}
