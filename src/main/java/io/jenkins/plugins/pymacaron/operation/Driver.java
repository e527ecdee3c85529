package io.jenkins.plugins.pymacaron.operation;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Takes operations through their journals: it writes the intent, applies, writes the result, and asks again; it waits
 * without a thread, and undoes operations that failed or were stopped. A process has one driver for all operations.
 */
public final class Driver {
    private final DriverRuntime clockwork;
    private final Set<Run> running = ConcurrentHashMap.newKeySet();

    public Driver(DriverRuntime clockwork) {
        this.clockwork = clockwork;
    }

    /**
     * Starts the operation, or goes on where its journal ends: an effect that may have been applied is looked up first,
     * an undo that had begun is finished. Takes over the journal, and closes it at the end.
     */
    public Run run(Journal journal, Operation operation, Effector effector, Observer observer, Listener listener) {
        Run run = make(journal, operation, effector, observer, listener);
        run.begin();
        return run;
    }

    /** Undoes the operation; otherwise as {@link #run}. It is for a journal whose owner is gone. */
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
     * Tries again the effects that the undo of an ended operation could not apply. It is for a journal whose outcome
     * has something {@code left}. The successful effects of the undo are not repeated.
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

    /** Leaves every operation as it is, to be resumed, for an orderly shutdown; see {@link Run#suspend}. */
    public void suspend(String reason) {
        running.forEach(run -> run.suspend(reason));
    }
}
