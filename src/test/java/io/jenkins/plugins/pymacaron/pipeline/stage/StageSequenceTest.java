package io.jenkins.plugins.pymacaron.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.pymacaron.pipeline.SilentProgress;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunRecorder;
import io.jenkins.plugins.pymacaron.pipeline.state.RunState;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.report.StageState;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the end of one stage's body, and the record of it. */
class StageSequenceTest {
    @TempDir
    Path directory;

    private RunState state;
    private RunRecorder recorder;
    private StageSequence stages;

    @BeforeEach
    void begin() throws IOException {
        state = RunState.begin(Files.createDirectories(directory.resolve("run")), Map.of());
        recorder = new RunRecorder(
                new SilentProgress(),
                Files.createDirectories(directory.resolve("report")),
                Clock.systemUTC(),
                EnumSet.allOf(Stage.class));
        stages = new StageSequence(recorder, state);
    }

    private String message(Stage stage) {
        return recorder.summary().stages().stream()
                .filter(summary -> summary.key().equals(stage.key()))
                .findFirst()
                .orElseThrow()
                .message();
    }

    @Test
    void aStageThatWentWellIsRememberedWithItsNote() throws Exception {
        stages.run(Stage.BUILD, () -> "version two");

        assertThat(recorder.state(Stage.BUILD)).isEqualTo(StageState.PASSED);
        assertThat(message(Stage.BUILD)).isEqualTo("version two");
        assertThat(RunState.open(directory.resolve("run")).isDone(Stage.BUILD)).isTrue();
    }

    @Test
    void aStageThatIsDoneIsNotRunAgain() throws Exception {
        stages.run(Stage.BUILD, () -> "once");

        stages.run(Stage.BUILD, () -> {
            throw new AssertionError("it was done before");
        });

        assertThat(recorder.state(Stage.BUILD)).isEqualTo(StageState.SKIPPED);
        assertThat(message(Stage.BUILD)).isEqualTo("done before");
    }

    @Test
    void aFailureGoesThroughWithItsOwnOutcomeAndIsNotDone() throws Exception {
        StageFailedException why = new StageFailedException(RunOutcome.SUPERSEDED, "overtaken");

        assertThatThrownBy(() -> stages.run(Stage.PROMOTE, () -> {
                    throw why;
                }))
                .isSameAs(why);

        assertThat(recorder.state(Stage.PROMOTE)).isEqualTo(StageState.FAILED);
        assertThat(message(Stage.PROMOTE)).isEqualTo("overtaken");
        assertThat(state.isDone(Stage.PROMOTE)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "PREFLIGHT, CONFIG_INVALID",
        "UNIT, TESTS_FAILED",
        "BUILD, BUILD_FAILED",
        "CONTAINER, TESTS_FAILED",
        "PUSH, BUILD_FAILED",
        "STAGING, DEPLOY_FAILED",
        "ACCEPT_STAGING, TESTS_FAILED",
        "PRE_PROMOTE, DEPLOY_FAILED",
        "PROMOTE, DEPLOY_FAILED",
        "ACCEPT_LIVE, TESTS_FAILED",
        "ROLLBACK, ROLLBACK_FAILED"
    })
    void aFileOrNetworkThatFailsHasTheOutcomeOfItsStage(Stage stage, RunOutcome outcome) {
        StageFailedException failed = catchThrowableOfType(
                StageFailedException.class,
                () -> stages.run(stage, () -> {
                    throw new IOException("connection refused");
                }));

        assertThat(failed.outcome()).isEqualTo(outcome);
        assertThat(failed).hasMessage(stage.title() + ": connection refused");
        assertThat(failed.isSuspended()).isFalse();
    }

    @Test
    void aFullDiskIsSaidWithWhatToDo() {
        assertThatThrownBy(() -> stages.run(Stage.BUILD, () -> {
                    throw new IOException("No space left on device");
                }))
                .hasMessage("Build image: the disk is full (No space left on device). Free some space");
    }

    @Test
    void anInterruptIsNoFailure() {
        assertThatThrownBy(() -> stages.run(Stage.STAGING, () -> {
                    throw new InterruptedException("Ctrl-C");
                }))
                .isInstanceOf(InterruptedException.class);

        assertThat(recorder.state(Stage.STAGING)).isEqualTo(StageState.INTERRUPTED);
    }

    @Test
    void aFileThatAnInterruptHasClosedIsAnInterruptToo() {
        assertThatThrownBy(() -> stages.run(Stage.STAGING, () -> {
                    Thread.currentThread().interrupt();
                    throw new ClosedByInterruptException();
                }))
                .isInstanceOf(InterruptedException.class);

        assertThat(Thread.interrupted()).as("it is used up").isFalse();
        assertThat(recorder.state(Stage.STAGING)).isEqualTo(StageState.INTERRUPTED);
    }

    @Test
    void aStageDoneWithoutARecordIsToBeContinued() throws Exception {
        Files.delete(directory.resolve("run/state.json"));
        Files.delete(directory.resolve("run"));

        StageFailedException failed = catchThrowableOfType(
                StageFailedException.class, () -> stages.run(Stage.PROMOTE, () -> "live serves it"));

        assertThat(failed.isSuspended()).isTrue();
        assertThat(failed).hasMessageStartingWith("Promote to live is done, but that cannot be written down: ");
    }

    @Test
    void aSkippedStageSaysWhyAndIsNotDone() throws Exception {
        stages.skip(Stage.PUSH, "--no-push");

        assertThat(recorder.state(Stage.PUSH)).isEqualTo(StageState.SKIPPED);
        assertThat(message(Stage.PUSH)).isEqualTo("--no-push");
        assertThat(state.isDone(Stage.PUSH)).isFalse();
    }
}
