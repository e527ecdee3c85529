package io.jenkins.plugins.pymacaron.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PollingObserverTest {
    private static final Subject A = new Subject("thing", "a");
    private static final Subject B = new Subject("thing", "b");

    private final VirtualTime time = new VirtualTime();
    private final List<String> log = new ArrayList<>();
    private final List<Long> readAt = new ArrayList<>();
    private final List<Set<Subject>> asked = new ArrayList<>();
    private final List<Observation> seen = new ArrayList<>();
    private String facts = "same";
    private RuntimeException defect;
    private IOException failure;
    private Duration slowness = Duration.ZERO;

    private final PollingObserver observer = new PollingObserver(
            "the cloud",
            this::read,
            time.clockwork(),
            new Backoff(Duration.ofSeconds(1), 2, Duration.ofSeconds(8), 0),
            new Backoff(Duration.ofSeconds(10), 2, Duration.ofSeconds(60), 0),
            log::add);

    private Map<Subject, Map<String, String>> read(Set<Subject> subjects) throws IOException, InterruptedException {
        readAt.add(seconds());
        asked.add(subjects);
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
        Map<Subject, Map<String, String>> answer = new HashMap<>();
        subjects.forEach(s -> answer.put(s, Map.of("facts", facts)));
        return answer;
    }

    private long seconds() {
        return Duration.between(VirtualTime.BEGIN, time.instant()).toSeconds();
    }

    private void pass(int seconds) {
        time.advance(Duration.ofSeconds(seconds));
    }

    @Test
    void readsAtOnceThenSlowerAndSlowerUpToTheCap() {
        observer.watch(A, seen::add);
        pass(40);
        assertThat(readAt).containsExactly(0L, 1L, 3L, 7L, 15L, 23L, 31L, 39L);
        assertThat(seen).hasSize(8);
        assertThat(seen.get(2))
                .isEqualTo(new Observation(A, VirtualTime.BEGIN.plusSeconds(3), Map.of("facts", "same")));
    }

    @Test
    void isBackAtItsFirstPaceWhenSomethingChanges() {
        observer.watch(A, seen::add);
        pass(20);
        facts = "other";
        pass(7);
        assertThat(readAt).endsWith(15L, 23L, 24L, 26L);
    }

    @Test
    void manyWatchersAreOneReading() {
        observer.watch(A, seen::add);
        observer.watch(A, seen::add);
        for (int i = 0; i < 50; i++) {
            observer.watch(B, seen::add);
        }
        time.run();
        assertThat(asked).containsExactly(Set.of(A, B));
        assertThat(seen).hasSize(52);
    }

    @Test
    void aNewcomerIsServedSoonButNotFasterThanTheFirstPace() {
        observer.watch(A, seen::add);
        pass(16);
        observer.watch(B, seen::add);
        pass(0);
        assertThat(readAt).endsWith(15L, 16L);

        observer.watch(B, seen::add);
        pass(0);
        assertThat(readAt).endsWith(15L, 16L);
        pass(1);
        assertThat(readAt).endsWith(16L, 17L);
    }

    @Test
    void aNewcomerIsNotToldWhatBeganToBeReadBeforeItCame() {
        slowness = Duration.ofSeconds(5);
        time.schedule(Duration.ofSeconds(2), () -> observer.watch(B, seen::add));
        observer.watch(B, o -> {});
        pass(12);
        assertThat(readAt).startsWith(0L, 6L);
        assertThat(seen.get(0).at()).isEqualTo(VirtualTime.BEGIN.plusSeconds(6));
    }

    @Test
    void stopsWhenNobodyWatchesAndBeginsAgain() {
        Subscription watch = observer.watch(A, seen::add);
        pass(2);
        watch.close();
        watch.close();
        pass(1000);
        assertThat(readAt).containsExactly(0L, 1L);
        assertThat(time.idle()).isTrue();

        observer.watch(A, seen::add);
        pass(1);
        assertThat(readAt).containsExactly(0L, 1L, 1002L, 1003L);
    }

    @Test
    void errorsBackOffAreLoggedOnceAndToldToNobody() {
        failure = new IOException("rate exceeded");
        observer.watch(A, seen::add);
        pass(100);
        observer.watch(A, seen::add).close();
        pass(40);
        assertThat(readAt).containsExactly(0L, 10L, 30L, 70L, 130L);
        assertThat(seen).isEmpty();
        assertThat(log).containsExactly("cannot read the cloud now, trying again: rate exceeded");

        failure = null;
        pass(55);
        assertThat(readAt).endsWith(130L, 190L, 191L, 193L);
        assertThat(log).endsWith("the cloud can be read again").hasSize(2);
    }

    @Test
    void whoComesBackWhileReadingFailsWaitsItsTurn() {
        failure = new IOException("rate exceeded");
        observer.watch(A, seen::add).close();
        Subscription watch = observer.watch(A, seen::add);
        pass(1);
        watch.close();
        observer.watch(A, seen::add);
        pass(9);
        assertThat(readAt).containsExactly(0L);
        pass(1);
        assertThat(readAt).containsExactly(0L, 11L);
    }

    @Test
    void aDefectOfTheReaderIsAnErrorLikeOthers() {
        defect = new IllegalStateException();
        observer.watch(A, seen::add);
        pass(10);
        assertThat(readAt).containsExactly(0L, 10L);
        assertThat(log).containsExactly("cannot read the cloud now, trying again: java.lang.IllegalStateException");
    }

    @Test
    void aReadingThatHangsIsInterrupted() {
        slowness = Duration.ofHours(1);
        observer.watch(A, seen::add);
        time.runUntil(() -> readAt.size() == 2, Duration.ofHours(2));
        assertThat(readAt).containsExactly(0L, 70L);
        assertThat(log).containsExactly("cannot read the cloud now, trying again: no answer");
    }

    @Test
    void aWatcherThatThrowsDisturbsNoOther() {
        Quiet.please();
        observer.watch(A, o -> {
            throw new IllegalStateException();
        });
        observer.watch(A, seen::add);
        pass(1);
        assertThat(seen).hasSize(2);
    }

    @Test
    void aWatchMayBeClosedAmidItsObservation() {
        Subscription[] watch = new Subscription[1];
        watch[0] = observer.watch(A, o -> {
            seen.add(o);
            watch[0].close();
        });
        pass(100);
        assertThat(seen).hasSize(1);
        assertThat(time.idle()).isTrue();
    }
}
