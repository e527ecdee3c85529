package io.jenkins.plugins.pymacaron.operation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The certain knowledge about an operation, folded from its journal; immutable. */
public final class State {
    /** The result of an effect; {@code at} is the time when it was written down. */
    public record Result(How how, Map<String, String> data, String reason, Instant at) {
        public enum How {
            APPLIED,
            /** The result got lost, but the world shows the effect. */
            FOUND,
            /** Certainly not applied; {@code reason} says why. */
            REJECTED,
            /**
             * Not applied as far as the world shows, and not tried again; {@code reason} says why. A request whose answer
             * was lost may still be carried out, so an undo has to undo it.
             */
            DOUBTFUL,
            /** Not known in time; {@code reason} says why. */
            UNKNOWN
        }

        public Result {
            Objects.requireNonNull(how);
            Objects.requireNonNull(reason);
            Objects.requireNonNull(at);
            data = Map.copyOf(data);
        }

        /** Returns whether the world is as the effect wanted it. */
        public boolean good() {
            return how == How.APPLIED || how == How.FOUND;
        }
    }

    /**
     * The undo that was chosen.
     *
     * @param stopped whether a stop was asked for; otherwise the operation failed
     * @param trouble why the effects may not be enough; usually empty
     */
    record Undoing(boolean stopped, String reason, List<Effect> effects, String trouble) {
        Undoing {
            Objects.requireNonNull(reason);
            Objects.requireNonNull(trouble);
            effects = List.copyOf(effects);
        }
    }

    /** An effect with its result, {@code null} while that is open. */
    record Tried(Effect effect, boolean undo, Result result) {}

    private final String kind;
    private final Map<String, String> params;
    private final Instant started;
    private final Map<String, Tried> forward = new LinkedHashMap<>();
    private final Map<String, Tried> backward = new LinkedHashMap<>();
    private String stopCause;
    private Undoing undoing;
    private Outcome outcome;

    private State(String kind, Map<String, String> params, Instant started) {
        this.kind = Objects.requireNonNull(kind);
        this.params = Map.copyOf(params);
        this.started = Objects.requireNonNull(started);
    }

    private State(State other) {
        this(other.kind, other.params, other.started);
        forward.putAll(other.forward);
        backward.putAll(other.backward);
        stopCause = other.stopCause;
        undoing = other.undoing;
        outcome = other.outcome;
    }

    /** Returns the state of an operation that has done nothing yet. */
    public static State begun(String kind, Map<String, String> params, Instant started) {
        return new State(kind, params, started);
    }

    /** Returns this state after {@code effect} got {@code result}: for the tests of operations. */
    public State with(Effect effect, Result result) {
        return with(new Entry.Intent(result.at(), effect, false))
                .with(new Entry.Ended(result.at(), effect.key(), false, result));
    }

    /** Returns the state after an entry. @throws IllegalStateException when the entry cannot come now */
    State with(Entry entry) {
        State next = new State(this);
        next.add(entry);
        return next;
    }

    private void add(Entry entry) {
        check(outcome == null || entry instanceof Entry.Again, "something after the end");
        if (entry instanceof Entry.Intent e) {
            check(pending().isEmpty(), "an intent before the result of the one before");
            check(e.undo() == (undoing != null), "an intent on the wrong side of the undo");
            check(
                    !side(e.undo()).containsKey(e.effect().key()),
                    "a second intent for " + e.effect().key());
            side(e.undo()).put(e.effect().key(), new Tried(e.effect(), e.undo(), null));
        } else if (entry instanceof Entry.Ended e) {
            Tried tried = side(e.undo()).get(e.key());
            check(tried != null && tried.result() == null, "a result without an intent for " + e.key());
            side(e.undo()).put(e.key(), new Tried(tried.effect(), e.undo(), e.result()));
        } else if (entry instanceof Entry.Stop e) {
            check(stopCause == null && undoing == null, "a second stop");
            stopCause = e.cause();
        } else if (entry instanceof Entry.Undo e) {
            check(undoing == null && pending().isEmpty(), "a second undo, or one amid an effect");
            undoing = e.undoing();
        } else if (entry instanceof Entry.End e) {
            check(pending().isEmpty(), "an end amid an effect");
            outcome = e.outcome();
        } else if (entry instanceof Entry.Again) {
            check(outcome != null && undoing != null && !left().isEmpty(), "nothing to undo again");
            outcome = null;
            backward.values().removeIf(tried -> !tried.result().good());
        } else {
            check(false, "a second beginning");
        }
    }

