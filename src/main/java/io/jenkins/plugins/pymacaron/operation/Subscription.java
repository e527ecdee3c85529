package io.jenkins.plugins.pymacaron.operation;

/** An interest in a subject, until closed. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
    /** Ends the interest. Idempotent; a last observation in progress may still arrive. */
    @Override
    void close();
}
