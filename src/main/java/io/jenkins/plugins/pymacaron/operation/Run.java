package io.jenkins.plugins.pymacaron.operation;

import io.jenkins.plugins.pymacaron.operation.State.Undoing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * An operation on its way through its journal. Each event (an answer, an observation, a timer, a stop) is a task: it
 * changes what is known, and then the run goes as far as it can without waiting. Tasks run one at a time, so nothing
 * here is locked, and no thread is held between them.
 */
public final class Run {
    private static final Logger LOGGER = Logger.getLogger(Run.class.getName());

    /** Reads the clock from time to time, since wall clocks are set and machines sleep. */
    private static final Duration NAP = Duration.ofHours(1);

    private final DriverRuntime clockwork;
    private final Journal journal;
    private final Operation operation;
    private final Effector effector;
    private final Listener listener;
    private final Mailbox turns;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private final ObservedWait waiting;

    private EffectExecution application;
    private Scheduler.Timer timer = () -> {};
    private String suspension = "";

    Run(
            DriverRuntime clockwork,
            Journal journal,
            Operation operation,
            Effector effector,
            Observer observer,
            Listener listener) {
        this.clockwork = clockwork;
        this.journal = journal;
        this.operation = operation;
        this.effector = effector;
        this.listener = listener;
        this.turns = new Mailbox(clockwork.turns());
        this.waiting = new ObservedWait(observer, clockwork, turns, this::begin, line -> tell(l -> l.note(line)));
    }

    /**
     * Returns a future that completes when the run has ended, on one of its own threads: a dependent action must return
     * soon.
     */
    public CompletableFuture<Outcome> outcome() {
        return outcome.copy();
    }

    public String id() {
        return journal.id();
    }

    /**
     * Asks for the end. Returns at once; from then on the run waits only for what may be half-done, and the undo begins
     * as soon as that is known. The stop is written to the journal, so that a crash does not make the operation go on.
     * It has no effect once the run has ended or its undo has begun.
     */
    public void stop(String cause) {
        turn(() -> {
            State state = journal.state();
            if (state.stopCause().isPresent() || state.undone()) {
                return;
            }
            journal.append(new Entry.Stop(now(), cause));
            waiting.end();
            if (application != null) {
                application.stop();
            }
        });
    }

    /**
     * Leaves the operation as it is, to be resumed by another process: nothing is undone and nothing new begins.
     * Returns at once; the run ends, and frees its journal, when a running apply has returned.
     */
    public void suspend(String reason) {
        turn(() -> suspension = reason);
    }

