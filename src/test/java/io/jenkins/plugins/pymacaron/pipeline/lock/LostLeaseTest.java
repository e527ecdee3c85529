package io.jenkins.plugins.pymacaron.pipeline.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.pymacaron.config.ConfigReader;
import io.jenkins.plugins.pymacaron.config.Overrides;
import io.jenkins.plugins.pymacaron.config.ProjectConfig;
import io.jenkins.plugins.pymacaron.config.Secrets;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.pipeline.Lines;
import io.jenkins.plugins.pymacaron.pipeline.ModelTarget;
import io.jenkins.plugins.pymacaron.pipeline.change.OperationRunner;
import io.jenkins.plugins.pymacaron.pipeline.contract.RunRequest;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun.Place;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.Lease;
import io.jenkins.plugins.pymacaron.targets.LeaseKeeper;
import io.jenkins.plugins.pymacaron.targets.LeaseStore;
import io.jenkins.plugins.pymacaron.targets.LiveMark.Claim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Another run takes the lease while this one is in the middle of a change: it does not begin another effect. */
class LostLeaseTest {
    private static final Processes PROCESSES = new Processes(SecretMask.NONE, line -> {});
    private static final Candidate TWO = new Candidate("two", "image", "two", "sha256:two", "c-two");

    @TempDir
    Path directory;

    private final List<String> applied = new ArrayList<>();
    private final List<String> said = new CopyOnWriteArrayList<>();
    private ModelTarget live;
    private RunLeases leases;
    private OperationRunner operations;
    private PreparedRun prepared;
    private volatile Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private volatile Optional<Lease> note = Optional.empty();

    private final class Note implements LeaseStore {
        @Override
        public Optional<Lease> read() {
            return note;
        }

        @Override
        public boolean write(Optional<Lease> before, Optional<Lease> lease) {
            note = lease;
            return true;
        }

        @Override
        public Duration settle() {
            return Duration.ZERO;
        }
    }

    @BeforeEach
    void begin() throws Exception {
        live = new ModelTarget("docker/hello/live", new HashSet<>(), applied).serving("one");
        live.leases = Optional.of(new Note());
        Files.writeString(directory.resolve("pym-config.yaml"), """
                name: hello
                deploy_target: docker
                docker_repo: e2e
                docker_base: base
                live_url: %s
                """.formatted(live.url()));
        ProjectConfig config = ConfigReader.read(directory, Overrides.NONE);
        prepared = new PreparedRun(
                RunRequest.of(directory),
                Map.of(),
                Optional.empty(),
                config,
                Secrets.NONE,
                Optional.empty(),
                Optional.empty(),
                PROCESSES,
                new Docker(PROCESSES, Optional.empty()),
                Optional.empty(),
                Optional.empty(),
                List.of(new Place(new Environment(Slot.LIVE, 0, config.live().get(0), Map.of()), live)));
        leases = new RunLeases("run-1", new Lines(said), () -> now);
        leases.take(prepared);
        operations = operations(leases);
    }

    private OperationRunner operations(RunLeases held) throws IOException {
        return new OperationRunner(directory.resolve("operations"), new Lines(said))
                .heldBy(EnvironmentLocks.of("run-1", held));
    }

    @AfterEach
    void end() {
        operations.close();
        leases.close();
        live.close();
    }

    private StageFailedException promote(Runnable other) {
        return promote(1, other);
    }

    private void atEffect(int number, Runnable other) {
        live.meanwhile = () -> {
            if (applied.size() == number) {
                live.meanwhile = () -> {};
                other.run();
            }
        };
    }

    private StageFailedException promote(int effect, Runnable other) {
        atEffect(effect, other);
        return catchThrowableOfType(
                StageFailedException.class,
                () -> operations.run(
                        "live-activate",
                        live,
                        Duration.ofMinutes(1),
                        () -> live.activate(TWO, live.current().orElseThrow(), live.current())));
    }

    private void otherTakesIt() {
        now = now.plus(LeaseKeeper.LENGTH).plusSeconds(1);
        note = Optional.of(new Lease("run-2", now.plus(LeaseKeeper.LENGTH)));
    }

