package io.jenkins.plugins.pymacaron.pipeline.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.pipeline.SilentProgress;
import io.jenkins.plugins.pymacaron.pipeline.cleanup.DeadRunCleaner;
import io.jenkins.plugins.pymacaron.pipeline.contract.RunRequest;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the remains of earlier runs in a project's directory, as later ones find them. */
class KeptRunsTest {
    @TempDir
    Path directory;

    private PymDirectory pym;

    @BeforeEach
    void makeDirectory() throws IOException {
        pym = PymDirectory.of(directory);
    }

    private List<String> left() throws IOException {
        return new DeadRunCleaner(RunRequest.of(directory), Map.of(), new SilentProgress()).left(pym);
    }

    private RunState begin(String id) throws IOException {
        RunState state = RunState.begin(pym.run(id), Map.of());
        state.put("source", Map.of("commit", "c"));
        return state;
    }

    private void write(String id, String state) throws IOException {
        Files.writeString(pym.run(id).resolve("state.json"), state);
    }

    @Test
    void aStateThatCannotBeReadIsInTheWayOfNoOther() throws IOException {
        write("20260101-000000-001", "{\"schema\": 99, \"pid\": 1}");
        write("20260101-000000-002", "{\"schema\": 1, \"pi");
        write("20260101-000000-003", "[]");
        write("20260101-000000-004", "{\"schema\": 99, \"outcome\": \"SUCCEEDED\"}");
        begin("20260101-000000-005");

        assertThat(DeadRunCleaner.cutOff(pym)).containsExactly("20260101-000000-005");
        assertThat(RunState.unreadable(pym)).hasSize(3).allSatisfy(line -> assertThat(line)
                .doesNotContain("\n")
                .contains("state.json", "look at them, then remove"));
        assertThat(pym.prune(id -> DeadRunCleaner.isToBeKept(pym, id))).isEmpty();
        assertThat(pym.runs()).hasSize(5);
    }

    @Test
    void aRollbackThatFailedIsLeftUntilItIsCleanedUp() throws IOException {
        begin("20260101-000000-001").end(RunOutcome.ROLLBACK_FAILED);
        begin("20260101-000000-002").end(RunOutcome.DEPLOY_FAILED);

        assertThat(DeadRunCleaner.cutOff(pym)).as("nothing to resume").isEmpty();
        assertThat(left()).containsExactly("20260101-000000-001");

        RunState.open(pym.run("20260101-000000-001")).cleaned();

        assertThat(left()).isEmpty();
        assertThat(RunState.open(pym.run("20260101-000000-001")).outcome()).contains(RunOutcome.ROLLBACK_FAILED);
    }

    /** Its process died before it could say how it ended. */
    @Test
    void aStageThatIsDoneIsNotUndone() throws IOException {
        RunState stage = begin("20260101-000000-001");
        stage.isOf("job-1");
        assertThat(DeadRunCleaner.cutOff(pym)).hasSize(1);

        stage.done(Stage.PROMOTE, "");

        assertThat(DeadRunCleaner.cutOff(pym)).isEmpty();
    }

    @Test
    void newRunsComeBehindAllOthersByEveryClock() throws IOException {
        List<String> ids = new ArrayList<>(List.of("29991231-235959-998"));
        begin(ids.get(0));
        for (int i = 0; i < 5; i++) {
            ids.add(pym.freshId());
            begin(ids.get(ids.size() - 1));
        }

        assertThat(ids).isSorted().doesNotHaveDuplicates();
        assertThat(pym.runs()).isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(ids.get(2)).isEqualTo("30000101-000000-000");
    }
}