    /**
     * Waits for the end. An interrupt stops the run, and its undo is waited for: the outcome then tells of the interrupt.
     *
     * @throws InterruptedException at a second interrupt; the run is suspended, and the undo is left to a later process
     */
    public Outcome await() throws InterruptedException {
        boolean stopped = false;
        while (true) {
            try {
                return outcome.get();
            } catch (InterruptedException e) {
                if (stopped) {
                    suspend("interrupted");
                    throw e;
                }
                stop("interrupted");
                stopped = true;
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Goes on from the current end of the journal. */
    void begin() {
        turn(() -> {});
    }

    /** Begins again the undo of an operation that has ended. */
    void undoAgain() {
        turn(() -> journal.append(new Entry.Again(now())));
    }

    private void turn(TransitionTask change) {
        turns.execute(() -> {
            if (outcome.isDone()) {
                return;
            }
            try {
                change.take();
                boolean more = true;
                while (more && !outcome.isDone()) {
                    more = step();
                }
            } catch (JournalException e) {
                end(new Outcome.Suspended(e.getMessage()));
            } catch (RejectedExecutionException e) {
                end(new Outcome.Suspended(suspension.isEmpty() ? "this process is shutting down" : suspension));
            } catch (RuntimeException | Error e) {
                LOGGER.log(Level.WARNING, "operation " + journal.id() + " has a defect", e);
                end(new Outcome.Suspended("a defect in " + operation.kind() + ": " + e));
            }
        });
    }

    /** Takes one step. @return whether there is more to do now */
    private boolean step() throws JournalException {
        if (application != null) {
            return pursue();
        }
        if (!suspension.isEmpty()) {
            end(new Outcome.Suspended(suspension));
            return false;
        }
        State state = journal.state();
        if (state.outcome().isPresent()) {
            end(state.outcome().get());
            return false;
        }
        if (state.pending().isPresent()) {
            Effect effect = state.pending().get().effect();
            tell(l -> l.note(effect.sentence() + ": begun before, looking whether it was done"));
            application = application(EffectStateMachine.recovered(effect, clockwork.random(), now()));
            if (state.stopCause().isPresent() && !state.undone()) {
                application.stop();
            }
            return true;
        }
        if (state.undoing().isPresent()) {
            return undo(state, state.undoing().get());
        }
        if (state.stopCause().isPresent()) {
            return turnBack(state, true, state.stopCause().get());
        }
        if (state.mystery().isPresent()) {
            return turnBack(state, false, state.mystery().get());
        }
        return decide(state);
    }

    private boolean decide(State state) throws JournalException {
        Instant now = now();
        Decision decision = decision(state, now);
        if (decision instanceof Decision.Await await && now.isBefore(await.deadline())) {
            if (waiting.on(await)) {
                tell(l -> l.waiting(await.what(), await.deadline()));
            }
            wakeAt(await.deadline());
            return false;
        }
        waiting.end();
        if (decision instanceof Decision.Apply next) {
            return intend(state, next.effect());
        }
        if (decision instanceof Decision.Done done) {
            journal.append(new Entry.End(now, new Outcome.Done(done.result())));
            return true;
        }
        String reason = decision instanceof Decision.Await late
                ? "gave up waiting for " + late.what()
                : ((Decision.Failed) decision).reason();
        return turnBack(state, false, reason);
    }

    private Decision decision(State state, Instant now) {
        try {
            return operation.decide(state, waiting.latest(), now);
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "operation " + journal.id() + " cannot decide", e);
            return new Decision.Failed("a defect in " + operation.kind() + ": " + e);
        }
    }

    private boolean intend(State state, Effect effect) throws JournalException {
        Optional<State.Result> before = state.result(effect.key());
        if (before.isPresent()) {
            return turnBack(
                    state,
                    false,
                    state.rejection().orElse("a defect: it asks again for what is done, " + effect.key()));
        }
        begin(effect, false);
        return true;
    }

    private void begin(Effect effect, boolean undo) throws JournalException {
        journal.append(new Entry.Intent(now(), effect, undo));
        tell(l -> l.intent(effect));
        application = application(EffectStateMachine.fresh(effect, clockwork.random(), now()));
    }

    private EffectExecution application(EffectStateMachine attempt) {
        return new EffectExecution(
                attempt,
                effector,
                clockwork,
                this::turn,
                line -> tell(l -> l.note(line)),
                () -> turns.execute(this::closeIfEnded));
    }

    private boolean turnBack(State state, boolean stopped, String reason) throws JournalException {
        List<Effect> effects = List.of();
        String trouble = "";
        try {
            effects = operation.undo(state);
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "operation " + journal.id() + " cannot say how to undo it", e);
            trouble = "all changes of " + operation.kind() + ", since it has no undo: " + e;
        }
        journal.append(new Entry.Undo(now(), new Undoing(stopped, reason, effects, trouble)));
        String back = effects.isEmpty() ? "; there is nothing to undo" : "; undoing what was done";
        tell(l -> l.note(reason + back));
        return true;
    }

    private boolean undo(State state, Undoing undoing) throws JournalException {
        Optional<Effect> next = state.nextUndo();
        if (next.isPresent()) {
            begin(next.get(), true);
        } else {
            Outcome end = undoing.stopped()
                    ? new Outcome.Stopped(undoing.reason(), state.left())
                    : new Outcome.Failed(undoing.reason(), state.left());
            journal.append(new Entry.End(now(), end));
        }
        return true;
    }

    private boolean pursue() throws JournalException {
        boolean leaving = !suspension.isEmpty();
        EffectStateMachine.Next next = application.proceed(leaving);
        Effect effect = application.effect();
        if (next instanceof EffectStateMachine.Next.Settled settled) {
            journal.append(new Entry.Ended(now(), effect.key(), journal.state().undone(), settled.result()));
            tell(l -> l.applied(effect, settled.result()));
            if (settled.result().good() && !settled.result().reason().isEmpty()) {
                tell(l -> l.note(effect.sentence() + ": " + settled.result().reason()));
            }
        } else if (!leaving || application.applying()) {
            wakeAt(((EffectStateMachine.Next.Wait) next).until());
            return false;
        }
        application.drop();
        application = null;
        return true;
    }

    private void closeIfEnded() {
        if (outcome.isDone()) {
            journal.close();
        }
    }

    private void wakeAt(Instant when) {
        timer.cancel();
        Duration delay = Duration.between(now(), when);
        timer = clockwork
                .scheduler()
                .schedule(
                        delay.isNegative() ? Duration.ZERO : delay.compareTo(NAP) > 0 ? NAP : delay,
                        () -> turn(() -> {}));
    }

    private Instant now() {
        return clockwork.clock().instant();
    }

    /**
     * Ends the run. A running apply keeps the journal from another driver until it has returned, see
     * {@link #closeIfEnded}.
     */
    private void end(Outcome how) {
        timer.cancel();
        waiting.end();
        if (application == null || !application.applying()) {
            journal.close();
        }
        tell(l -> l.done(how));
        outcome.complete(how);
    }

    private void tell(Consumer<Listener> what) {
        try {
            what.accept(listener);
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "the log of operation " + journal.id() + " is broken", e);
        }
    }
}
