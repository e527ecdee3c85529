package io.jenkins.plugins.pymacaron.targets.beanstalk;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Measures for how long environments have been Red in a row, as this process has seen it. Enhanced health is Red for a
 * while after a launch, until load balancer and instances have reported ("Health colors and statuses", developer
 * guide).
 */
final class RedHealthTimer {
    private final Map<String, Instant> since = new ConcurrentHashMap<>();

    /** Returns the time. @param red whether it is Red now; otherwise the period is over */
    Duration lasting(String id, boolean red) {
        if (!red) {
            since.remove(id);
            return Duration.ZERO;
        }
        Instant now = Instant.now();
        Instant begin = since.computeIfAbsent(id, first -> now);
        return begin.isAfter(now) ? Duration.ZERO : Duration.between(begin, now);
    }
}
