package io.jenkins.plugins.pymacaron.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.pipeline.SilentProgress;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunRecorder;
import io.jenkins.plugins.pymacaron.pipeline.state.RunState;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.report.RunSummary;
import io.jenkins.plugins.pymacaron.report.StageState;
import io.jenkins.plugins.pymacaron.report.StageSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two stages side by side: their order, their lines, their records, and what is left when one of them ends early. */
@Timeout(20 * 60)
class StagesBesideTest {
    private static final Instant BEGIN = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    Path directory;

    /** The lines of the console, and "+", "ok" and "-" of stages. */
    private final List<String> console = Collections.synchronizedList(new ArrayList<>());

    private final AtomicReference<Instant> now = new AtomicReference<>(BEGIN);
    private final CountDownLatch pushing = new CountDownLatch(1);
    private final CountDownLatch accepted = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private RunState state;
    private RunRecorder recorder;
    private StageSequence stages;

    @BeforeEach
    void begin() throws IOException {
        state = RunState.begin(Files.createDirectories(directory.resolve("run")), Map.of());
        continueRun();
    }

    /** As another process of the run, which reads the state that the first one has written. */
    private void continueRun() throws IOException {
        state = RunState.open(directory.resolve("run"));
        recorder = new RunRecorder(
                new SilentProgress() {
                    @Override
                    public void line(String text) {
                        console.add(text);
                    }

                    @Override
                    public void started(Stage stage) {
                        console.add("+" + stage.key());
                    }

                    @Override
                    public void passed(Stage stage, Duration took, String note) {
                        console.add("ok " + stage.key() + " " + note);
                        accepted.countDown();
                    }

                    @Override
                    public void say(String text) {
                        console.add(text);
                    }

                    @Override
                    public void failed(Stage stage, Duration took, String why) {
                        console.add("-" + stage.key());
                    }
                },
                Files.createDirectories(directory.resolve("report")),
                now::get,
                EnumSet.allOf(Stage.class));
        stages = new StageSequence(recorder, state);
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(10, TimeUnit.MINUTES)).isTrue();
    }

    private StageSummary summary(Stage stage) {
        return recorder.summary().stages().stream()
                .filter(summary -> summary.key().equals(stage.key()))
                .findFirst()
                .orElseThrow();
    }

    /** A push that lasts until it is ended. */
    private String endless(Consumer<String> lines) throws InterruptedException {
        lines.accept("pushing");
        pushing.countDown();
        try {
            new CountDownLatch(1).await();
            return "never";
        } finally {
            ended.countDown();
        }
    }

    private void accept(Acceptance body, StageAhead.Work<String> push)
            throws StageFailedException, IOException, InterruptedException {
        stages.beside(
                Stage.CONTAINER,
                () -> {
                    recorder.progress().line("accepting");
                    await(pushing);
                    body.run();
                    return "6 passed";
                },
                Stage.PUSH,
                push,
                digest -> {
                    console.add("kept " + digest);
                    return digest;
                });
    }

    private interface Acceptance {
        void run() throws StageFailedException, IOException, InterruptedException;
    }

    @Test
    void bothRunAtOnceAndTheirLinesDoNotMix() throws Exception {
        accept(() -> await(ended), lines -> {
            lines.accept("layer 1");
            pushing.countDown();
            lines.accept("layer 2");
            ended.countDown();
            return "sha256:1";
        });

        assertThat(console)
                .containsExactly(
                        "+container",
                        "accepting",
                        "ok container 6 passed",
                        "+push",
                        "layer 1",
                        "layer 2",
                        "kept sha256:1",
                        "ok push sha256:1");
        assertThat(state.isDone(Stage.CONTAINER)).isTrue();
        assertThat(state.isDone(Stage.PUSH)).isTrue();
    }

    @Test
    void eachHasItsOwnTimeInTheRecord() throws Exception {
        StageAhead<String> push = StageAhead.begin(Stage.PUSH, lines -> "sha256:1", recorder);
        now.set(BEGIN.plusSeconds(1));
        assertThat(summary(Stage.PUSH).state()).isEqualTo(StageState.RUNNING);
        assertThat(push.result()).isEqualTo("sha256:1");
        Instant end = now.get();

        now.set(BEGIN.plusSeconds(100));
        stages.run(Stage.PUSH, () -> "sha256:1");

        assertThat(summary(Stage.PUSH).started()).contains(BEGIN);
        assertThat(summary(Stage.PUSH).duration()).isLessThanOrEqualTo(Duration.between(BEGIN, end));
    }

    @Test
    void anImageThatIsNotAcceptedEndsItsPush() throws Exception {
        assertThatThrownBy(() -> accept(
                        () -> {
                            throw new StageFailedException(RunOutcome.TESTS_FAILED, "1 of 6 tests failed");
                        },
                        this::endless))
                .hasMessage("1 of 6 tests failed");

        await(ended);
        assertThat(console)
                .containsExactly(
                        "+container",
                        "accepting",
                        "-container",
                        "Push image ended early, since Accept image did not pass");
        assertThat(summary(Stage.PUSH).state()).isEqualTo(StageState.INTERRUPTED);
        assertThat(summary(Stage.PUSH).message()).isEqualTo("ended early, since Accept image did not pass");
        assertThat(state.isDone(Stage.PUSH)).isFalse();
    }

    @Test
    void anImageThatIsPushedAndNotAcceptedIsNotRecordedAsPushed() throws Exception {
        assertThatThrownBy(() -> accept(
                        () -> {
                            await(ended);
                            assertThat(recorder.state(Stage.PUSH)).isEqualTo(StageState.RUNNING);
                            throw new IOException("no answer");
                        },
                        lines -> {
                            pushing.countDown();
                            ended.countDown();
                            return "sha256:1";
                        }))
                .hasMessage("Accept image: no answer");

        assertThat(summary(Stage.PUSH).state()).isEqualTo(StageState.INTERRUPTED);
        assertThat(summary(Stage.PUSH).message()).endsWith(" Accept image did not pass");
        assertThat(console).doesNotContain("+push", "-push", "kept sha256:1");
        assertThat(state.isDone(Stage.PUSH)).isFalse();
    }

    @Test
    void anAbortEndsBoth() throws Exception {
        assertThatThrownBy(() -> accept(
                        () -> {
                            throw new InterruptedException("Ctrl-C");
                        },
                        this::endless))
                .isInstanceOf(InterruptedException.class);

        await(ended);
        assertThat(summary(Stage.CONTAINER).state()).isEqualTo(StageState.INTERRUPTED);
        assertThat(summary(Stage.PUSH).state()).isEqualTo(StageState.INTERRUPTED);
    }

    @Test
    void anAbortAfterTheAcceptanceEndsThePush() throws Exception {
        Thread run = Thread.currentThread();
        assertThatThrownBy(() -> accept(() -> {}, lines -> {
                    pushing.countDown();
                    await(accepted);
                    run.interrupt();
                    return endless(lines);
                }))
                .isInstanceOf(InterruptedException.class);

        await(ended);
        assertThat(Thread.interrupted()).as("it is used up").isFalse();
        assertThat(summary(Stage.CONTAINER).state()).isEqualTo(StageState.PASSED);
        assertThat(summary(Stage.PUSH).state()).isEqualTo(StageState.INTERRUPTED);
        assertThat(state.isDone(Stage.PUSH)).isFalse();
    }

    @Test
    void aPushThatFailsIsToldAfterTheAcceptance() throws Exception {
        assertThatThrownBy(() -> accept(() -> {}, lines -> {
                    pushing.countDown();
                    throw new IOException("the registry refuses");
                }))
                .isInstanceOfSatisfying(
                        StageFailedException.class, e -> assertThat(e.outcome()).isEqualTo(RunOutcome.BUILD_FAILED))
                .hasMessage("Push image: the registry refuses");

        assertThat(console).containsExactly("+container", "accepting", "ok container 6 passed", "+push", "-push");
        assertThat(state.isDone(Stage.CONTAINER)).isTrue();
        assertThat(summary(Stage.PUSH).state()).isEqualTo(StageState.FAILED);
    }

    /** A process that is killed leaves the state as it is on disk at that moment. */
    @Test
    void aRunThatIsKilledBetweenGoesOnWithBothOrWithThePushAlone() throws Exception {
        accept(
                () -> {
                    RunState killed = RunState.open(directory.resolve("run"));
                    assertThat(killed.isDone(Stage.CONTAINER)).isFalse();
                    assertThat(killed.isDone(Stage.PUSH)).isFalse();
                    assertThat(RunSummary.read(directory.resolve("report/summary.json"))
                                    .stages())
                            .filteredOn(stage -> stage.state() == StageState.RUNNING)
                            .extracting(StageSummary::key)
                            .containsExactly("container", "push");
                },
                lines -> {
                    pushing.countDown();
                    return "sha256:1";
                });

        begin();
        stages.run(Stage.CONTAINER, () -> "6 passed");
        continueRun();
        console.clear();
        stages.beside(
                Stage.CONTAINER,
                () -> {
                    throw new AssertionError("it was done before");
                },
                Stage.PUSH,
                lines -> {
                    lines.accept("layer 1");
                    return "sha256:1";
                },
                digest -> digest);

        assertThat(console).containsExactly("+push", "layer 1", "ok push sha256:1");
    }
}
