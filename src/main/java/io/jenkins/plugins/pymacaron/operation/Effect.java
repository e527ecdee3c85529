package io.jenkins.plugins.pymacaron.operation;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

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

    private static final String FENCED_UNTIL = "fencedUntil";

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

    /**
     * Returns the same effect of an undo, which writes a fence also where nothing is left to undo: so that the provider
     * refuses a request of the undone operation that is still on its way.
     *
     * @param end when such a request is refused without a fence too, however late it comes
     */
    public Effect fencedUntil(Instant end) {
        Map<String, String> all = new HashMap<>(args);
        all.put(FENCED_UNTIL, end.toString());
        return new Effect(key, verb, all, settle, within, sentence);
    }

    /** Returns the time from which on no fence is needed; empty for an effect that writes none. */
    public Optional<Instant> fencedUntil() {
        return Optional.ofNullable(args.get(FENCED_UNTIL)).map(Instant::parse);
    }

    /** Returns the same effect with another time limit. */
    public Effect within(Duration limit) {
        return new Effect(key, verb, args, settle, limit, sentence);
    }
}
