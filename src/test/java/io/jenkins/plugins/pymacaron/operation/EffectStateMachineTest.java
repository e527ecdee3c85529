package io.jenkins.plugins.pymacaron.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.operation.EffectStateMachine.Next;
import io.jenkins.plugins.pymacaron.operation.State.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EffectStateMachineTest {
    private static final Duration SETTLE = Duration.ofSeconds(60);

    private Instant now = VirtualTime.BEGIN;

    private static Effect effect(Duration settle) {
        return new Effect("k", "v", Map.of(), settle, "do it");
    }

    /** Returns a machine without jitter. */
    private EffectStateMachine fresh(Duration settle) {
        return EffectStateMachine.fresh(effect(settle), () -> 0.5, now);
    }

    private EffectStateMachine recovered() {
        return EffectStateMachine.recovered(effect(SETTLE), () -> 0.5, now);
    }

    private void lose(EffectStateMachine attempt) {
        assertThat(attempt.next(now)).isInstanceOf(Next.Apply.class);
        attempt.applyBegan();
        attempt.failed(EffectException.Kind.UNCERTAIN, "no answer", now);
    }

    /** Lets time pass while there is nothing to do. */
    private Next await(EffectStateMachine attempt) {
        Next next = attempt.next(now);
        while (next instanceof Next.Wait wait) {
            now = wait.until();
            next = attempt.next(now);
        }
        return next;
    }

    /** Answers every look-up; returns how long that went on. */
    private Duration lookUntilOther(EffectStateMachine attempt, Lookup answer) {
        Instant from = now;
        while (await(attempt) instanceof Next.LookUp) {
            attempt.lookBegan(now);
            attempt.looked(answer, now);
        }
        return Duration.between(from, now);
    }

    @Test
    void absentHasToHoldForTheSettleTimeAfterACrash() {
        EffectStateMachine attempt = recovered();
        assertThat(lookUntilOther(attempt, Lookup.ABSENT)).isEqualTo(SETTLE);
        assertThat(attempt.next(now)).isInstanceOf(Next.Apply.class);
    }

    @Test
    void absentHasToHoldAnewAfterEachLostAnswer() {
        EffectStateMachine attempt = fresh(SETTLE);
        for (int i = 0; i < 5; i++) {
            lose(attempt);
            assertThat(lookUntilOther(attempt, Lookup.ABSENT)).isEqualTo(SETTLE);
        }
    }

    @Test
    void anEffectThatSettlesAtOnceIsNotTriedInAHotLoop() {
        EffectStateMachine attempt = fresh(Duration.ZERO);
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            lose(attempt);
            pauses.add(lookUntilOther(attempt, Lookup.ABSENT).toMillis());
        }
        assertThat(pauses).containsExactly(500L, 1000L, 2000L, 4000L);
    }

    @Test
    void aLookThatBeganTooEarlyProvesNothingHoweverLateItAnswers() {
        EffectStateMachine attempt = recovered();
        attempt.lookBegan(now);
        now = now.plus(SETTLE.multipliedBy(2));
        attempt.looked(Lookup.ABSENT, now);
        assertThat(await(attempt)).isInstanceOf(Next.LookUp.class);
    }

    @Test
    void anEffectThatAppearsIsFoundSoonNotOnlyAfterTheSettleTime() {
        EffectStateMachine attempt = recovered();
        attempt.lookBegan(now);
        attempt.looked(Lookup.ABSENT, now);
        assertThat(await(attempt)).isInstanceOf(Next.LookUp.class);
        assertThat(Duration.between(VirtualTime.BEGIN, now)).isEqualTo(Duration.ofMillis(500));
        attempt.lookBegan(now);
        attempt.looked(Lookup.present(Map.of("id", "7")), now);
        assertThat(attempt.next(now))
                .isEqualTo(new Next.Settled(new Result(Result.How.FOUND, Map.of("id", "7"), "", now)));
    }

    @Test
    void noAnswerIsNeitherPresenceNorAbsence() {
        EffectStateMachine attempt = recovered();
        lookUntilOther(attempt, Lookup.unknown("no answer"));
        assertThat(attempt.next(now))
                .isEqualTo(new Next.Settled(new Result(Result.How.UNKNOWN, Map.of(), "no answer", now)));
        assertThat(Duration.between(VirtualTime.BEGIN, now))
                .isEqualTo(SETTLE.multipliedBy(2).plus(Effect.WITHIN).plus(EffectStateMachine.LAST_LOOKS));
    }

    @Test
    void aLookUpThatNeverReturnsIsGivenUpToo() {
        EffectStateMachine attempt = recovered();
        attempt.lookBegan(now);
        assertThat(await(attempt)).isInstanceOf(Next.Settled.class);
    }

    @Test
    void anEffectAbsentAtTheStopIsNotAppliedAnyMore() {
        EffectStateMachine attempt = recovered();
        attempt.stop(now);
        lookUntilOther(attempt, Lookup.ABSENT);
        assertThat(((Next.Settled) attempt.next(now)).result().how())
                .as("the request of the process before may still be carried out")
                .isEqualTo(Result.How.DOUBTFUL);
    }

    /** Loses the answer to one apply, does not see its effect, and is refused when it applies again. */
    private EffectStateMachine refusedAfterALostAnswer() {
        EffectStateMachine attempt = fresh(SETTLE);
        lose(attempt);
        lookUntilOther(attempt, Lookup.ABSENT);
        attempt.applyBegan();
        attempt.failed(EffectException.Kind.REJECTED, "the name is taken", now);
        return attempt;
    }

    @Test
    void aRefusalAfterALostAnswerMayComeFromTheEffectItself() {
        EffectStateMachine attempt = refusedAfterALostAnswer();
        assertThat(await(attempt)).isInstanceOf(Next.LookUp.class);
        attempt.lookBegan(now);
        attempt.looked(Lookup.present(Map.of("id", "7")), now);
        assertThat(attempt.next(now))
                .isEqualTo(new Next.Settled(new Result(Result.How.FOUND, Map.of("id", "7"), "", now)));
    }

    @Test
    void aRefusalAfterALostAnswerHoldsWhenNothingAppears() {
        EffectStateMachine attempt = refusedAfterALostAnswer();
        assertThat(lookUntilOther(attempt, Lookup.ABSENT)).isEqualTo(SETTLE);
        assertThat(attempt.next(now))
                .isEqualTo(new Next.Settled(new Result(Result.How.DOUBTFUL, Map.of(), "the name is taken", now)));
    }

    @Test
    void aRefusalAfterALostAnswerIsNoResultWhereNothingCanBeSeen() {
        EffectStateMachine attempt = refusedAfterALostAnswer();
        lookUntilOther(attempt, Lookup.unknown("no answer"));
        assertThat(attempt.next(now))
                .isEqualTo(new Next.Settled(new Result(Result.How.UNKNOWN, Map.of(), "the name is taken", now)));
    }

    @Test
    void aRefusalOfTheFirstApplyIsTheResultAtOnce() {
        EffectStateMachine attempt = fresh(SETTLE);
        attempt.applyBegan();
        attempt.failed(EffectException.Kind.REJECTED, "no", now);
        assertThat(attempt.next(now)).isEqualTo(new Next.Settled(new Result(Result.How.REJECTED, Map.of(), "no", now)));
    }

    /** Returns an undo that was refused, and that writes a fence only until a time after a minute. */
    private EffectStateMachine refusedFence(Duration later) {
        Effect fence = effect(SETTLE).fencedUntil(now.plus(SETTLE));
        now = now.plus(later);
        EffectStateMachine attempt = EffectStateMachine.fresh(fence, () -> 0.5, now);
        attempt.next(now);
        attempt.applyBegan();
        return attempt;
    }

    private Result refusedAndLooked(EffectStateMachine attempt, Lookup answer) {
        attempt.failed(EffectException.Kind.REJECTED, "forbidden", now);
        lookUntilOther(attempt, answer);
        return ((Next.Settled) attempt.next(now)).result();
    }

    @Test
    void aRefusedFenceIsNeededAsLongAsARequestMayComeLate() {
        Result result = refusedAndLooked(refusedFence(Duration.ZERO), Lookup.UNFENCED);

        assertThat(result.how()).isEqualTo(Result.How.REJECTED);
        assertThat(result.reason())
                .isEqualTo("forbidden; nothing was changed, so a clean-up after " + VirtualTime.BEGIN.plus(SETTLE)
                        + " can do without");
    }

    @Test
    void aRefusedFenceIsNotNeededAfterThat() {
        Result result = refusedAndLooked(refusedFence(SETTLE), Lookup.UNFENCED);

        assertThat(result.how()).isEqualTo(Result.How.FOUND);
        assertThat(result.reason()).startsWith("forbidden; nothing was changed, and no request from before ");
    }

    @Test
    void aRefusedUndoThatHasSomethingToUndoFailsAtAnyTime() {
        assertThat(refusedAndLooked(refusedFence(SETTLE.multipliedBy(100)), Lookup.ABSENT))
                .isEqualTo(new Result(Result.How.REJECTED, Map.of(), "forbidden", now));
    }

    @Test
    void aRefusedUndoOfWhatCannotBeSeenFailsAtOnce() {
        EffectStateMachine attempt = refusedFence(SETTLE.multipliedBy(100));
        Instant before = now;

        assertThat(refusedAndLooked(attempt, Lookup.unknown("forbidden too")))
                .isEqualTo(new Result(Result.How.REJECTED, Map.of(), "forbidden", before));
    }

    @Test
    void aFenceThatIsNotRefusedIsWrittenAtAnyTime() {
        EffectStateMachine attempt =
                EffectStateMachine.recovered(effect(SETTLE).fencedUntil(now.minus(SETTLE)), () -> 0.5, now);

        lookUntilOther(attempt, Lookup.UNFENCED);

        assertThat(attempt.next(now)).isInstanceOf(Next.Apply.class);
    }
}
