package io.jenkins.plugins.pymacaron.operation;

import java.util.Map;
import java.util.Objects;

/** The answer whether an effect can be seen in the outside world. */
public sealed interface Lookup {
    Lookup ABSENT = new Absent();
    Lookup UNFENCED = new Unfenced();

    static Lookup present(Map<String, String> data) {
        return new Present(data);
    }

    static Lookup unknown(String reason) {
        return new Unknown(reason);
    }

    /** The effect was applied; {@code data} is the same as the result of {@link Effector#apply}. */
    record Present(Map<String, String> data) implements Lookup {
        public Present {
            data = Map.copyOf(data);
        }
    }

    /** The world answered, and does not show the effect. It may still appear within the effect's settle time. */
    record Absent() implements Lookup {}

    /**
     * The world is as an undo is to leave it, and was not changed; only the undo has not written its fence. See
     * {@link Effect#fencedUntil}. For an effect without that time it is the same as absent.
     */
    record Unfenced() implements Lookup {}

    /** The world did not answer, or not clearly. */
    record Unknown(String reason) implements Lookup {
        public Unknown {
            Objects.requireNonNull(reason);
        }
    }
}
