package io.jenkins.plugins.pymacaron.operation;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * One change of the outside world, as data. It is written to the journal unchanged, so it contains no secret. An effect
 * that is its own inverse (a swap) names the state to reach, not the act.
 *
 * @param key deterministic, and unique within the operation: the same effect has the same key after a crash
 * @param verb the word by which the {@link Effector} tells effects apart
 * @param args the values that the effector needs to apply it and to find it again
 * @param settle how long the world may still show it as absent after it was applied
 * @param within how long to try to apply it, or to learn whether it was applied
 * @param sentence for the plan and the log, imperative: "create container hello-live"
 */
public record Effect(
        String key, String verb, Map<String, String> args, Duration settle, Duration within, String sentence) {

    /** The time for which an effect is tried unless it names another. */
    public static final Duration WITHIN = Duration.ofMinutes(10);

    public Effect {
        if (key.isEmpty() || settle.isNegative() || within.isNegative() || within.isZero()) {
            throw new IllegalArgumentException("an effect needs a key, a settle time and time to be applied: " + key);
        }
        Objects.requireNonNull(verb);
        Objects.requireNonNull(sentence);
        args = Map.copyOf(args);
    }

    public Effect(String key, String verb, Map<String, String> args, Duration settle, String sentence) {
        this(key, verb, args, settle, WITHIN, sentence);
    }

    /** Returns the same effect with another time limit. */
    public Effect within(Duration limit) {
        return new Effect(key, verb, args, settle, limit, sentence);
    }
}
