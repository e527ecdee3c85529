package io.jenkins.plugins.pymacaron.operation;

import java.util.Objects;

/**
 * A thing in the outside world that can be observed.
 *
 * @param kind the word by which a reader tells subjects apart, for instance {@code container}
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
