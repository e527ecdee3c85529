package io.jenkins.plugins.pymacaron.operation;

import java.util.function.Consumer;

/** Reads the outside world for all waits. */
public interface Observer {
    /**
     * Reports {@code subject} to {@code sink}, soon and repeatedly, until the watch is closed. Only reads that begin
     * after this call are reported. Returns at once and never throws for a world that cannot be read: the read is tried
     * again.
     *
     * @param sink called on a thread of the observer; returns quickly
     */
    Subscription watch(Subject subject, Consumer<Observation> sink);
}
