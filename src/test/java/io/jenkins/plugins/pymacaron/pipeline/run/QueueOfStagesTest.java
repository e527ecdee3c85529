package io.jenkins.plugins.pymacaron.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.pipeline.SilentProgress;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageSpec;
import io.jenkins.plugins.pymacaron.targets.Lease;
import io.jenkins.plugins.pymacaron.targets.LeaseKeeper;
import io.jenkins.plugins.pymacaron.targets.LeaseStore;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stages of two builds of one Jenkins, which gives turns in one queue or in two. */
class QueueOfStagesTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    Path home;

    private final Note note = new Note();

    /** The place of the lease in a cloud. */
    private static final class Note implements LeaseStore {
        private Optional<Lease> lease = Optional.empty();

        @Override
        public Optional<Lease> read() {
            return lease;
        }

        @Override
        public boolean write(Optional<Lease> before, Optional<Lease> next) {
            lease = next;
            return true;
        }

        @Override
        public Duration settle() {
            return Duration.ZERO;
        }
    }

    private LeaseKeeper stage(String run, String queue) throws Exception {
        StageSpec spec = new StageSpec(
                StageSpec.SCHEMA,
                "promote",
                run,
                "d",
                home.toString(),
                Map.of(StageSpec.QUEUE, queue),
                Map.of(),
                List.of(),
                false,
                Map.of());
        StageRun stage = new StageRun(Map.of("PYM_DEPLOYMENT_KEY", "00112233"), new SilentProgress());
        return new LeaseKeeper(note, stage.pym(spec).owner(run), "gke/hello/live", () -> NOW, length -> {});
    }

    @Test
    void aLeaseBetweenTwoStagesKeepsOutTheOtherQueuesOfTheSameJenkins() throws Exception {
        LeaseKeeper mine = stage("a", "payments");
        mine.take();
        mine.rest();

        for (String other : List.of("orders", "")) {
            assertThatThrownBy(() -> stage("b", other).take())
                    .isInstanceOf(TargetException.class)
                    .hasMessageContaining("is between two stages");
        }
        assertThatCode(() -> stage("a", "payments").take()).as("its next stage").doesNotThrowAnyException();
        mine.rest();
        assertThatCode(() -> stage("a", "billing").take())
                .as("its next stage after the folder was renamed")
                .doesNotThrowAnyException();
        mine = stage("a", "payments");
        mine.take();
        mine.rest();
        stage("b", "payments").take();

        assertThat(note.lease.orElseThrow().owner()).startsWith("pymdeploy-b-");
    }
}
