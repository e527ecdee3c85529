package io.jenkins.plugins.pymacaron.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

class DriverTest {
    private static final Subject THING = new Subject("thing", "thing-0");

    private final Rig rig = new Rig();

    /** Decides as it is told; its undo is the chain's. */
    private record Scripted(BiFunction<State, Optional<Observation>, Decision> script) implements Operation {
        @Override
        public String kind() {
            return "test.chain";
        }

        @Override
        public Decision decide(State state, Optional<Observation> latest, Instant now) {
            return script.apply(state, latest);
        }

        @Override
        public List<Effect> undo(State state) {
            return new Chain().undo(state);
        }
    }

    private Outcome run(BiFunction<State, Optional<Observation>, Decision> script) throws IOException {
        return rig.end(rig.start(new Scripted(script), Chain.length(2)));
    }

    @Test
    void tellsWhatItDoesInOrder() throws IOException {
        Outcome outcome = rig.end(rig.chain(1));

        assertThat(outcome).isEqualTo(new Outcome.Done(Map.of("thing-0", "id of thing-0")));
        assertThat(rig.log).containsExactly("intent make-0", "APPLIED make-0", "waiting for thing-0", "Done");
        assertThat(rig.state().outcome()).contains(outcome);
        assertThat(rig.disk.held()).isFalse();
        assertThat(rig.time.idle()).as("nothing is left running").isTrue();
    }

    @Test
    void anOperationWithNothingToDoIsDone() throws IOException {
        assertThat(rig.end(rig.chain(0))).isEqualTo(new Outcome.Done(Map.of()));
    }

    @Test
    void waitingBeyondTheDeadlineFailsEvenIfTheOperationWouldWaitOn() throws IOException {
        Instant deadline = rig.time.instant().plusSeconds(60);

        Outcome outcome = run((state, latest) -> new Decision.Await(THING, deadline, "Godot"));

        assertThat(outcome).isEqualTo(new Outcome.Failed("gave up waiting for Godot", List.of()));
        assertThat(rig.time.instant()).isEqualTo(deadline);
    }

    @Test
    void theOperationIsAskedAtTheDeadlineAlthoughNothingCanBeRead() throws IOException {
        rig.world.silence(1);
        Instant deadline = rig.time.instant().plusSeconds(60);

        Outcome outcome = run((state, latest) -> rig.time.instant().isBefore(deadline)
                ? new Decision.Await(THING, deadline, "Godot")
                : new Decision.Failed("he will not come"));

        assertThat(outcome).isEqualTo(new Outcome.Failed("he will not come", List.of()));
        assertThat(rig.log.stream().filter(l -> l.startsWith("cannot read world")))
                .hasSize(1);
    }

    @Test
    void observationsFromBeforeAnEffectOrOfAnotherSubjectAreForgotten() throws IOException {
        List<String> seen = new ArrayList<>();
        Subject other = new Subject("thing", "thing-1");
        Instant deadline = rig.time.instant().plusSeconds(600);
        int[] asked = {0};

        run((state, latest) -> {
            seen.add(latest.map(o -> o.subject().id()).orElse("-"));
            return switch (asked[0]++) {
                case 0, 3 -> new Decision.Await(THING, deadline, "thing");
                case 1 -> new Decision.Await(other, deadline, "other");
                case 2 -> new Decision.Apply(Chain.make(0));
                default -> new Decision.Done(Map.of());
            };
        });

        assertThat(seen).containsExactly("-", "thing-0", "thing-1", "-", "thing-0");
    }

    @Test
    void aRejectedEffectFailsWithItsReasonWhenAskedForAgain() throws IOException {
        rig.world.faults("make-1", World.Fault.REJECTED);

        Outcome outcome = rig.end(rig.chain(2));

        assertThat(outcome).isEqualTo(new Outcome.Failed("could not make thing-1: not allowed", List.of()));
        assertThat(rig.world.count).isEqualTo(Map.of("make-0", 1, "drop-0", 1));
    }

