package io.jenkins.plugins.pymacaron.pipeline.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.pipeline.FakeRun;
import io.jenkins.plugins.pymacaron.pipeline.FakeService;
import io.jenkins.plugins.pymacaron.pipeline.FakeTarget;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.targets.Lease;
import io.jenkins.plugins.pymacaron.targets.LeaseKeeper;
import io.jenkins.plugins.pymacaron.targets.LeaseStore;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The leases of all environments of a run: taken, renewed, lost, given back, or left to the next stage. */
class RunLeasesTest {
    @TempDir
    static Path directory;

    private static FakeService service;

    private final Note staging = new Note();
    private final Note live = new Note();
    private final List<String> lost = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private PreparedRun prepared;

    @BeforeAll
    static void make() throws Exception {
        service = new FakeService(directory, 1);
    }

    @AfterAll
    static void close() {
        service.close();
    }

    @BeforeEach
    void begin() throws Exception {
        service.begin();
        service.staging.leases = Optional.of(staging);
        service.live().leases = Optional.of(live);
        prepared = service.prepared(Map.of(), "");
    }

    /** A place for a lease in a cloud that compares. */
    private static final class Note implements LeaseStore {
        private Optional<Lease> lease = Optional.empty();
        private String broken = "";

        @Override
        public Optional<Lease> read() throws TargetException {
            if (!broken.isEmpty()) {
                throw new TargetException(broken);
            }
            return lease;
        }

        @Override
        public boolean write(Optional<Lease> before, Optional<Lease> next) {
            boolean same = before.equals(lease);
            lease = same ? next : lease;
            return same;
        }

        @Override
        public Duration settle() {
            return Duration.ZERO;
        }

        String owner() {
            return lease.map(Lease::owner).orElse("");
        }
    }

    private RunLeases leases(String owner) {
        return new RunLeases(owner, service.progress(), () -> now);
    }

    private void otherTakes(Note note) {
        note.lease = Optional.of(new Lease("run-2", now.plus(LeaseKeeper.LENGTH)));
    }

    @Test
    void everyEnvironmentOfTheRunIsTakenAndGivenBack() throws Exception {
        try (RunLeases leases = leases("run-1")) {
            leases.take(prepared);
            assertThat(leases.environments()).containsExactly("docker/hello/live", "docker/hello/staging");
            assertThat(staging.owner()).isEqualTo("run-1");
            assertThat(live.owner()).isEqualTo("run-1");
        }
        assertThat(staging.lease).isEmpty();
        assertThat(live.lease).isEmpty();
    }

    @Test
    void aRunThatFindsOneTakenGivesBackTheOthersAndDoesNotBegin() throws Exception {
        otherTakes(staging);

        try (RunLeases leases = leases("run-1")) {
            assertThatThrownBy(() -> leases.take(prepared))
                    .isInstanceOfSatisfying(StageFailedException.class, e -> assertThat(e.outcome())
                            .isEqualTo(RunOutcome.CONFIG_INVALID))
                    .hasMessageStartingWith("run-2 deploys to docker/hello/staging right now");
        }

        assertThat(live.lease).isEmpty();
        assertThat(staging.owner()).isEqualTo("run-2");
    }

    @Test
    void aRenewalMakesItLast() throws Exception {
        try (RunLeases leases = leases("run-1")) {
            leases.take(prepared);
            now = now.plus(LeaseKeeper.RENEW_EVERY);

            leases.renew();

            assertThat(live.lease.orElseThrow().until()).isEqualTo(now.plus(LeaseKeeper.LENGTH));
            assertThat(leases.holds("docker/hello/live")).isTrue();
        }
    }

