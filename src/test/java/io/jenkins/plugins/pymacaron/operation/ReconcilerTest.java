package io.jenkins.plugins.pymacaron.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.operation.Reconciler.Recovery;
import io.jenkins.plugins.pymacaron.operation.Reconciler.Sweep;
import io.jenkins.plugins.pymacaron.operation.Reconciler.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReconcilerTest {
    private final Rig rig = new Rig();

    @TempDir
    Path directory;

    private JournalStore store;
    private Reconciler reconciler;

    @BeforeEach
    void open() {
        store = new JournalStore(directory, rig.time);
        reconciler = new Reconciler(store, rig.driver);
    }

    private Run begin(String id) throws IOException {
        Journal journal = store.create(id, "test.chain", Chain.length(1));
        Run run = rig.driver.run(journal, new Chain(), rig.world, rig.observer(), rig.listener);
        rig.time.advance(Duration.ofSeconds(5));
        return run;
    }

    private void abandon(String id) throws IOException {
        begin(id).suspend("the owner dies");
        rig.time.run();
    }

    private Sweep sweep(Way way) throws IOException {
        return reconciler.sweep(
                (id, state) -> Optional.of(new Recovery(new Chain(), rig.world, rig.observer(), rig.listener, way)));
    }

    private Outcome only(Sweep sweep) {
        assertThat(sweep.runs()).containsOnlyKeys("a");
        assertThat(sweep.left()).isEmpty();
        return rig.end(sweep.runs().get("a"));
    }

    @Test
    void undoesWhatItsOwnerLeft() throws IOException {
        abandon("a");
        assertThat(rig.world.things).hasSize(1);

        assertThat(only(sweep(Way.UNDO))).isEqualTo(new Outcome.Stopped("its owner is gone", List.of()));
        assertThat(rig.world.things).isEmpty();
        assertThat(sweep(Way.UNDO).runs()).isEmpty();
    }

    @Test
    void resumesWhereTheCallerSaysSo() throws IOException {
        abandon("a");
        assertThat(only(sweep(Way.RESUME))).isInstanceOf(Outcome.Done.class);
        assertThat(rig.world.count).isEqualTo(Map.of("make-0", 1));
    }

    @Test
    void whatWasStoppedIsUndoneEvenIfTheCallerWouldResume() throws IOException {
        Run run = begin("a");
        run.stop("aborted by Ann");
        run.suspend("the owner dies");
        rig.end(run);

        assertThat(only(sweep(Way.RESUME))).isEqualTo(new Outcome.Stopped("aborted by Ann", List.of()));
    }

    @Test
    void leavesToALivingOwnerWhatIsItsOwn() throws IOException {
        Run run = begin("a");
        Sweep sweep = sweep(Way.UNDO);

        assertThat(sweep.runs()).isEmpty();
        assertThat(sweep.left()).hasSize(1);
        assertThat(sweep.left().get(0)).startsWith(directory.resolve("a.journal") + " is being driven by ");
        assertThat(rig.end(run)).isInstanceOf(Outcome.Done.class);
    }

    @Test
    void oneThatCannotBeFinishedDoesNotKeepTheOthers() throws IOException {
        abandon("a");
        Files.writeString(directory.resolve("b.journal"), "rubbish\nrubbish\n");
        store.create("c", "cloud.unknown", Map.of()).close();

        Sweep sweep = reconciler.sweep((id, state) -> state.kind().equals("test.chain")
                ? Optional.of(new Recovery(new Chain(), rig.world, rig.observer(), rig.listener, Way.UNDO))
                : Optional.empty());

        assertThat(sweep.runs()).containsOnlyKeys("a");
        assertThat(sweep.left()).hasSize(2);
        assertThat(sweep.left().get(0)).contains("b.journal is corrupt");
        assertThat(sweep.left().get(1)).isEqualTo("nobody here can finish c (cloud.unknown)");
        rig.end(sweep.runs().get("a"));
    }
}
