package io.jenkins.plugins.pymacaron.operation;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Takes operations through their journals: writes the intent, applies, writes the result, asks again; waits without a
 * thread; undoes what failed or was stopped. One for all operations of a process.
 */
public final class Driver {
    private final DriverRuntime clockwork;
    private final Set<Run> running = ConcurrentHashMap.newKeySet();

    public Driver(DriverRuntime clockwork) {
        this.clockwork = clockwork;
    }

    /**
     * Starts the operation, or goes on where its journal ends: an effect that may have been applied is looked for first,
     * an undo that had begun is finished. Takes over the journal, and closes it at the end.
     */
    public Run run(Journal journal, Operation operation, Effector effector, Observer observer, Listener listener) {
        Run run = make(journal, operation, effector, observer, listener);
        run.begin();
        return run;
    }

    /** As {@link #run}, but to undo what was done: for a journal whose owner is gone. */
    public Run undo(
            Journal journal,
            Operation operation,
            Effector effector,
            Observer observer,
            Listener listener,
            String cause) {
        Run run = make(journal, operation, effector, observer, listener);
        run.stop(cause);
        return run;
    }

    /**
     * Tries again what the undo of an operation that has ended could not do: for a journal whose outcome has something
     * {@code left}. What the undo did achieve is not repeated.
     */
    public Run undoAgain(
            Journal journal, Operation operation, Effector effector, Observer observer, Listener listener) {
        Run run = make(journal, operation, effector, observer, listener);
        run.undoAgain();
        return run;
    }

    private Run make(Journal journal, Operation operation, Effector effector, Observer observer, Listener listener) {
        String kind = journal.state().kind();
        if (!operation.kind().equals(kind)) {
            throw new IllegalArgumentException("a journal of " + kind + " cannot be driven by " + operation.kind());
        }
        Run run = new Run(clockwork, journal, operation, effector, observer, listener);
        running.add(run);
        run.outcome().thenRun(() -> running.remove(run));
        return run;
    }

    /** For an orderly shutdown: leaves every operation as it is, to be resumed; see {@link Run#suspend}. */
    public void suspend(String reason) {
        running.forEach(run -> run.suspend(reason));
    }
}
