package io.jenkins.plugins.pymacaron.operation;

import io.jenkins.plugins.pymacaron.operation.State.Result;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * A state machine of one effect from its intent to its result. It is told what happened and returns what to do next; it
 * does nothing itself.
 *
 * <p>It never lets an effect be applied while it may have been applied before: after a crash or a lost answer, the
 * answer has to be ABSENT when {@code settle} has passed since the first look-up, and an ABSENT during an apply does
 * not count. New applies begin until {@code settle + within} have passed; later look-ups bring nothing new, so a little
 * later the effect is given up, and its result says what is not known.
 *
 * <p>A refusal after an apply whose result is not known is no proof either: the earlier apply may be the reason for it, as
 * when a cloud refuses a name that is taken. The effect is looked up again, and counts as rejected only once it is ABSENT
 * for {@code settle}.
 *
 * <p>An absence never proves that a lost request will not be carried out later. So an effect that may have been applied
 * and ends as absent is {@link Result.How#DOUBTFUL}, not rejected: the undo includes it.
 *
 * <p>Such an undo writes a fence even where it has nothing to restore. If the fence is refused, and the world is as it was
 * before, the undo counts as done from {@link Effect#fencedUntil} on.
 */
final class EffectStateMachine {
    /** The time for which a running apply may go on undisturbed after a stop. */
    static final Duration GRACE = Duration.ofMillis(500);

    /** The time that the world may take to answer the last look-ups. */
    static final Duration LAST_LOOKS = Duration.ofSeconds(10);

    sealed interface Next {
        record Apply() implements Next {}

        /** Looks up the effect; a running apply is to be interrupted. */
        record LookUp() implements Next {}

        /** Does nothing until that time, or until something happens. */
        record Wait(Instant until) implements Next {}

        record Settled(Result result) implements Next {}
    }

    private final Effect effect;
    private final DoubleSupplier random;
    private final Instant deadline;
    private final Instant end;

    private boolean applyNext;
    private boolean applying;
    private boolean looking;
    private Instant notBefore;
    private Instant interruptAt;
    private Instant firstLook;
    private Instant lookBegan;
    private Duration hold;
    private int failures;
    private int looks;
    private boolean stopping;
    private boolean maybeApplied;
    private boolean refused;
    private String reason;
    private Result result;

    private EffectStateMachine(Effect effect, DoubleSupplier random, Instant now, boolean applyNext, String reason) {
        this.effect = effect;
        this.random = random;
        this.deadline = now.plus(effect.settle()).plus(effect.within());
        this.end = deadline.plus(effect.settle()).plus(LAST_LOOKS);
        this.interruptAt = deadline;
        this.notBefore = now;
        this.applyNext = applyNext;
        this.maybeApplied = !applyNext;
        this.hold = effect.settle();
        this.reason = reason;
    }

    /** Returns the machine of an effect whose intent has just been written. */
    static EffectStateMachine fresh(Effect effect, DoubleSupplier random, Instant now) {
        return new EffectStateMachine(effect, random, now, true, "it was never begun");
    }

    /** Returns the machine of an effect whose intent was found without a result. */
    static EffectStateMachine recovered(Effect effect, DoubleSupplier random, Instant now) {
        return new EffectStateMachine(
                effect, random, now, false, "the process that applied it did not record the result");
    }

    Effect effect() {
        return effect;
    }

    boolean applying() {
        return applying;
    }

    Next next(Instant now) {
        if (result == null) {
            result = giveUp(now);
        }
        if (result != null) {
            return new Next.Settled(result);
        }
        if (looking) {
            return new Next.Wait(end);
        }
        Instant due = applying && interruptAt.isAfter(notBefore) ? interruptAt : notBefore;
        if (now.isBefore(due)) {
            return new Next.Wait(due.isBefore(end) ? due : end);
        }
        return applyNext && !applying ? new Next.Apply() : new Next.LookUp();
    }

    private Result giveUp(Instant now) {
        boolean certain = applyNext && !applying;
        if (certain && stopping) {
            return result(notApplied(), Map.of(), "stopped before it was done; " + reason, now);
        }
        if (certain && !notBefore.isBefore(deadline)) {
            return result(
                    notApplied(),
                    Map.of(),
                    reason + ", still after " + effect.within().toSeconds() + " s",
                    now);
        }
        if (!now.isBefore(end)) {
            return result(Result.How.UNKNOWN, Map.of(), reason, now);
        }
        return null;
    }

    private Result.How notApplied() {
        return maybeApplied ? Result.How.DOUBTFUL : Result.How.REJECTED;
    }

    private static Result result(Result.How how, Map<String, String> data, String reason, Instant now) {
        return new Result(how, data, reason, now);
    }

    /** Applies nothing from now on; an effect that may have been applied is still looked up. */
    void stop(Instant now) {
        if (!stopping) {
            stopping = true;
            Instant soon = now.plus(GRACE);
            interruptAt = soon.isBefore(interruptAt) ? soon : interruptAt;
        }
    }

    void applyBegan() {
        applying = true;
        applyNext = false;
        firstLook = null;
    }

    void applied(Map<String, String> data, Instant now) {
        applying = false;
        result = result(Result.How.APPLIED, data, "", now);
    }

    void failed(EffectException.Kind kind, String why, Instant now) {
        applying = false;
        reason = why;
        Duration delay = Backoff.RETRY.delay(failures++, random.getAsDouble());
        switch (kind) {
            case REJECTED -> {
                if (maybeApplied || effect.fencedUntil().isPresent()) {
                    refused = true;
                    lookAgain(effect.settle(), now);
                } else {
                    result = result(Result.How.REJECTED, Map.of(), why, now);
                }
            }
            case RETRY -> {
                applyNext = true;
                notBefore = now.plus(delay);
            }
            case UNCERTAIN -> {
                // Without the delay, an effect that settles at once would be applied and lost in a hot loop.
                maybeApplied = true;
                lookAgain(delay.compareTo(effect.settle()) > 0 ? delay : effect.settle(), now);
            }
        }
    }

    private void lookAgain(Duration until, Instant now) {
        hold = until;
        looks = 0;
        notBefore = now;
    }

    /** Returns the result of a fence that was refused, where there is nothing else to undo. */
    private Result unfenced(Instant until, Instant now) {
        String time = until.truncatedTo(ChronoUnit.SECONDS).toString();
        return now.isBefore(until)
                ? result(
                        notApplied(),
                        Map.of(),
                        reason + "; nothing was changed, so a clean-up after " + time + " can do without",
                        now)
                : result(
                        Result.How.FOUND,
                        Map.of(),
                        reason + "; nothing was changed, and no request from before " + time + " can come any more",
                        now);
    }

    void lookBegan(Instant now) {
        looking = true;
        lookBegan = now;
        if (firstLook == null && !applying) {
            firstLook = now;
        }
    }

    void looked(Lookup answer, Instant now) {
        looking = false;
        notBefore = now.plus(Backoff.RETRY.delay(looks++, random.getAsDouble()));
        if (answer instanceof Lookup.Present present) {
            result = result(Result.How.FOUND, present.data(), "", now);
        } else if (answer instanceof Lookup.Unknown unknown) {
            reason = refused ? reason : unknown.reason();
            if (refused && !maybeApplied) {
                result = result(Result.How.REJECTED, Map.of(), reason, now);
            }
        } else if (answer instanceof Lookup.Unfenced
                && refused
                && effect.fencedUntil().isPresent()) {
            result = unfenced(effect.fencedUntil().get(), now);
        } else if (firstLook != null) {
            Instant sure = firstLook.plus(hold);
            if (refused && !lookBegan.isBefore(sure)) {
                result = result(notApplied(), Map.of(), reason, now);
                return;
            }
            applyNext = !lookBegan.isBefore(sure);
            notBefore = applyNext ? now : sure.isBefore(notBefore) ? sure : notBefore;
        }
    }
}
