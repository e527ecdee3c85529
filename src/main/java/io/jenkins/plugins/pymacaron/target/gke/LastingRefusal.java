package io.jenkins.plugins.pymacaron.target.gke;

import io.jenkins.plugins.pymacaron.target.TargetException;
import io.jenkins.plugins.pymacaron.target.Unchanged;
import io.jenkins.plugins.pymacaron.target.cloud.CloudException;
import io.jenkins.plugins.pymacaron.target.cloud.Failure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * Ends a wait that can no longer see what it waits for: a token that has ended, or a right that was taken away, does not
 * come back by waiting, and live would run what nobody has accepted for as long as the wait may take. An API server whose
 * own authenticator is not well refuses for a moment too, so that a refusal has to last.
 */
final class LastingRefusal {
    static final Duration LASTING = Duration.ofSeconds(10);

    private final InstantSource clock;
    private Optional<Instant> since = Optional.empty();

    LastingRefusal(InstantSource clock) {
        this.clock = clock;
    }

    /** Something could be read. */
    synchronized void passed() {
        since = Optional.empty();
    }

    /** The facts of what could not be read: {@link Unchanged#ERROR}, and {@link Roll#FAILED} once the refusal lasts. */
    synchronized Map<String, String> facts(TargetException e) {
        String error = String.valueOf(e.getMessage());
        boolean refused = e instanceof CloudException known
                && known.failure() != null
                && known.failure().kind() == Failure.Kind.REFUSED;
        if (!refused) {
            since = Optional.empty();
            return Map.of(Unchanged.ERROR, error);
        }
        Instant now = clock.instant();
        Instant begun = since.orElse(now);
        since = Optional.of(begun);
        return now.isBefore(begun.plus(LASTING))
                ? Map.of(Unchanged.ERROR, error)
                : Map.of(Unchanged.ERROR, error, Roll.FAILED, "cannot be watched any more: " + error);
    }
}
