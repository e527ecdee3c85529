package io.jenkins.plugins.pymacaron.operation;

import java.util.Map;
import java.util.Objects;

/** Whether an effect can be seen in the outside world. */
public sealed interface Lookup {
    Lookup ABSENT = new Absent();

    static Lookup present(Map<String, String> data) {
        return new Present(data);
    }

    static Lookup unknown(String reason) {
        return new Unknown(reason);
    }

    /** It was applied; {@code data} is what {@link Effector#apply} would have returned. */
    record Present(Map<String, String> data) implements Lookup {
        public Present {
            data = Map.copyOf(data);
        }
    }

    /** The world answered, and shows nothing of it. It may still appear within the effect's settle time. */
    record Absent() implements Lookup {}

    /** The world did not answer, or not clearly. */
    record Unknown(String reason) implements Lookup {
        public Unknown {
            Objects.requireNonNull(reason);
        }
    }
}
