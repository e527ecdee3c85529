package io.jenkins.plugins.pymacaron.operation;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/** The next wish of an {@link Operation}. */
public sealed interface Decision {
    /**
     * Apply this effect. Asking again for an effect that was rejected is a failure with the reason of the rejection.
     */
    record Apply(Effect effect) implements Decision {
        public Apply {
            Objects.requireNonNull(effect);
        }
    }

    /**
     * Go on when {@code subject} is seen to have changed.
     *
     * @param deadline the time at which the operation is asked again even if nothing was seen; a wait after it is a
     *     failure
     * @param what the end of the sentence "waiting for …"
     */
    record Await(Subject subject, Instant deadline, String what) implements Decision {
        public Await {
            Objects.requireNonNull(subject);
            Objects.requireNonNull(deadline);
            Objects.requireNonNull(what);
        }
    }

    /** Everything is as it should be. */
    record Done(Map<String, String> result) implements Decision {
        public Done {
            result = Map.copyOf(result);
        }
    }

    /** The operation cannot succeed any more; its effects are to be undone. */
    record Failed(String reason) implements Decision {
        public Failed {
            Objects.requireNonNull(reason);
        }
    }
}
