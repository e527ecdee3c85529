package io.jenkins.plugins.pymacaron.targets.cloud;

import io.jenkins.plugins.pymacaron.operation.Backoff;
import io.jenkins.plugins.pymacaron.operation.Driver;
import io.jenkins.plugins.pymacaron.operation.DriverRuntime;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A change whose process dies at one of its effects, and another process that finds its journal later. */
public final class CutOff implements AutoCloseable {
    private static final String ID = "cut-off";
    private static final int TRIES = 20;

    private final ShortWaits threads = new ShortWaits("cut off", 4);
    private final Target target;
    private final Operation operation;
    private final JournalStore store;
    private Duration passed = Duration.ZERO;

    /** The lines about the undo, in order. */
    public final List<String> notes = new CopyOnWriteArrayList<>();

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
                        CutOff.apply(target, wanted);
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

    /**
     * Applies an effect as a run does, which tries again when the cloud refuses a change since another hand, such as a
     * controller that writes a status, has changed the object in between.
     */
    public static Map<String, String> apply(Target target, Effect effect) throws EffectException, InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                return target.effector().apply(effect);
            } catch (EffectException e) {
                if (e.kind() != EffectException.Kind.RETRY || tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    /** Lets time pass until the next process finds the journal. */
    public CutOff later(Duration time) {
        passed = passed.plus(time);
        return this;
    }

    private Driver driver() {
        DriverRuntime now = threads.clockwork();
        Duration later = passed;
        return new Driver(new DriverRuntime(
                now.scheduler(), () -> now.clock().instant().plus(later), now.turns(), now.calls(), now.random()));
    }

    /** Returns the outcome where it goes on. */
    public Outcome resume() throws Exception {
        return driver().run(store.open(ID), operation, target.effector(), observer(), Listener.NONE)
                .await();
    }

    /** Returns the outcome where it is undone. */
    public Outcome undo() throws Exception {
        return driver().undo(
                        store.open(ID), operation, target.effector(), observer(), listener(), "its run was cut off")
                .await();
    }

    /** Returns the outcome where a later clean-up tries again what could not be undone. */
    public Outcome undoAgain() throws Exception {
        return driver().undoAgain(store.open(ID), operation, target.effector(), observer(), listener())
                .await();
    }

    private Listener listener() {
        return new Listener() {
            @Override
            public void note(String line) {
                notes.add(line);
            }
        };
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
