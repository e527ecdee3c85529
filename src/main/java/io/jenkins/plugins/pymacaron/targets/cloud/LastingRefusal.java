package io.jenkins.plugins.pymacaron.targets.cloud;

import io.jenkins.plugins.pymacaron.operation.Observation;
import io.jenkins.plugins.pymacaron.targets.LiveUnchangedCheck;
import io.jenkins.plugins.pymacaron.targets.Step.Verdict;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Ends a wait that can no longer see its subject. A token that has ended, or a right that was taken away, does not come
 * back by waiting, and live would run an unaccepted version for as long as the wait may take. A service whose own
 * authenticator fails, or that does not yet know of a new right everywhere, refuses for a moment too, so a refusal has
 * to last.
 */
public final class LastingRefusal {
    public static final Duration LASTING = Duration.ofSeconds(10);

    /** Fact of any subject: it may no longer be seen, and the reason. */
    public static final String FACT = "refused-for-good";

    private final InstantSource clock;
    private Optional<Instant> since = Optional.empty();

    public LastingRefusal(InstantSource clock) {
        this.clock = clock;
    }

    /** Notes that something could be read. */
    public synchronized void passed() {
        since = Optional.empty();
    }

    /**
     * Returns the facts about an unreadable subject: {@link LiveUnchangedCheck#ERROR}, and {@link #FACT} once the
     * refusal lasts.
     */
    public synchronized Map<String, String> facts(TargetException e) {
        String error = String.valueOf(e.getMessage());
        boolean refused = e instanceof CloudException known
                && known.failure() != null
                && known.failure().kind() == Failure.Kind.REFUSED;
        if (!refused) {
            since = Optional.empty();
            return Map.of(LiveUnchangedCheck.ERROR, error);
        }
        Instant now = clock.instant();
        Instant begun = since.orElse(now);
        since = Optional.of(begun);
        return now.isBefore(begun.plus(LASTING))
                ? Map.of(LiveUnchangedCheck.ERROR, error)
                : Map.of(LiveUnchangedCheck.ERROR, error, FACT, error);
    }

    /**
     * Judges an observation, and fails where a refusal lasts.
     *
     * @param what the subject of the wait, the beginning of the sentence "… cannot be watched any more"
     */
    public static Function<Observation, Verdict> ends(String what, Function<Observation, Verdict> judge) {
        return seen -> seen.facts().containsKey(FACT)
                ? Verdict.fail(
                        what + " cannot be watched any more: " + seen.facts().get(FACT))
                : judge.apply(seen);
    }
}