    private static void check(boolean good, String otherwise) {
        if (!good) {
            throw new IllegalStateException(otherwise);
        }
    }

    private Map<String, Tried> side(boolean undo) {
        return undo ? backward : forward;
    }

    public String kind() {
        return kind;
    }

    /** Returns the parameters that the operation was started with. */
    public Map<String, String> params() {
        return params;
    }

    public Instant started() {
        return started;
    }

    /** Returns the result of the effect of that key; empty while it is not known, and for effects of the undo. */
    public Optional<Result> result(String key) {
        return Optional.ofNullable(forward.get(key)).map(Tried::result);
    }

    /** Returns whether the effect of that key was applied or may have been: an undo has to undo it. */
    public boolean touched(String key) {
        Tried tried = forward.get(key);
        return tried != null && (tried.result() == null || tried.result().how() != Result.How.REJECTED);
    }

    /** Returns the time by which each effect had its result: no request of one that is not undone began later. */
    public Instant latest() {
        return forward.values().stream()
                .map(Tried::result)
                .filter(Objects::nonNull)
                .map(Result::at)
                .max(Comparator.naturalOrder())
                .orElse(started);
    }

    /** Returns the reason why an effect was rejected, a sentence for the user; the operation decides what follows. */
    public Optional<String> rejection() {
        return first(forward, Result.How.REJECTED)
                .or(() -> first(forward, Result.How.DOUBTFUL))
                .map(t ->
                        "could not " + t.effect().sentence() + ": " + t.result().reason());
    }

    /** Returns the reason why it is not known whether an effect was applied, and so what may exist. */
    Optional<String> mystery() {
        return first(forward, Result.How.UNKNOWN)
                .map(t -> "cannot tell whether this was done: " + t.effect().sentence() + " ("
                        + t.result().reason() + ")");
    }

    private static Optional<Tried> first(Map<String, Tried> side, Result.How how) {
        return side.values().stream()
                .filter(t -> t.result() != null && t.result().how() == how)
                .findFirst();
    }

    /** Returns the effect that may be applied now: its intent is written, its result is not. */
    Optional<Tried> pending() {
        return side(undoing != null).values().stream()
                .filter(t -> t.result() == null)
                .findFirst();
    }

    /** Returns the reason of a stop, even if the undo has not begun. */
    public Optional<String> stopCause() {
        return Optional.ofNullable(stopCause);
    }

    Optional<Undoing> undoing() {
        return Optional.ofNullable(undoing);
    }

    /** Returns the first effect of the undo that was not tried yet. */
    Optional<Effect> nextUndo() {
        return undoing.effects().stream()
                .filter(e -> !backward.containsKey(e.key()))
                .findFirst();
    }

    /** Returns what the undo could not remove or restore, a sentence each. */
    List<String> left() {
        List<String> left = new ArrayList<>();
        if (!undoing.trouble().isEmpty()) {
            left.add(undoing.trouble());
        }
        for (Tried t : backward.values()) {
            if (t.result() != null && !t.result().good()) {
                left.add(
                        "could not " + t.effect().sentence() + ": " + t.result().reason());
            }
        }
        return left;
    }

    /** Returns how it ended; empty while it is unfinished. */
    public Optional<Outcome> outcome() {
        return Optional.ofNullable(outcome);
    }

    /** Returns whether the undo has begun, so that the operation cannot be resumed any more. */
    public boolean undone() {
        return undoing != null;
    }
}
