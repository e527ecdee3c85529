package io.jenkins.plugins.pymacaron.pipeline.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the state of a run, as a later process finds it. */
class RunStateTest {
    @TempDir
    Path directory;

    private RunState state;

    @BeforeEach
    void begin() throws IOException {
        state = RunState.begin(directory, Map.of("tests", "ALL"));
    }

    private RunState found() throws IOException {
        return RunState.open(directory);
    }

    @Test
    void everythingThatWasPutIsThereForTheNextProcess() throws Exception {
        state.put("image", Map.of("version", "two", "tag", "src-2"));
        state.done(Stage.BUILD, "two");

        assertThat(found().get("request")).isEqualTo(Map.of("tests", "ALL"));
        assertThat(found().get("image")).isEqualTo(Map.of("version", "two", "tag", "src-2"));
        assertThat(found().get("image", "version")).contains("two");
        assertThat(found().get("image", "digest")).isEmpty();
        assertThat(found().get("never")).isEmpty();
        assertThat(found().isDone(Stage.BUILD)).isTrue();
        assertThat(found().isDone(Stage.PUSH)).isFalse();
    }

    @Test
    void noHalfWrittenFileIsEverFound() throws Exception {
        state.put("image", Map.of("version", "two"));
        // As a process leaves it that dies while it writes.
        Files.writeString(directory.resolve("state.json.new"), "{\"schema\": 1, \"ima");

        assertThat(found().get("image", "version")).contains("two");
        found().put("image", Map.of("version", "three"));
        assertThat(found().get("image", "version")).contains("three");
    }

    @Test
    void theEntriesForOtherStagesLeaveOutThisRunsOwn() throws Exception {
        state.put("source", Map.of("commit", "c"));
        state.put("temporary", Map.of("source", "/tmp/x"));
        state.isOf("job-1");
        state.beginRollback(Slot.LIVE);
        state.done(Stage.BUILD, "");
        state.put("image", Map.of("version", "two"));
        state.put("image", Map.of());

        assertThat(state.handedOn())
                .as("what was forgotten is told as forgotten")
                .isEqualTo(Map.of("source", Map.of("commit", "c"), "image", Map.of()));
    }

    @Test
    void aRunIsUnfinishedFromItsSourceToItsEnd() throws Exception {
        assertThat(state.isUnfinished()).as("in preflight").isFalse();
        state.put("source", Map.of("commit", "c"));
        assertThat(found().isUnfinished()).isTrue();
        assertThat(found().hasLeft()).isTrue();

        state.end(RunOutcome.TESTS_FAILED);

        assertThat(found().isUnfinished()).isFalse();
        assertThat(found().hasLeft()).isFalse();
    }

    @Test
    void aStageOfItsOwnIsOverOnceItIsDone() throws Exception {
        state.put("source", Map.of("commit", "c"));
        state.isOf("job-1");
        assertThat(found().isUnfinished()).isTrue();

        state.done(Stage.STAGING, "");

        assertThat(found().isUnfinished()).isFalse();
        assertThat(found().run()).contains("job-1");
    }

    @Test
    void aRollbackThatFailedHasLeftSomethingUntilItIsCleaned() throws Exception {
        state.put("source", Map.of("commit", "c"));
        state.end(RunOutcome.ROLLBACK_FAILED);
        assertThat(found().hasRollbackFailed()).isTrue();
        assertThat(found().hasLeft()).isTrue();

        state.cleaned();

        assertThat(found().hasLeft()).isFalse();
        assertThat(found().outcome()).as("how it ended stays").contains(RunOutcome.ROLLBACK_FAILED);
    }

    @Test
    void aRunThatWasCutOffAndIsCleanedWasInterrupted() throws Exception {
        state.put("source", Map.of("commit", "c"));

        state.cleaned();

        assertThat(found().outcome()).contains(RunOutcome.INTERRUPTED);
        assertThat(found().hasLeft()).isFalse();
    }

    @Test
    void theRollbackIsRememberedUntilItsEnd() throws Exception {
        assertThat(state.rollbackSlot()).isEmpty();
        state.beginRollback(Slot.STAGING);
        assertThat(found().rollbackSlot()).contains("staging");
        state.endRollback();
        assertThat(found().rollbackSlot()).isEmpty();
    }

    @Test
    void anOutcomeOfALaterVersionIsAFailureAndNotUnfinished() throws Exception {
        Files.writeString(
                directory.resolve("state.json"),
                "{\"schema\": 2, \"source\": {\"commit\": \"c\"}, \"outcome\": \"PAUSED\"}");

        assertThat(found().outcome()).contains(RunOutcome.DEPLOY_FAILED);
        assertThat(found().isUnfinished()).isFalse();
    }

    @Test
    void unreadableStatesAreOneLineEach() throws Exception {
        Path file = directory.resolve("state.json");
        Files.writeString(file, "{\"schema\": 1}");
        assertThatThrownBy(this::found)
                .hasMessageEndingWith("was written by another version; only that version can continue it");
        Files.writeString(file, "[1]");
        assertThatThrownBy(this::found).hasMessageEndingWith("is damaged");
        Files.writeString(file, "{\"schema\": 1");
        assertThatThrownBy(this::found).hasMessageEndingWith("is damaged");
        Files.delete(file);
        assertThatThrownBy(this::found).hasMessage("no run was kept in " + directory);
        assertThat(RunState.ifReadable(directory)).isEmpty();
        assertThat(RunState.isThere(directory)).isFalse();
    }

    @Test
    void anInterruptDoesNotSpoilWhatIsWritten() throws Exception {
        Thread.currentThread().interrupt();

        state.put("image", Map.of("version", "two"));

        assertThat(Thread.interrupted()).as("it is still there").isTrue();
        assertThat(found().get("image", "version")).contains("two");
    }
}
