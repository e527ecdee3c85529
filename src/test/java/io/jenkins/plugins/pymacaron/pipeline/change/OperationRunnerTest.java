package io.jenkins.plugins.pymacaron.pipeline.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.pymacaron.operation.Operation;
import io.jenkins.plugins.pymacaron.pipeline.FakeTarget;
import io.jenkins.plugins.pymacaron.pipeline.Lines;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.lock.EnvironmentLocks;
import io.jenkins.plugins.pymacaron.pipeline.lock.RunLeases;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One change through its journal: its result, its failure with what is undone, and the same change asked for again. */
class OperationRunnerTest {
    private static final Candidate TWO = new Candidate("two", "image", "two", "sha256:two", "c-two");
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final String CHANGE = "staging-prepare";

    @TempDir
    Path directory;

    private final List<String> said = new CopyOnWriteArrayList<>();
    private FakeTarget target;
    private OperationRunner operations;

    @BeforeEach
    void begin() throws IOException {
        target = new FakeTarget("docker/hello/staging");
        target.serving("one", "c-one");
        operations = runner();
    }

    @AfterEach
    void end() {
        operations.close();
        target.close();
    }

    private OperationRunner runner() throws IOException {
        return new OperationRunner(directory.resolve("operations"), new Lines(said)).heldBy(locks());
    }

    private EnvironmentLocks locks() {
        return EnvironmentLocks.of("run-1", new RunLeases("run-1", new Lines(said)));
    }

    private Map<String, String> prepare() throws Exception {
        return operations.run(CHANGE, target, LONG, () -> target.prepare(TWO));
    }

    private StageFailedException failure() {
        return catchThrowableOfType(StageFailedException.class, this::prepare);
    }

    @Test
    void aChangeReturnsWhatItMade() throws Exception {
        Deployed made = Deployed.fromMap(prepare()).orElseThrow();

        assertThat(made.version()).isEqualTo("two");
        assertThat(target.answer()).isEqualTo("two");
        assertThat(operations.hasBegun(CHANGE)).isTrue();
        assertThat(operations.result(CHANGE)).containsEntry("version", "two");
    }

    @Test
    void aChangeThatIsDoneIsNotMadeAgain() throws Exception {
        Map<String, String> first = prepare();
        List<String> applied = List.copyOf(target.applied);

        Map<String, String> second = operations.run(CHANGE, target, LONG, () -> {
            throw new AssertionError("a change that is done is not settled anew");
        });

        assertThat(second).isEqualTo(first);
        assertThat(target.applied).isEqualTo(applied);
    }

    @Test
    void anotherProcessFindsTheResultInTheJournal() throws Exception {
        prepare();
        operations.close();

        try (OperationRunner another = runner()) {
            assertThat(another.result(CHANGE)).containsEntry("version", "two");
            assertThat(another.params(CHANGE)).containsEntry("create", "r-two");
        }
    }

    @Test
    void aChangeMadeElsewhereIsKnownWithoutAJournal() throws Exception {
        try (OperationRunner another = new OperationRunner(
                directory.resolve("others"), new Lines(said), id -> Map.of("made", "elsewhere by " + id))) {
            assertThat(another.result("live-prepare")).containsEntry("made", "elsewhere by live-prepare");
            assertThat(another.hasBegun("live-prepare")).isFalse();
        }
    }

    @Test
    void aRefusedEffectFailsTheChangeAndTheOnesBeforeItAreUndone() {
        target.faults.refused.add("route:r-two");

        StageFailedException failed = failure();

        assertThat(failed.outcome()).isEqualTo(RunOutcome.DEPLOY_FAILED);
        assertThat(failed).hasMessage("could not route r-two: refused");
        assertThat(target.versions()).containsExactly("one");
        assertThat(target.answer()).isEqualTo("one");
    }

    @Test
    void anEffectThatCannotBeUndoneIsNamedAndTheOutcomeSaysSo() {
        target.faults.refused.add("route:r-two");
        target.faults.refused.add("delete:r-two");

        StageFailedException failed = failure();

        assertThat(failed.outcome()).isEqualTo(RunOutcome.ROLLBACK_FAILED);
        assertThat(failed).hasMessage("could not route r-two: refused. Not undone: could not delete r-two: refused");
    }

    @Test
    void aCleanUpTriesAgainWhatWasNotUndone() throws Exception {
        target.faults.refused.add("route:r-two");
        target.faults.refused.add("delete:r-two");
        failure();
        assertThat(operations.undo(target, CHANGE, "its run was cut off")).hasSize(1);

        target.faults.refused.clear();

        assertThat(operations.undo(target, CHANGE, "its run was cut off")).isEmpty();
        assertThat(target.versions()).containsExactly("one");
        assertThat(operations.undo(target, CHANGE, "once more")).isEmpty();
    }

