package io.jenkins.plugins.pymacaron.targets.cloud;

import io.jenkins.plugins.pymacaron.operation.Backoff;
import io.jenkins.plugins.pymacaron.operation.Driver;
import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.EffectException;
import io.jenkins.plugins.pymacaron.operation.Effector;
import io.jenkins.plugins.pymacaron.operation.JournalStore;
import io.jenkins.plugins.pymacaron.operation.Listener;
import io.jenkins.plugins.pymacaron.operation.Lookup;
import io.jenkins.plugins.pymacaron.operation.Observer;
import io.jenkins.plugins.pymacaron.operation.Operation;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.operation.ShortWaits;
import io.jenkins.plugins.pymacaron.targets.Change;
import io.jenkins.plugins.pymacaron.targets.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A change whose process dies at one of its effects, and another process that finds its journal later. */
public final class CutOff implements AutoCloseable {
    private static final String ID = "cut-off";

    private final ShortWaits threads = new ShortWaits("cut off", 4);
    private final Target target;
    private final Operation operation;
    private final JournalStore store;

    /**
     * @param effect the beginning of the key of the effect at which the process dies
     * @param applied whether the effect is done by then
     */
    public CutOff(Path directory, Target target, Change change, String effect, boolean applied) throws Exception {
        this.target = target;
        operation = change.operation();
        store = new JournalStore(
                Files.createDirectories(directory), threads.clockwork().clock());
        Driver driver = new Driver(threads.clockwork());
        Effector dying = new Effector() {
            @Override
            public Lookup find(Effect wanted) throws InterruptedException {
                return target.effector().find(wanted);
            }

            @Override
            public Map<String, String> apply(Effect wanted) throws EffectException, InterruptedException {
                if (!wanted.key().startsWith(effect)) {
                    return target.effector().apply(wanted);
                }
                try {
                    if (applied) {
                        target.effector().apply(wanted);
                    }
                } finally {
                    driver.suspend("killed");
                }
                throw EffectException.uncertain("killed", null);
            }
        };
        Outcome outcome = driver.run(
                        store.create(ID, operation.kind(), change.params()),
                        operation,
                        dying,
                        observer(),
                        Listener.NONE)
                .await();
        if (!(outcome instanceof Outcome.Suspended)) {
            throw new AssertionError(outcome);
        }
    }

    /** Returns the outcome where it goes on. */
    public Outcome resume() throws Exception {
        return new Driver(threads.clockwork())
                .run(store.open(ID), operation, target.effector(), observer(), Listener.NONE)
                .await();
    }

    /** Returns the outcome where it is undone. */
    public Outcome undo() throws Exception {
        return new Driver(threads.clockwork())
                .undo(store.open(ID), operation, target.effector(), observer(), Listener.NONE, "its run was cut off")
                .await();
    }

    private Observer observer() {
        return new Observer(
                "cut off", target::read, new Backoff(Duration.ofMillis(30), 1.2, Duration.ofMillis(200), 0.1));
    }

    @Override
    public void close() {
        threads.close();
    }
}
