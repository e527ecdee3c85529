package io.jenkins.plugins.pymacaron.operation;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** The end of a run. All but {@link Suspended} also end the operation. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Outcome.Done.class, name = "done"),
    @JsonSubTypes.Type(value = Outcome.Failed.class, name = "failed"),
    @JsonSubTypes.Type(value = Outcome.Stopped.class, name = "stopped")
})
public sealed interface Outcome {
    /** Returns the same outcome with the texts for people in other words. */
    default Outcome saying(UnaryOperator<String> words) {
        return this;
    }

    /** Returns what may still exist although it was to be undone, a sentence each. */
    default List<String> left() {
        return List.of();
    }

    record Done(Map<String, String> result) implements Outcome {
        public Done {
            result = Map.copyOf(result);
        }
    }

    /**
     * The operation failed, and all that could be undone was undone.
     *
     * @param left what may still exist, a sentence each; empty when the undo is complete
     */
    record Failed(String reason, List<String> left) implements Outcome {
        public Failed {
            Objects.requireNonNull(reason);
            left = List.copyOf(left);
        }

        @Override
        public Outcome saying(UnaryOperator<String> words) {
            return new Failed(words.apply(reason), left.stream().map(words).toList());
        }
    }

    /** The operation was stopped, and all that could be undone was undone; {@code left} as in {@link Failed}. */
    record Stopped(String cause, List<String> left) implements Outcome {
        public Stopped {
            Objects.requireNonNull(cause);
            left = List.copyOf(left);
        }

        @Override
        public Outcome saying(UnaryOperator<String> words) {
            return new Stopped(words.apply(cause), left.stream().map(words).toList());
        }
    }

    /** The process had to leave the operation as it is: nothing undone, the journal open, to be resumed. */
    record Suspended(String reason) implements Outcome {
        public Suspended {
            Objects.requireNonNull(reason);
        }
    }
}
