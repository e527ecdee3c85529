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
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.operation.Run;
import io.jenkins.plugins.pymacaron.operation.ThreadedRuntime;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Change;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Target;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Takes the changes of a target through the real driver, for which time goes ten times as fast as for the server: what it
 * waits for minutes, it waits for seconds.
 */
public final class FastDrive implements AutoCloseable {
    private static final int FASTER = 10;

    /** A change may take that long, as the stage gives it; then it is stopped. */
    private static final Duration WITHIN = Duration.ofMinutes(5);

    /** And its undo: up to six effects of about ten minutes each, and their last look-ups. */
    private static final Duration UNDO_WITHIN = Duration.ofMinutes(80);

    private static final Backoff PACE = new Backoff(Duration.ofMillis(500), 1.1, Duration.ofSeconds(5), 0.1);

    /** Part of the end of a story whose undo has left something. */
    public static final String LEFT = ", with something left";

    private record Unfinished(String id, Target target, Change change) {}

    private final FaultPlan plan;
    private volatile boolean undoing;
    private final List<Unfinished> unfinished = new ArrayList<>();
    private final Listener listener = new Listener() {
        @Override
        public void note(String line) {
            log.add(line);
            undoing |= line.endsWith("; undoing what was done");
        }

        @Override
        public void waiting(String what, Instant deadline) {
            log.add("waiting for " + what);
        }
    };
    private final ThreadedRuntime threads = new ThreadedRuntime("fast", 4);
    private final DriverRuntime clockwork;
    private final Driver driver;
    private final JournalStore store;
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private int count;

    /** @param plan also refuses effects of an undo, until its end */
    public FastDrive(Path journals, FaultPlan plan) {
        this.plan = plan;
        DriverRuntime real = threads.clockwork();
        Instant began = real.clock().instant();
        InstantSource fast =
                () -> began.plus(Duration.between(began, real.clock().instant()).multipliedBy(FASTER));
        clockwork = new DriverRuntime(
                (delay, task) -> real.scheduler().schedule(delay.dividedBy(FASTER), task),
                fast,
                real.turns(),
                real.calls(),
                real.random());
        driver = new Driver(clockwork);
        store = new JournalStore(journals, fast);
    }

    /** Returns the log of effects and waits. */
    public String log() {
        return String.join("\n", List.copyOf(log));
    }

    /** @throws AssertionError when it does not come to an end */
    public Outcome run(Target target, Change change) throws Exception {
        String id = "change-" + ++count;
        undoing = false;
        Run run = driver.run(
                store.create(id, change.operation().kind(), change.params()),
                change.operation(),
                refusing(target.effector()),
                observer(target),
                listener);
        var timer = clockwork.scheduler().schedule(WITHIN, () -> run.stop("it took longer than its stage may"));
        try {
            Outcome outcome = ended(run);
            if (!outcome.left().isEmpty()) {
                unfinished.add(new Unfinished(id, target, change));
            }
            return outcome;
        } finally {
            timer.cancel();
        }
    }

    /**
     * Takes a candidate to live.
     *
     * @return how it ended: {@code live}, or a text that begins with {@code not prepared}, {@code prepared, not live} or
     *     {@code not begun}, with {@link #LEFT} in it where something is left
     */
    public String promote(Target live, Candidate candidate, Deployed first) throws Exception {
        try {
            Outcome prepared = run(live, live.prepare(candidate));
            if (!(prepared instanceof Outcome.Done done)) {
                return "not prepared" + left(prepared);
            }
            Deployed ready = Deployed.fromMap(done.result()).orElseThrow();
            Outcome active = run(live, live.activate(candidate, ready, Optional.of(first)));
            return active instanceof Outcome.Done ? "live" : "prepared, not live" + left(active);
        } catch (TargetException e) {
            return "not begun: " + e.getMessage();
        }
    }

    /** Returns the end of a story after its name: the outcome, and whether something is left. */
    public static String left(Outcome outcome) {
        return (outcome.left().isEmpty() ? "" : LEFT) + ": " + outcome;
    }

    private Effector refusing(Effector effector) {
        return new Effector() {
            @Override
            public Lookup find(Effect effect) throws InterruptedException {
                return effector.find(effect);
            }

            @Override
            public Map<String, String> apply(Effect effect) throws EffectException, InterruptedException {
                if (undoing && plan.refusesUndo()) {
                    throw EffectException.rejected("it is refused this time");
                }
                return effector.apply(effect);
            }
        };
    }

    private Outcome ended(Run run) throws Exception {
        try {
            return run.outcome().get(WITHIN.plus(UNDO_WITHIN).dividedBy(FASTER).toMillis(), TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new AssertionError("it has no end: " + log(), e);
        }
    }

    /**
     * Undoes again what the changes have left, as the next clean-up does. The faults are over.
     *
     * @param end of the story, with {@link #LEFT} if something is left
     * @return the end without it, so that the story is held to what a complete undo promises
     * @throws AssertionError when something is still left
     */
    public String cleanedUp(String end) throws Exception {
        if (end.contains(LEFT) == unfinished.isEmpty()) {
            throw new AssertionError(end + ", but " + unfinished.size() + " changes have left something");
        }
        for (Unfinished one : unfinished) {
            Outcome outcome = ended(driver.undoAgain(
                    store.open(one.id()),
                    one.change().operation(),
                    one.target().effector(),
                    observer(one.target()),
                    listener));
            if (!outcome.left().isEmpty()) {
                throw new AssertionError("the next clean-up leaves something too: " + outcome + "\n" + log());
            }
        }
        return end.replace(LEFT, "");
    }

    private Observer observer(Target target) {
        return new Observer(target.environment(), target::read, PACE);
    }

    @Override
    public void close() {
        driver.suspend("the story is over");
        threads.close();
    }
}
