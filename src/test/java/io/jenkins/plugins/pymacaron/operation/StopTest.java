package io.jenkins.plugins.pymacaron.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Stopping and suspending, above all while an apply is under way. */
class StopTest {
    private final Rig rig = new Rig();
    private Run run;

    /** An apply that takes its time, in which everything else goes on. */
    private final class Slow implements Effector {
        private final Duration before;
        private final Duration after;
        private final boolean heedsInterrupts;

        Slow(Duration before, Duration after, boolean heedsInterrupts) {
            this.before = before;
            this.after = after;
            this.heedsInterrupts = heedsInterrupts;
        }

        @Override
        public Lookup find(Effect effect) {
            return rig.world.find(effect);
        }

        @Override
        public Map<String, String> apply(Effect effect) throws EffectException, InterruptedException {
            if (effect.verb().equals("drop")) {
                return rig.world.apply(effect);
            }
            pass(before);
            Map<String, String> data = rig.world.apply(effect);
            pass(after);
            return data;
        }

        private void pass(Duration time) throws InterruptedException {
            Instant end = rig.time.instant().plus(time);
            boolean interrupted = rig.time.runUntil(
                    () -> heedsInterrupts && Thread.currentThread().isInterrupted(), time);
            if (interrupted) {
                Thread.interrupted();
                throw new InterruptedException("at " + Duration.between(rig.time.instant(), end));
            }
        }
    }

    @AfterEach
    void nothingIsLeftInterrupted() {
        assertThat(Thread.interrupted()).isFalse();
    }

    private void stopAfter(Duration delay) {
        rig.time.schedule(delay, () -> run.stop("aborted by Ann"));
    }

    private void slow(Duration before, Duration after, boolean heedsInterrupts) throws IOException {
        run = rig.chain(1, new Slow(before, after, heedsInterrupts));
    }

    private void runUntilLogged(String line) {
        assertThat(rig.time.runUntil(() -> rig.log.contains(line), Duration.ofDays(1)))
                .as("%s in %s", line, rig.log)
                .isTrue();
    }

    @Test
    void aWaitEndsAtOnceAndIsUndone() throws IOException {
        run = rig.chain(1);
        rig.time.advance(Duration.ofSeconds(30));
        run.stop("aborted by Ann");
        rig.time.run();

        assertThat(run.outcome().join()).isEqualTo(new Outcome.Stopped("aborted by Ann", List.of()));
        assertThat(rig.when("Stopped")).isEqualTo(Duration.ofSeconds(30));
        assertThat(rig.world.things).isEmpty();
        assertThat(rig.time.idle()).isTrue();
    }

    @Test
    void aPauseBetweenTwoTriesEndsAtOnce() throws IOException {
        rig.world.faults("make-0", World.Fault.THROTTLED, World.Fault.THROTTLED);
        run = rig.chain(1);
        rig.time.advance(Duration.ofMillis(600));
        run.stop("aborted by Ann");
        rig.time.run();

        assertThat(run.outcome().join()).isEqualTo(new Outcome.Stopped("aborted by Ann", List.of()));
        assertThat(rig.world.count).isEmpty();
        assertThat(rig.log).contains("REJECTED make-0");
    }

    @Test
    void theFirstCauseCountsAndAStopAfterTheEndCountsForNothing() throws IOException {
        run = rig.chain(1);
        rig.time.run();
        run.stop("first");
        run.stop("second");
        assertThat(rig.end(run)).isEqualTo(new Outcome.Stopped("first", List.of()));

        run.stop("third");
        rig.time.run();
        assertThat(rig.state().outcome()).contains(new Outcome.Stopped("first", List.of()));
    }

    @Test
    void aStopAmidTheUndoOfAFailureLeavesItAFailure() throws IOException {
        rig.world.faults("make-0", World.Fault.LOST_ANSWER).silence(1);
        run = rig.chain(1);
        runUntilLogged("intent drop-0");
        run.stop("too late");

        assertThat(rig.end(run)).isInstanceOf(Outcome.Failed.class);
    }

    @Test
    void aStopBeforeAnythingHappenedUndoesNothing() throws IOException {
        run = rig.chain(1);
        run.stop("aborted by Ann");
        Outcome outcome = rig.end(run);

        assertThat(outcome).isEqualTo(new Outcome.Stopped("aborted by Ann", List.of()));
        assertThat(rig.world.things).isEmpty();
    }

    @Test
    void anApplyThatReturnsSoonIsNotDisturbed() throws IOException {
        slow(Duration.ofSeconds(1), Duration.ofMillis(300), true);
        stopAfter(Duration.ofSeconds(1));
        runUntilLogged("intent drop-0");

        assertThat(rig.log).contains("APPLIED make-0");
        assertThat(rig.when("intent drop-0")).isEqualTo(Duration.ofMillis(1300));
        assertThat(rig.end(run)).isEqualTo(new Outcome.Stopped("aborted by Ann", List.of()));
    }

    @Test
    void anApplyThatIsInterruptedIsLookedForBeforeTheUndo() throws IOException {
        slow(Duration.ofSeconds(1), Duration.ofMinutes(5), true);
        stopAfter(Duration.ofSeconds(2));
        runUntilLogged("intent drop-0");

        assertThat(rig.log).contains("FOUND make-0");
        assertThat(rig.when("intent drop-0")).isEqualTo(Duration.ofMillis(2500));
        assertThat(rig.end(run)).isEqualTo(new Outcome.Stopped("aborted by Ann", List.of()));
        assertThat(rig.world.count).isEqualTo(Map.of("make-0", 1, "drop-0", 1));
    }

