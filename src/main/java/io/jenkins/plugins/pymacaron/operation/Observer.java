package io.jenkins.plugins.pymacaron.operation;

import java.util.function.Consumer;

/** The eyes: reads the outside world for all who wait. */
public interface Observer {
    /**
     * Tells {@code sink} what is seen of {@code subject}, soon and again and again, until the watch is closed. Only what
     * began to be read after this call is told. Returns at once and never throws for a world that cannot be read: that
     * is tried again.
     *
     * @param sink called on a thread of the observer; returns quickly
     */
    Subscription watch(Subject subject, Consumer<Observation> sink);
}
