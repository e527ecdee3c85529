package io.jenkins.plugins.pymacaron.operation;

import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One effect on its way to its result: it does what its {@link EffectStateMachine} says, and reports the result to it,
 * one task at a time.
 */
final class EffectExecution {
    private static final Logger LOGGER = Logger.getLogger(EffectExecution.class.getName());

    private final EffectStateMachine attempt;
    private final Effect effect;
    private final Effector effector;
    private final DriverRuntime clockwork;
    private final Consumer<TransitionTask> turns;
    private final Consumer<String> note;
    private final Runnable returned;
    private InterruptibleCall apply;
    private InterruptibleCall find;
    private boolean dropped;

    /**
     * Makes the execution.
     *
     * @param note gets the reason why the effect is not applied yet
     * @param returned runs when an apply has returned and its result was reported
     */
    EffectExecution(
            EffectStateMachine attempt,
            Effector effector,
            DriverRuntime clockwork,
            Consumer<TransitionTask> turns,
            Consumer<String> note,
            Runnable returned) {
        this.attempt = attempt;
        this.effect = attempt.effect();
        this.effector = effector;
        this.clockwork = clockwork;
        this.turns = turns;
        this.note = note;
        this.returned = returned;
    }

    Effect effect() {
        return effect;
    }

    /** Returns whether the effector is at work now, as far as is known. */
    boolean applying() {
        return attempt.applying();
    }

    void stop() {
        attempt.stop(clockwork.clock().instant());
    }

    /**
     * Does all that can be done now.
     *
     * @param leaving whether nothing new may begin
     * @return the result, or the time until which there is nothing to do
     */
    EffectStateMachine.Next proceed(boolean leaving) {
        while (true) {
            EffectStateMachine.Next next = attempt.next(clockwork.clock().instant());
            if (next instanceof EffectStateMachine.Next.Settled || next instanceof EffectStateMachine.Next.Wait) {
                return next;
            }
            if (leaving && !applying()) {
                return new EffectStateMachine.Next.Wait(clockwork.clock().instant());
            }
            if (next instanceof EffectStateMachine.Next.Apply) {
                apply();
            } else if (applying() && apply.interrupt()) {
                failed(EffectException.Kind.RETRY, "there was no free thread to apply it");
            } else {
                find();
            }
        }
    }

    /** Ignores the results of calls that still run. */
    void drop() {
        dropped = true;
        if (find != null) {
            find.interrupt();
        }
        if (applying()) {
            apply.interrupt();
        }
    }

    private void apply() {
        attempt.applyBegan();
        try {
            apply = InterruptibleCall.start(clockwork.calls(), this::applyNow);
        } catch (RejectedExecutionException e) {
            failed(EffectException.Kind.RETRY, "this process is shutting down");
            throw e;
        }
    }

    private void applyNow() {
        try {
            Map<String, String> data = Map.copyOf(effector.apply(effect));
            turns.accept(() -> attempt.applied(data, clockwork.clock().instant()));
        } catch (EffectException e) {
            turns.accept(() -> failed(e.kind(), e.getMessage()));
        } catch (InterruptedException e) {
            turns.accept(() -> failed(EffectException.Kind.UNCERTAIN, "it was interrupted"));
        } catch (Throwable e) {
            LOGGER.log(Level.WARNING, "cannot tell whether this was applied: " + effect.key(), e);
            turns.accept(() -> failed(EffectException.Kind.UNCERTAIN, e.toString()));
        } finally {
            returned.run();
        }
    }

    private void failed(EffectException.Kind kind, String why) {
        attempt.failed(kind, why, clockwork.clock().instant());
        if (kind != EffectException.Kind.REJECTED && !dropped) {
            String then = kind == EffectException.Kind.RETRY ? "trying again" : "looking whether it was done";
            note.accept(effect.sentence() + ": " + why + "; " + then);
        }
    }

    private void find() {
        attempt.lookBegan(clockwork.clock().instant());
        find = InterruptibleCall.start(clockwork.calls(), () -> {
            Lookup found = look();
            turns.accept(() -> attempt.looked(found, clockwork.clock().instant()));
        });
    }

    private Lookup look() {
        try {
            return effector.find(effect);
        } catch (InterruptedException e) {
            return Lookup.unknown("the look-up was interrupted");
        } catch (Throwable e) {
            LOGGER.log(Level.FINE, "a look-up failed", e);
            return Lookup.unknown(e.toString());
        }
    }
}