    @Test
    void anOperationMayLiveWithARejection() throws IOException {
        rig.world.faults("make-0", World.Fault.REJECTED);

        Outcome outcome = run((state, latest) -> state.rejection().isPresent()
                ? new Decision.Done(Map.of("without", "it"))
                : new Decision.Apply(Chain.make(0)));

        assertThat(outcome).isEqualTo(new Outcome.Done(Map.of("without", "it")));
    }

    @Test
    void askingForWhatIsDoneIsADefectNotALoop() throws IOException {
        Outcome outcome = run((state, latest) -> new Decision.Apply(Chain.make(0)));

        assertThat(outcome)
                .isEqualTo(new Outcome.Failed("a defect: it asks again for what is done, make-0", List.of()));
        assertThat(rig.world.things).isEmpty();
    }

    @Test
    void anEffectThrottledForTooLongIsNotApplied() throws IOException {
        World.Fault[] always = new World.Fault[200];
        java.util.Arrays.fill(always, World.Fault.THROTTLED);
        rig.world.faults("make-0", always);

        Outcome outcome = rig.end(rig.chain(1));

        assertThat(outcome)
                .isEqualTo(new Outcome.Failed("could not make thing-0: throttled, still after 600 s", List.of()));
        assertThat(rig.world.count).isEmpty();
        assertThat(rig.log).contains("make thing-0: throttled; trying again");
    }

    @Test
    void anUnknownResultEndsInAnUndo() throws IOException {
        rig.world.faults("make-0", World.Fault.LOST_ANSWER).silence(1);
        Run run = rig.chain(1);
        rig.time.runUntil(() -> rig.log.contains("intent drop-0"), Duration.ofHours(1));
        assertThat(rig.log).contains("make thing-0: no answer; looking whether it was done", "UNKNOWN make-0");

        assertThat(rig.end(run))
                .isEqualTo(
                        new Outcome.Failed("cannot tell whether this was done: make thing-0 (no answer)", List.of()));
        assertThat(rig.world.things).isEmpty();
    }

    @Test
    void anUndoThatIsRejectedDoesNotKeepTheOthersFromBeingUndone() throws IOException {
        rig.world.faults("make-2", World.Fault.REJECTED).faults("drop-1", World.Fault.REJECTED);

        Outcome outcome = rig.end(rig.chain(3));

        assertThat(outcome)
                .isEqualTo(new Outcome.Failed(
                        "could not make thing-2: not allowed", List.of("could not drop thing-1: not allowed")));
        assertThat(rig.world.things).containsExactly("thing-1");
    }

    @Test
    void aDefectInTheDecisionIsAFailureThatIsUndone() throws IOException {
        Outcome outcome = run((state, latest) -> {
            if (state.touched("make-0")) {
                throw new IllegalStateException("oops");
            }
            return new Decision.Apply(Chain.make(0));
        });

        assertThat(outcome)
                .isEqualTo(
                        new Outcome.Failed("a defect in test.chain: java.lang.IllegalStateException: oops", List.of()));
        assertThat(rig.world.things).isEmpty();
    }

    @Test
    void aDefectInTheUndoIsNamedAsWhatIsLeft() throws IOException {
        Operation operation = new Operation() {
            @Override
            public String kind() {
                return "test.broken";
            }

            @Override
            public Decision decide(State state, Optional<Observation> latest, Instant now) {
                return new Decision.Failed("no");
            }

            @Override
            public List<Effect> undo(State state) {
                throw new IllegalStateException("oops");
            }
        };

        Outcome outcome = rig.end(rig.start(operation, Map.of()));

        assertThat(((Outcome.Failed) outcome).left())
                .containsExactly(
                        "all changes of test.broken, since it has no undo:" + " java.lang.IllegalStateException: oops");
    }

