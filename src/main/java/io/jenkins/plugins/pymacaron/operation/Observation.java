package io.jenkins.plugins.pymacaron.operation;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * What was seen of a subject.
 *
 * @param at when the reading began, so that everything older than it is surely in it
 */
public record Observation(Subject subject, Instant at, Map<String, String> facts) {
    public Observation {
        Objects.requireNonNull(subject);
        Objects.requireNonNull(at);
        facts = Map.copyOf(facts);
    }
}