    @Test
    void aChangeThatTakesTooLongIsStoppedAndUndone() {
        target.faults.unready.put("two", "");

        StageFailedException failed = catchThrowableOfType(
                StageFailedException.class,
                () -> operations.run(CHANGE, target, Duration.ofMillis(300), () -> target.prepare(TWO)));

        assertThat(failed.outcome()).isEqualTo(RunOutcome.DEPLOY_FAILED);
        assertThat(failed).hasMessage("it took longer than 0 s");
        assertThat(target.versions()).containsExactly("one");
    }

    @Test
    void aChangeThatCannotBeSettledLeavesNoJournal() throws Exception {
        target.faults.unsettled.put("prepare", "the quota is used up");

        StageFailedException failed = failure();

        assertThat(failed.outcome()).isEqualTo(RunOutcome.DEPLOY_FAILED);
        assertThat(failed).hasMessage("the quota is used up");
        assertThat(operations.hasBegun(CHANGE)).isFalse();
    }

    @Test
    void aFailedChangeFailsAgainUnlessItIsToBeTriedAnew() throws Exception {
        target.faults.refused.add("create:");
        failure();
        target.faults.refused.clear();

        assertThat(failure()).hasMessage("could not create r-two: refused");

        operations.tryingAgain();
        assertThat(prepare()).containsEntry("version", "two");
    }

    @Test
    void anInterruptUndoesWhatIsHalfMade() throws Exception {
        target.faults.unready.put("two", "");
        Thread me = Thread.currentThread();
        target.watcher = moment -> {
            if (moment.equals("!create:r-two")) {
                me.interrupt();
            }
        };

        assertThatThrownBy(this::prepare).isInstanceOf(InterruptedException.class);

        assertThat(target.versions()).containsExactly("one");
        assertThat(Thread.interrupted()).as("the interrupt is used up").isFalse();
    }

    @Test
    void nothingBeginsThatTheGuardObjectsTo() throws Exception {
        operations.guardedBy(t -> {
            throw new TargetException("another deploys to " + t.environment());
        });

        assertThat(failure()).hasMessage("another deploys to docker/hello/staging");
        assertThat(target.applied).isEmpty();
        assertThat(operations.undo(target, CHANGE, "nothing was begun")).isEmpty();
    }

    @Test
    void aChangeThatTheGuardRefusesIsNotUndoneEither() throws Exception {
        target.faults.refused.add("route:r-two");
        target.faults.refused.add("delete:r-two");
        failure();
        operations.guardedBy(t -> {
            throw new TargetException("another deploys there");
        });

        assertThat(operations.undo(target, CHANGE, "clean-up")).containsExactly("another deploys there");
    }

    @Test
    void aJournalOfAnUnknownOperationIsLeftAndNamed() throws Exception {
        target.faults.refused.add("route:r-two");
        target.faults.refused.add("delete:r-two");
        failure();
        FakeTarget other = new FakeTarget("docker/hello/staging") {
            @Override
            public Optional<Operation> operation(String kind) {
                return Optional.empty();
            }
        };
        try (other) {
            assertThat(operations.undo(other, CHANGE, "clean-up"))
                    .containsExactly("this version does not know fake.prepare of staging-prepare");
        }
    }

    @Test
    void aChangeBackDoesNotBeginWhereAnotherRunHasChangedLiveSince() throws Exception {
        prepare();
        target.overtakenBy("three", "run-2 three 0a0b0c");
        AtomicInteger settled = new AtomicInteger();

        StageFailedException failed = catchThrowableOfType(
                StageFailedException.class,
                () -> operations.runBack("staging-rollback", target, LONG, () -> {
                    settled.incrementAndGet();
                    return target.rollBack(
                            target.current().orElseThrow(), target.earlier().get(0));
                }));

        assertThat(settled).hasValue(1);
        assertThat(failed.outcome()).isEqualTo(RunOutcome.SUPERSEDED);
        assertThat(failed).hasMessageContaining("three of run-2").hasMessageContaining("it stays as it is");
        assertThat(target.answer()).isEqualTo("three");
    }

    @Test
    void aChangeBackOfItsOwnRunGoesThrough() throws Exception {
        prepare();

        operations.runBack(
                "staging-rollback",
                target,
                LONG,
                () -> target.rollBack(
                        target.current().orElseThrow(), target.earlier().get(0)));

        assertThat(target.answer()).isEqualTo("one");
    }
}