    @Test
    void aBrokenListenerDisturbsNothing() throws IOException {
        Journal journal = Journal.begin("journal", rig.disk, rig.time, "test.chain", Chain.length(1));
        Listener broken = new Listener() {
            @Override
            public void intent(Effect effect) {
                throw new IllegalStateException("oops");
            }
        };

        assertThat(rig.end(rig.driver.run(journal, new Chain(), rig.world, rig.observer(), broken)))
                .isInstanceOf(Outcome.Done.class);
    }

    @Test
    void aFullDiskBeforeTheIntentSuspendsAndNothingIsApplied() throws IOException {
        Run run = rig.chain(1);
        rig.disk.fail("No space left on device");

        assertThat(rig.end(run))
                .isEqualTo(new Outcome.Suspended("the journal journal cannot be written: No space left on device"));
        assertThat(rig.world.count).isEmpty();

        rig.disk.fail("");
        assertThat(rig.end(rig.resume())).isInstanceOf(Outcome.Done.class);
    }

    @Test
    void aFullDiskAfterTheEffectSuspendsAndTheEffectIsFoundAgain() throws IOException {
        Run run = rig.chain(1, new Around(rig.world, () -> rig.disk.fail("No space left on device")));
        assertThat(rig.end(run)).isInstanceOf(Outcome.Suspended.class);

        rig.disk.fail("");
        assertThat(rig.end(rig.resume())).isInstanceOf(Outcome.Done.class);
        assertThat(rig.world.count).isEqualTo(Map.of("make-0", 1));
        assertThat(rig.log).contains("FOUND make-0");
    }

    /** Does something right after each effect. */
    private record Around(World world, Runnable then) implements Effector {
        @Override
        public Lookup find(Effect effect) {
            return world.find(effect);
        }

        @Override
        public Map<String, String> apply(Effect effect) throws EffectException, InterruptedException {
            Map<String, String> data = world.apply(effect);
            then.run();
            return data;
        }
    }

    @Test
    void aProcessThatShutsDownSuspends() throws IOException {
        DriverRuntime real = rig.time.clockwork();
        rig.driver = new Driver(new DriverRuntime(
                real.scheduler(),
                real.clock(),
                real.turns(),
                task -> {
                    throw new RejectedExecutionException();
                },
                real.random()));

        assertThat(rig.end(rig.chain(1))).isEqualTo(new Outcome.Suspended("this process is shutting down"));
        assertThat(rig.disk.held()).isFalse();

        rig.driver = new Driver(real);
        assertThat(rig.end(rig.resume())).isInstanceOf(Outcome.Done.class);
        assertThat(rig.world.count).isEqualTo(Map.of("make-0", 1));
    }

    @Test
    void suspendingTheDriverLeavesAllRunsToBeResumed() throws IOException {
        Run run = rig.chain(1);
        rig.time.advance(Duration.ofSeconds(5));

        rig.driver.suspend("Jenkins is going to shut down");

        assertThat(rig.end(run)).isEqualTo(new Outcome.Suspended("Jenkins is going to shut down"));
        assertThat(rig.world.things).hasSize(1);
        assertThat(rig.time.idle()).isTrue();
        assertThat(rig.end(rig.resume())).isInstanceOf(Outcome.Done.class);
    }

    @Test
    void aFinishedJournalOnlyTellsItsOutcomeAgain() throws IOException {
        Outcome outcome = rig.end(rig.chain(1));
        rig.log.clear();

        assertThat(rig.end(rig.resume())).isEqualTo(outcome);
        assertThat(rig.log).containsExactly("Done");
    }

    @Test
    void aJournalIsNotDrivenByAnotherOperation() throws IOException {
        Journal journal = Journal.begin("journal", rig.disk, rig.time, "docker.replace", Map.of());

        assertThatThrownBy(() -> rig.driver.run(journal, new Chain(), rig.world, rig.observer(), rig.listener))
                .hasMessage("a journal of docker.replace cannot be driven by test.chain");
    }
}
