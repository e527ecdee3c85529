package io.jenkins.plugins.pymacaron.operation;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/** What an {@link Operation} wants next. */
public sealed interface Decision {
    /** Have this done. Asking again for an effect that was rejected is a failure with the reason of the rejection. */
    record Apply(Effect effect) implements Decision {
        public Apply {
            Objects.requireNonNull(effect);
        }
    }

    /**
     * Go on when {@code subject} is seen to have changed.
     *
     * @param deadline when the operation is asked again even if nothing was seen; still waiting then is a failure
     * @param what the end of the sentence "waiting for …"
     */
    record Await(Subject subject, Instant deadline, String what) implements Decision {
        public Await {
            Objects.requireNonNull(subject);
            Objects.requireNonNull(deadline);
            Objects.requireNonNull(what);
        }
    }

    /** All is as it should be. */
    record Done(Map<String, String> result) implements Decision {
        public Done {
            result = Map.copyOf(result);
        }
    }

    /** It cannot succeed any more; what was done is to be undone. */
    record Failed(String reason) implements Decision {
        public Failed {
            Objects.requireNonNull(reason);
        }
    }
}
