package io.jenkins.plugins.pymacaron.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class ObservedWaitTest {
    private static final Subject A = new Subject("thing", "a");
    private static final Subject B = new Subject("thing", "b");

    private final VirtualTime time = new VirtualTime();
    private final List<String> log = new ArrayList<>();
    private final List<Long> readAt = new ArrayList<>();
    private final List<Subject> asked = new ArrayList<>();
    private final List<Observation> seen = new ArrayList<>();
    private final List<Runnable> stuck = new ArrayList<>();
    private String facts = "same";
    private RuntimeException defect;
    private IOException failure;
    private Duration slowness = Duration.ZERO;
    private ObservedWait wait = wait(time);

    private ObservedWait wait(Executor calls) {
        DriverRuntime all = time.clockwork();
        return new ObservedWait(
                new Observer("the cloud", this::read, new Backoff(Duration.ofSeconds(1), 2, Duration.ofSeconds(8), 0)),
                new DriverRuntime(all.scheduler(), all.clock(), all.turns(), calls, () -> 0.5),
                new Mailbox(time),
                () -> seen.add(wait.latest().orElseThrow()),
                log::add);
    }

    private Map<String, String> read(Subject subject) throws IOException, InterruptedException {
        readAt.add(Duration.between(VirtualTime.BEGIN, time.instant()).toSeconds());
        asked.add(subject);
        if (time.runUntil(() -> Thread.currentThread().isInterrupted(), slowness)) {
            Thread.interrupted();
            throw new InterruptedException();
        }
        if (defect != null) {
            throw defect;
        }
        if (failure != null) {
            throw failure;
        }
        return Map.of("facts", facts);
    }

    private boolean on(Subject subject, String what) {
        return wait.on(new Decision.Await(subject, time.instant().plus(Duration.ofDays(1)), what));
    }

    private void pass(int seconds) {
        time.advance(Duration.ofSeconds(seconds));
    }

    @Test
    void readsAtOnceThenSlowerAndSlowerUpToTheCap() {
        on(A, "a");
        pass(40);
        assertThat(readAt).containsExactly(0L, 1L, 3L, 7L, 15L, 23L, 31L, 39L);
        assertThat(seen).hasSize(8);
        assertThat(seen.get(2))
                .isEqualTo(new Observation(A, VirtualTime.BEGIN.plusSeconds(3), Map.of("facts", "same")));
    }

    @Test
    void isBackAtItsFirstPaceWhenSomethingChanges() {
        on(A, "a");
        pass(20);
        facts = "other";
        pass(7);
        assertThat(readAt).endsWith(15L, 23L, 24L, 26L);
    }

    @Test
    void saysWhetherItIsAnotherWaitAndGoesOnWithTheSameSubject() {
        assertThat(on(A, "a")).isTrue();
        assertThat(on(A, "a")).isFalse();
        pass(2);
        assertThat(on(A, "more of a")).isTrue();
        assertThat(wait.latest()).isPresent();
        pass(1);
        assertThat(readAt).containsExactly(0L, 1L, 3L);
    }

    @Test
    void anotherSubjectIsReadSoonButNotFasterThanTheFirstPace() {
        on(A, "a");
        pass(16);
        on(B, "b");
        assertThat(wait.latest()).isEmpty();
        pass(0);
        assertThat(readAt).endsWith(15L, 16L);

        wait.end();
        on(A, "a");
        pass(0);
        assertThat(readAt).endsWith(15L, 16L);
        pass(1);
        assertThat(readAt).endsWith(16L, 17L);
        assertThat(asked).endsWith(A, B, A);
    }

    @Test
    void aReadThatBeganForAnEarlierWaitIsNotToldToTheNextOne() {
        slowness = Duration.ofSeconds(5);
        on(A, "a");
        time.schedule(Duration.ofSeconds(2), () -> {
            wait.end();
            on(A, "a again");
        });
        pass(12);
        assertThat(seen.get(0).at()).isEqualTo(VirtualTime.BEGIN.plusSeconds(2));
        assertThat(log).isEmpty();
    }

    @Test
    void stopsAtItsEndAndBeginsAgain() {
        on(A, "a");
        pass(2);
        wait.end();
        wait.end();
        pass(1000);
        assertThat(readAt).containsExactly(0L, 1L);
        assertThat(time.idle()).isTrue();

        on(A, "a");
        pass(1);
        assertThat(readAt).containsExactly(0L, 1L, 1002L, 1003L);
    }

    @Test
    void errorsBackOffAndAreLoggedOnce() {
        failure = new IOException("rate exceeded");
        on(A, "a");
        pass(100);
        assertThat(readAt).containsExactly(0L, 0L, 1L, 3L, 7L, 15L, 31L, 61L, 91L);
        assertThat(seen).isEmpty();
        assertThat(log).containsExactly("cannot read the cloud now, trying again: rate exceeded");

        failure = null;
        pass(25);
        assertThat(readAt).endsWith(91L, 121L, 122L, 124L);
        assertThat(log).endsWith("the cloud can be read again").hasSize(2);
    }

    @Test
    void anotherWaitWhileReadsFailWaitsItsTurn() {
        failure = new IOException("rate exceeded");
        on(A, "a");
        pass(20);
        assertThat(readAt).endsWith(7L, 15L);

        on(B, "b");
        pass(15);
        assertThat(readAt).endsWith(7L, 15L);
        pass(1);
        assertThat(readAt).endsWith(15L, 36L);
        assertThat(log).hasSize(1);
    }

    @Test
    void aDefectOfTheReaderIsAnErrorLikeOthers() {
        defect = new IllegalStateException();
        on(A, "a");
        pass(2);
        assertThat(readAt).containsExactly(0L, 0L, 1L);
        assertThat(log).containsExactly("cannot read the cloud now, trying again: java.lang.IllegalStateException");
    }

    @Test
    void aReadThatHangsIsInterrupted() {
        slowness = Duration.ofHours(1);
        on(A, "a");
        time.runUntil(() -> readAt.size() == 2, Duration.ofHours(2));
        assertThat(readAt).containsExactly(0L, 60L);
        assertThat(log).containsExactly("cannot read the cloud now, trying again: no answer");
    }

    @Test
    void aReadThatFindsNoFreeThreadIsTriedAgain() {
        wait = wait(stuck::add);
        on(A, "a");
        pass(61);
        assertThat(log).containsExactly("cannot read the cloud now, trying again: there was no free thread to read it");
        assertThat(stuck).hasSize(2);
        stuck.forEach(Runnable::run);
        time.run();
        assertThat(readAt).as("the first one was called off").hasSize(1);
        assertThat(seen).hasSize(1);
    }

    @Test
    void aWaitMayEndAmidItsObservation() {
        wait = new ObservedWait(
                new Observer("the cloud", this::read, new Backoff(Duration.ofSeconds(1), 2, Duration.ofSeconds(8), 0)),
                time.clockwork(),
                new Mailbox(time),
                () -> {
                    seen.add(wait.latest().orElseThrow());
                    wait.end();
                },
                log::add);
        on(A, "a");
        pass(100);
        assertThat(seen).hasSize(1);
        assertThat(time.idle()).isTrue();
    }
}
