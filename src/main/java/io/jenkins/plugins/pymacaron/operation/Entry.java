package io.jenkins.plugins.pymacaron.operation;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** A line of the journal. These records are the schema: a change needs a new number. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "entry")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Entry.Begun.class, name = "begun"),
    @JsonSubTypes.Type(value = Entry.Intent.class, name = "intent"),
    @JsonSubTypes.Type(value = Entry.Ended.class, name = "result"),
    @JsonSubTypes.Type(value = Entry.Stop.class, name = "stop"),
    @JsonSubTypes.Type(value = Entry.Undo.class, name = "undo"),
    @JsonSubTypes.Type(value = Entry.End.class, name = "end"),
    @JsonSubTypes.Type(value = Entry.Again.class, name = "again")
})
sealed interface Entry {
    Instant at();

    /** Returns the same entry with every reason in other words; data stays as it is. */
    default Entry saying(UnaryOperator<String> words) {
        return this;
    }

    /** The first line; it occurs only there. */
    record Begun(Instant at, int schema, String kind, Map<String, String> params) implements Entry {
        public Begun {
            requireAll(at, kind);
            params = Map.copyOf(params);
        }
    }

    /** The effect may be applied from now on. */
    record Intent(Instant at, Effect effect, boolean undo) implements Entry {
        public Intent {
            requireAll(at, effect);
        }
    }

    /** The result of the effect whose intent is open. */
    record Ended(Instant at, String key, boolean undo, State.Result result) implements Entry {
        public Ended {
            requireAll(at, key, result);
        }

        @Override
        public Entry saying(UnaryOperator<String> words) {
            String reason = words.apply(result.reason());
            return new Ended(at, key, undo, new State.Result(result.how(), result.data(), reason, result.at()));
        }
    }

    /** A stop was asked for; nothing new is done but the undo. */
    record Stop(Instant at, String cause) implements Entry {
        public Stop {
            requireAll(at, cause);
        }

        @Override
        public Entry saying(UnaryOperator<String> words) {
            return new Stop(at, words.apply(cause));
        }
    }

    /** The undo, settled for good before its first effect. */
    record Undo(Instant at, State.Undoing undoing) implements Entry {
        public Undo {
            requireAll(at, undoing);
        }

        @Override
        public Entry saying(UnaryOperator<String> words) {
            return new Undo(
                    at,
                    new State.Undoing(
                            undoing.stopped(),
                            words.apply(undoing.reason()),
                            undoing.effects(),
                            words.apply(undoing.trouble())));
        }
    }

    record End(Instant at, Outcome outcome) implements Entry {
        public End {
            requireAll(at, outcome);
        }

        @Override
        public Entry saying(UnaryOperator<String> words) {
            return new End(at, outcome.saying(words));
        }
    }

    /** The operation had ended with something left; the failed effects of its undo are tried again. */
    record Again(Instant at) implements Entry {
        public Again {
            requireAll(at);
        }
    }

    private static void requireAll(Object... parts) {
        for (Object part : parts) {
            Objects.requireNonNull(part);
        }
    }
}
