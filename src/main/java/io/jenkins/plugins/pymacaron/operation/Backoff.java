package io.jenkins.plugins.pymacaron.operation;

import java.time.Duration;

/**
 * The wait before another attempt: {@code first × factor^attempt}, never more than {@code cap}, then spread evenly over
 * ± {@code jitter}, so that many callers that were refused together do not come back together.
 *
 * @param jitter from 0 (none) to less than 1
 */
public record Backoff(Duration first, double factor, Duration cap, double jitter) {
    /** For calls that were refused or got lost: 0.5 s, 1 s, 2 s … 30 s, ± a quarter. */
    public static final Backoff RETRY = new Backoff(Duration.ofMillis(500), 2, Duration.ofSeconds(30), 0.25);

    public Backoff {
        if (first.isNegative()
                || first.isZero()
                || factor < 1
                || cap.compareTo(first) < 0
                || jitter < 0
                || jitter >= 1) {
            throw new IllegalArgumentException(
                    "a back-off grows from above zero to its cap: " + first + " x" + factor + " to " + cap);
        }
    }

    /** Returns the wait. @param attempt 0 for the first @param random from 0 (inclusive) to 1 (exclusive) */
    public Duration delay(int attempt, double random) {
        double even = Math.min(first.toNanos() * Math.pow(factor, attempt), cap.toNanos());
        return Duration.ofNanos((long) (even * (1 + jitter * (2 * random - 1))));
    }
}
