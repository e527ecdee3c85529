package io.jenkins.plugins.pymacaron.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.PowerLoss;
import io.jenkins.plugins.pymacaron.operation.JournalStore;
import io.jenkins.plugins.pymacaron.pipeline.change.OperationRunner;
import io.jenkins.plugins.pymacaron.pipeline.state.AcceptanceRecords;
import io.jenkins.plugins.pymacaron.pipeline.state.AcceptanceRecords.Passed;
import io.jenkins.plugins.pymacaron.pipeline.state.PymDirectory;
import io.jenkins.plugins.pymacaron.pipeline.state.RunState;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The state that a run must know again after a loss of power is on disk with its name. */
@Timeout(20 * 60)
class DurableTest {
    @TempDir
    Path temporary;

    /** Writes down a run's state, in a process of its own and in the named directory. */
    public static void main(String[] arguments) throws Exception {
        PymDirectory pym = PymDirectory.of(Path.of(arguments[0]));
        pym.key();
        Path run = pym.run(pym.freshId());
        RunState state = RunState.begin(run, Map.of());
        state.put("source", Map.of("commit", "c"));
        try (OperationRunner operations = new OperationRunner(run.resolve("operations"), new SilentProgress())) {
            assertThat(operations.hasBegun("live-activate")).isFalse();
        }
        new JournalStore(run.resolve("operations"), Clock.systemUTC()).create("live-activate", "kind", Map.of());
        AcceptanceRecords records = AcceptanceRecords.take(pym.accepted(), pym.key(), Clock.systemUTC());
        records.add(records.subject(List.of("image")), new Passed("run-1", Instant.now(), "", ""));
        records.write();
        System.exit(0);
    }

    @Test
    void namesAndContentsAreOnDisk() throws Exception {
        Set<String> open = PowerLoss.of(DurableTest.class, temporary);

        open.removeIf(path -> path.endsWith(".lock") || path.endsWith(".gitignore") || path.endsWith(".new"));
        assertThat(open).as("what a loss of power may take").isEmpty();
    }
}