    @Test
    void aLeaseThatAnotherRunHasIsLostAndTheListenersAreTold() throws Exception {
        try (RunLeases leases = leases("run-1")) {
            leases.take(prepared);
            leases.whenLost("docker/hello/live", lost::add);
            otherTakes(live);

            leases.renew();
            leases.renew();

            assertThat(leases.holds("docker/hello/live")).isFalse();
            assertThat(leases.holds("docker/hello/staging")).isTrue();
            assertThat(lost).isNotEmpty().allMatch(why -> why.contains("was lost to run-2"));
            assertThat(service.said()).as("said once").hasSize(1);
            List<String> late = new ArrayList<>();
            leases.whenLost("docker/hello/live", late::add);
            assertThat(late).as("who asks later is told at once").hasSize(1);
        }
        assertThat(live.owner()).as("another's is not given back").isEqualTo("run-2");
    }

    @Test
    void aRenewalThatFailsIsAWarningAndTheOthersAreRenewed() throws Exception {
        try (RunLeases leases = leases("run-1")) {
            leases.take(prepared);
            live.broken = "503";
            now = now.plus(LeaseKeeper.RENEW_EVERY);

            leases.renew();

            assertThat(service.said()).containsExactly("the lease of docker/hello/live was not renewed: 503");
            assertThat(staging.lease.orElseThrow().until()).isEqualTo(now.plus(LeaseKeeper.LENGTH));
            assertThat(leases.holds("docker/hello/live"))
                    .as("as far as is known")
                    .isTrue();
            live.broken = "";
        }
    }

    @Test
    void aProcessThatSleptAsksBeforeItGoesOn() throws Exception {
        try (RunLeases leases = leases("run-1")) {
            leases.take(prepared);
            now = now.plus(LeaseKeeper.LENGTH).plusSeconds(1);
            otherTakes(live);

            assertThat(leases.holds("docker/hello/live")).isFalse();
        }
    }

    @Test
    void aCheckFindsWhatWasTakenMeanwhile() throws Exception {
        try (RunLeases leases = leases("run-1")) {
            leases.take(prepared);
            leases.check("docker/hello/live");
            otherTakes(live);

            assertThatThrownBy(() -> leases.check("docker/hello/live"))
                    .isInstanceOf(TargetException.class)
                    .hasMessageStartingWith("run-2 deploys to docker/hello/live");
            leases.check("of an environment without a lease");
        }
    }

    @Test
    void aRestingLeaseIsTakenUpByTheNextStageOfTheSameRun() throws Exception {
        try (RunLeases first = leases("run-1")) {
            first.take(prepared);
            first.rest();
        }
        assertThat(live.lease.orElseThrow().resting()).isTrue();
        assertThat(live.lease.orElseThrow().until()).isEqualTo(now.plus(LeaseKeeper.REST));

        try (RunLeases next = leases("run-1")) {
            next.take(prepared);
            assertThat(live.lease.orElseThrow().resting()).isFalse();
        }
        assertThat(live.lease).isEmpty();
    }

    @Test
    void aLeaseThatCannotBeGivenBackEndsByItself() throws Exception {
        try (RunLeases leases = leases("run-1")) {
            leases.take(prepared);
            live.broken = "503";
        }

        assertThat(service.said())
                .containsExactly("the lease of docker/hello/live was not given back, and ends by itself: 503");
        assertThat(staging.lease).isEmpty();
    }

    @Test
    void aDeploymentThatLosesItsLeaseBeforeLiveChangesLeavesLiveAlone() throws Exception {
        FakeRun run = service.run();
        FakeTarget target = service.live();
        try (RunLeases leases = leases(FakeRun.OWNER)) {
            leases.take(run.prepared);
            target.watcher = moment -> {
                if (moment.startsWith("!create")) {
                    otherTakes(live);
                    leases.renew();
                }
            };
            run.ending(operations -> run.stages(operations.heldBy(EnvironmentLocks.of(FakeRun.OWNER, leases)))
                    .run());
        }

        assertThat(run.failure).isNotNull();
        assertThat(run.failure.isLost()).as(run.message).isTrue();
        assertThat(target.answer()).isEqualTo("one");
        assertThat(target.applied).noneMatch(key -> key.startsWith("route") || key.startsWith("delete"));
        assertThat(run.state.isUnfinished()).as("a clean-up undoes it").isTrue();
        assertThat(run.cleanUp()).isEmpty();
        assertThat(target.versions()).containsExactly("one");
    }
}
