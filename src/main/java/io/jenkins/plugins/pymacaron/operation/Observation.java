package io.jenkins.plugins.pymacaron.operation;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/** An observation of a subject. @param at the time when the read began, so that everything older is surely in it */
public record Observation(Subject subject, Instant at, Map<String, String> facts) {
    public Observation {
        Objects.requireNonNull(subject);
        Objects.requireNonNull(at);
        facts = Map.copyOf(facts);
    }
}
