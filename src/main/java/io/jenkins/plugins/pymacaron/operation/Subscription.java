package io.jenkins.plugins.pymacaron.operation;

/** An interest in a subject, until closed. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
    /** Idempotent; a last observation that is under way may still arrive. */
    @Override
    void close();
}