    private void assertStoppedAfterTheFirstEffect(StageFailedException failed) {
        assertThat(applied).containsExactly("docker/hello/live create:box-two");
        assertThat(live.answer()).isEqualTo("one");
        assertThat(failed.isSuspended()).isTrue();
        assertThat(failed.isLost()).isTrue();
        assertThat(note.map(Lease::owner)).contains("run-2");
    }

    @Test
    void aRenewalThatFindsAnothersLeaseStopsTheChange() throws Exception {
        StageFailedException failed = promote(() -> {
            otherTakesIt();
            leases.renew();
        });

        assertStoppedAfterTheFirstEffect(failed);
        assertThat(failed.outcome()).isEqualTo(RunOutcome.DEPLOY_FAILED);
        assertThat(failed)
                .hasMessage(
                        "the lease of docker/hello/live was lost to run-2, which deploys there now; what this run has "
                                + "left there is undone by the next clean-up");
        assertThat(said).contains("the lease of docker/hello/live was lost to run-2, which deploys there now");
        // The other one has given it back, and changed nothing.
        note = Optional.empty();
        operations.close();
        try (RunLeases again = new RunLeases("run-1", new Lines(said), () -> now);
                OperationRunner cleaning = operations(again)) {
            again.take(prepared);
            assertThat(cleaning.undo(live, "live-activate", "its run was cut off"))
                    .isEmpty();
        }
        assertThat(live.programs()).containsExactly("box-one");
        assertThat(live.answer()).isEqualTo("one");
    }

    @Test
    void itIsSupersededWhereTheOtherHasChangedLiveByThen() {
        StageFailedException failed = promote(() -> {
            otherTakesIt();
            live.mark.set(Claim.of("run-2", live.mark.get(), "three").mine());
            leases.renew();
        });

        assertStoppedAfterTheFirstEffect(failed);
        assertThat(failed.outcome()).isEqualTo(RunOutcome.SUPERSEDED);
        assertThat(failed)
                .hasMessageStartingWith("superseded by three of run-2: the lease of docker/hello/live was lost");
    }

    @Test
    void aProcessThatSleptAsksBeforeItsNextEffect() {
        StageFailedException failed = promote(this::otherTakesIt);

        assertStoppedAfterTheFirstEffect(failed);
        assertThat(failed).hasMessageStartingWith("the lease of docker/hello/live was lost to run-2");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anUndoIsStoppedBeforeItsNextEffectToo(boolean slept) throws Exception {
        promote(2, () -> {
            otherTakesIt();
            leases.renew();
        });
        operations.close();
        note = Optional.empty();
        try (RunLeases again = new RunLeases("run-1", new Lines(said), () -> now);
                OperationRunner cleaning = operations(again)) {
            again.take(prepared);
            atEffect(3, () -> {
                otherTakesIt();
                if (!slept) {
                    again.renew();
                }
            });

            assertThat(cleaning.undo(live, "live-activate", "its run was cut off"))
                    .containsExactly("the lease of docker/hello/live was lost to run-2, which deploys there now");
        }
        assertThat(applied)
                .as("box-one is not started again")
                .containsExactly(
                        "docker/hello/live create:box-two",
                        "docker/hello/live stop:box-one",
                        "docker/hello/live remove:box-two");
    }

    /** No run, resumed run, undo or clean-up changes anything without the locks of its environments. */
    @Test
    void withoutTheLocksNothingBegins() throws Exception {
        try (OperationRunner unlocked = new OperationRunner(directory.resolve("unlocked"), new Lines(said))) {
            assertThatThrownBy(() -> unlocked.run(
                            "live-activate",
                            live,
                            Duration.ofMinutes(1),
                            () -> live.activate(TWO, live.current().orElseThrow(), live.current())))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("a change of docker/hello/live without its locks");
        }
        assertThat(applied).isEmpty();
    }

    @Test
    void aLeaseThatNoOtherRunTookIsRenewedAfterASleep() throws Exception {
        StageFailedException failed =
                promote(() -> now = now.plus(LeaseKeeper.LENGTH).plusSeconds(1));

        assertThat(failed).isNull();
        assertThat(live.answer()).isEqualTo("two");
        assertThat(note.orElseThrow().until()).isEqualTo(now.plus(LeaseKeeper.LENGTH));
    }
}
