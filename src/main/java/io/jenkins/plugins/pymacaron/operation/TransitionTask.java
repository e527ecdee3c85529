package io.jenkins.plugins.pymacaron.operation;

/** A change in a run after an event; the run goes on from there. */
@FunctionalInterface
interface TransitionTask {
    void take() throws JournalException;
}
