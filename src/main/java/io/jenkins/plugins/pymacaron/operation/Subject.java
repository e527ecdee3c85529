package io.jenkins.plugins.pymacaron.operation;

import java.util.Objects;

/**
 * Something in the outside world that can be observed.
 *
 * @param kind what the {@link Observer} tells subjects apart by, for instance {@code container}
 * @param id its name there
 */
public record Subject(String kind, String id) {
    public Subject {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(id);
    }

    @Override
    public String toString() {
        return kind + " " + id;
    }
}
