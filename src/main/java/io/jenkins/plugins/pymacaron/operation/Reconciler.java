package io.jenkins.plugins.pymacaron.operation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Finishes operations whose owner is gone: at start-up, every hour, on request. A journal with a living owner is left to
 * it, so this may run at any time and in any number of processes.
 */
public final class Reconciler {
    /** Which way to finish a journal. One that was stopped, or whose undo has begun, is undone either way. */
    public enum Way {
        UNDO,
        RESUME
    }

    /** All it takes to finish a journal. */
    public record Recovery(Operation operation, Effector effector, Observer observer, Listener listener, Way way) {
        public Recovery {
            Objects.requireNonNull(operation);
            Objects.requireNonNull(effector);
            Objects.requireNonNull(observer);
            Objects.requireNonNull(listener);
            Objects.requireNonNull(way);
        }
    }

    /** Knows the operations. */
    @FunctionalInterface
    public interface Recoveries {
        /** Empty to leave that journal alone: its owner will come back, or its kind is not known here. */
        Optional<Recovery> of(String id, State state);
    }

    /**
     * What was taken up.
     *
     * @param runs by the journal's id
     * @param left what was left alone and why, a line each
     */
    public record Sweep(Map<String, Run> runs, List<String> left) {}

    private static final String CAUSE = "its owner is gone";

    private final JournalStore store;
    private final Driver driver;

    public Reconciler(JournalStore store, Driver driver) {
        this.store = store;
        this.driver = driver;
    }

    /** Starts to finish whatever can be finished now; the runs end by themselves. */
    public Sweep sweep(Recoveries recoveries) throws IOException {
        JournalStore.Listing listing = store.list();
        List<String> left = new ArrayList<>(listing.unreadable());
        Map<String, Run> runs = new LinkedHashMap<>();
        listing.unfinished().forEach((id, state) -> {
            Optional<Recovery> recovery = recoveries.of(id, state);
            if (recovery.isEmpty()) {
                left.add("nobody here can finish " + id + " (" + state.kind() + ")");
                return;
            }
            try {
                runs.put(id, finish(store.open(id), recovery.get()));
            } catch (IOException e) {
                left.add(e.getMessage());
            }
        });
        return new Sweep(runs, left);
    }

    private Run finish(Journal journal, Recovery r) {
        return r.way() == Way.RESUME
                ? driver.run(journal, r.operation(), r.effector(), r.observer(), r.listener())
                : driver.undo(journal, r.operation(), r.effector(), r.observer(), r.listener(), CAUSE);
    }
}
