package io.jenkins.plugins.pymacaron.operation;

/** What changes in a run when something has happened; the run goes on from there. */
@FunctionalInterface
interface TransitionTask {
    void take() throws JournalException;
}