    @Test
    void anApplyThatIsInterruptedInTimeIsUndoneSinceItsRequestMayBeOnItsWay() throws IOException {
        slow(Duration.ofMinutes(5), Duration.ZERO, true);
        stopAfter(Duration.ofSeconds(2));

        assertThat(rig.end(run)).isEqualTo(new Outcome.Stopped("aborted by Ann", List.of()));
        assertThat(rig.when("Stopped")).isBetween(Chain.SETTLE, Chain.SETTLE.plusSeconds(5));
        assertThat(rig.world.count).isEqualTo(Map.of("drop-0", 1));
    }

    @Test
    void anApplyThatIgnoresTheInterruptIsLookedForAllTheSame() throws IOException {
        slow(Duration.ofSeconds(1), Duration.ofMinutes(5), false);
        stopAfter(Duration.ofSeconds(2));
        runUntilLogged("intent drop-0");

        assertThat(rig.log).contains("FOUND make-0");
        assertThat(rig.when("intent drop-0")).isEqualTo(Duration.ofMillis(2500));
        assertThat(rig.end(run)).isEqualTo(new Outcome.Stopped("aborted by Ann", List.of()));
        rig.time.advance(Duration.ofHours(1));
        assertThat(rig.world.count).isEqualTo(Map.of("make-0", 1, "drop-0", 1));
        assertThat(rig.log).endsWith("Stopped");
    }

    @Test
    void absentCountsForNothingWhileTheApplyIsUnderWay() throws IOException {
        slow(Duration.ofMinutes(5), Duration.ofSeconds(1), false);
        stopAfter(Duration.ofSeconds(2));
        runUntilLogged("intent drop-0");

        assertThat(rig.when("intent drop-0")).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(6));
        assertThat(rig.end(run)).isEqualTo(new Outcome.Stopped("aborted by Ann", List.of()));
        assertThat(rig.world.things).isEmpty();
    }

    @Test
    void aSlowApplyThatSucceedsIsLeftInPeace() throws IOException {
        slow(Duration.ofMinutes(9), Duration.ofSeconds(1), true);
        runUntilLogged("waiting for thing-0");

        assertThat(rig.log).containsExactly("intent make-0", "APPLIED make-0", "waiting for thing-0");
    }

    @Test
    void anApplyThatNeverReturnsIsInterruptedAtItsDeadlineThenGivenUp() throws IOException {
        slow(Duration.ofDays(2), Duration.ZERO, false);
        runUntilLogged("UNKNOWN make-0");

        assertThat(rig.when("UNKNOWN make-0"))
                .isEqualTo(Chain.SETTLE.multipliedBy(2).plus(Effect.WITHIN).plus(EffectStateMachine.LAST_LOOKS));
        assertThat(rig.end(run)).isInstanceOf(Outcome.Failed.class);
        Thread.interrupted();
    }

    @Test
    void aSuspensionWaitsForTheApplyUnderWayAndKeepsItsResult() throws IOException {
        slow(Duration.ofSeconds(10), Duration.ofSeconds(10), true);
        rig.time.schedule(Duration.ofSeconds(5), () -> run.suspend("shutdown"));
        List<Boolean> meanwhile = new ArrayList<>();
        rig.time.schedule(Duration.ofSeconds(15), () -> {
            meanwhile.add(run.outcome().isDone());
            meanwhile.add(rig.disk.held());
        });

        assertThat(rig.end(run)).isEqualTo(new Outcome.Suspended("shutdown"));
        assertThat(meanwhile).containsExactly(false, true);
        assertThat(rig.state().result("make-0")).isPresent();
        assertThat(rig.disk.held()).isFalse();
        assertThat(rig.end(rig.resume())).isInstanceOf(Outcome.Done.class);
    }

    @Test
    void aJournalStaysHeldWhileAnApplyIsUnderWayThoughTheRunHasEnded() throws IOException {
        slow(Duration.ofSeconds(10), Duration.ofSeconds(10), false);
        rig.time.schedule(Duration.ofSeconds(5), () -> rig.disk.fail("No space left on device"));
        stopAfter(Duration.ofSeconds(6));
        List<Boolean> meanwhile = new ArrayList<>();
        rig.time.schedule(Duration.ofSeconds(7), () -> {
            meanwhile.add(run.outcome().isDone());
            meanwhile.add(rig.disk.held());
        });
        rig.time.advance(Duration.ofMinutes(1));

        assertThat(meanwhile).containsExactly(true, true);
        assertThat(run.outcome().join()).isInstanceOf(Outcome.Suspended.class);
        assertThat(rig.disk.held()).isFalse();
    }

    @Test
    void anEffectNotYetAppliedAtTheStopIsNotAppliedByALaterProcess() throws IOException {
        rig.world.faults("make-0", World.Fault.LOST_REQUEST).silence(1);
        run = rig.chain(1);
        rig.time.advance(Duration.ofSeconds(5));
        run.stop("aborted by Ann");
        run.suspend("shutdown");
        assertThat(rig.end(run)).isEqualTo(new Outcome.Suspended("shutdown"));

        rig.world.silence(0);
        assertThat(rig.end(rig.resume())).isEqualTo(new Outcome.Stopped("aborted by Ann", List.of()));
        assertThat(rig.world.count).as("its request may be on its way").isEqualTo(Map.of("drop-0", 1));
    }

    @Test
    void aStopSurvivesTheProcess() throws IOException {
        run = rig.chain(1);
        rig.time.advance(Duration.ofSeconds(5));
        run.stop("aborted by Ann");
        run.suspend("shutdown");
        rig.end(run);

        assertThat(rig.end(rig.resume())).isEqualTo(new Outcome.Stopped("aborted by Ann", List.of()));
    }
}
