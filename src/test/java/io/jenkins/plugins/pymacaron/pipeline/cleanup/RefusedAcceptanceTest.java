package io.jenkins.plugins.pymacaron.pipeline.cleanup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.pipeline.FakeRun;
import io.jenkins.plugins.pymacaron.pipeline.FakeService;
import io.jenkins.plugins.pymacaron.pipeline.change.OperationRunner;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult.MadeDeployment;
import io.jenkins.plugins.pymacaron.pipeline.lock.EnvironmentLocks;
import io.jenkins.plugins.pymacaron.pipeline.lock.RunLeases;
import io.jenkins.plugins.pymacaron.pipeline.stage.StageFindings;
import io.jenkins.plugins.pymacaron.pipeline.state.RunState;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests clean-ups after an acceptance in a process of its own that was killed. */
class RefusedAcceptanceTest {
    private static final Candidate TWO = new Candidate("two", "image", "two", "sha256:two", "c-two");
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final String LIVE = FakeRun.OWNER + "-live";
    private static final String STAGING = FakeRun.OWNER + "-accept-staging";

    @TempDir
    static Path directory;

    private static FakeService service;

    private final StageFindings found = new StageFindings("cleanup", Map.of(), Instant.now());

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
        // All tests have builds of the same name.
        for (String id : service.pym().runs()) {
            Files.deleteIfExists(service.pym().run(id).resolve("state.json"));
        }
    }

    /** A build whose stages have processes of their own, the last of which accepts and was killed. */
    private static final class Build {
        private final FakeRun run;
        private final RunState acceptance;

        Build(String acceptance, Map<String, String> options) throws Exception {
            run = service.run(options, "");
            try (OperationRunner operations = run.operations()) {
                run.live(operations).standing();
                run.staging(operations).prepare(TWO, LONG);
                run.staging(operations).handOn();
                if (acceptance.equals(LIVE)) {
                    run.live(operations).prepare(TWO, LONG);
                    run.live(operations).activate(TWO, LONG);
                    run.live(operations).handOn();
                }
            }
            this.acceptance = RunState.begin(
                    service.pym().run(service.pym().freshId() + "-" + acceptance),
                    run.prepared.request().toMap());
            this.acceptance.isOf(FakeRun.OWNER);
            this.acceptance.beginAcceptance(acceptance.equals(LIVE) ? Slot.LIVE : Slot.STAGING);
            for (Map.Entry<String, Map<String, String>> entry :
                    run.state.handedOn().entrySet()) {
                this.acceptance.put(entry.getKey(), entry.getValue());
            }
        }

        List<String> cleanUp(DeadRunCleaner cleaner) throws Exception {
            Path journals = service.pym().run(acceptance.id()).resolve("operations");
            try (OperationRunner operations = new OperationRunner(
                            journals, service.progress(), change -> cleaner.handedOn(run.prepared, acceptance, change))
                    .heldBy(EnvironmentLocks.of(FakeRun.OWNER, new RunLeases(FakeRun.OWNER, service.progress())))
                    .tryingAgain()) {
                return cleaner.undo(run.prepared, operations, acceptance);
            }
        }

        DeadRunCleaner cleaner(String... unaccepted) {
            return new DeadRunCleaner(run.prepared.request(), Map.of(), service.progress())
                    .refusing(Set.of(unaccepted));
        }
    }

    private List<MadeDeployment> reported() {
        StageResult result = found.result(RunOutcome.SUCCEEDED, "", List.of());
        return result.deployments();
    }

    @Test
    void theLiveThatIsRefusedIsRolledBackAndReported() throws Exception {
        Build build = new Build(LIVE, Map.of());
        DeadRunCleaner cleaner = build.cleaner(LIVE).reportingTo(found, FakeRun.OWNER);
        assertThat(cleaner.left(service.pym())).contains(build.acceptance.id());

        assertThat(build.cleanUp(cleaner)).isEmpty();

        assertThat(service.live().answer()).isEqualTo("one");
        assertThat(service.live().versions()).containsExactly("one");
        assertThat(service.staging.answer()).as("staging is accepted").isEqualTo("two");
        assertThat(reported())
                .extracting(MadeDeployment::slot, MadeDeployment::version)
                .containsExactly(tuple("live", "one"));
    }

    /** As with {@code retry}: each try has a directory of its own, and the result of the last one never arrived. */
    @Test
    void anEarlierTryRollsBackNoVersionThatALaterOneHasAccepted() throws Exception {
        Build build = new Build(LIVE, Map.of());
        RunState second = RunState.begin(
                service.pym().run(service.pym().freshId() + "-" + LIVE),
                build.run.prepared.request().toMap());
        second.isOf(FakeRun.OWNER);
        second.beginAcceptance(Slot.LIVE);
        second.done(Stage.ACCEPT_LIVE, "");

        assertThat(build.cleanUp(build.cleaner(LIVE))).isEmpty();

        assertThat(service.live().answer()).isEqualTo("two");
    }

    @Test
    void aFirstLiveThatIsRefusedIsWithdrawn() throws Exception {
        service.live().clear();
        Build build = new Build(LIVE, Map.of());

        assertThat(build.cleanUp(build.cleaner(LIVE).reportingTo(found, FakeRun.OWNER)))
                .isEmpty();

        assertThat(service.live().versions()).isEmpty();
        assertThat(reported()).extracting(MadeDeployment::version).containsExactly("");
    }

    @Test
    void theStagingThatIsRefusedIsRolledBack() throws Exception {
        Build build = new Build(STAGING, Map.of());

        assertThat(build.cleanUp(build.cleaner(STAGING).reportingTo(found, FakeRun.OWNER)))
                .isEmpty();

        assertThat(service.staging.answer()).isEqualTo("one");
        assertThat(service.live().answer()).isEqualTo("one");
        assertThat(reported()).extracting(MadeDeployment::slot).containsExactly("staging");
    }

    /** A later stage of the build goes on with it, or has accepted it on another machine. */
    @Test
    void aVersionThatTheCallerDoesNotRefuseStays() throws Exception {
        Build live = new Build(LIVE, Map.of());

        assertThat(live.cleanUp(live.cleaner(STAGING, "run-2-live").reportingTo(found, FakeRun.OWNER)))
                .isEmpty();

        assertThat(service.live().answer()).isEqualTo("two");
        assertThat(reported()).isEmpty();
    }

    @Test
    void aVersionThatWasAcceptedIsNotRefusedAnyMore() throws Exception {
        Build build = new Build(LIVE, Map.of());
        build.acceptance.done(Stage.ACCEPT_LIVE, "");

        assertThat(build.cleaner(LIVE).left(service.pym())).doesNotContain(build.acceptance.id());
        assertThat(build.cleanUp(build.cleaner(LIVE))).isEmpty();

        assertThat(service.live().answer()).isEqualTo("two");
    }

    /** Its result never reached the build, which may have been aborted by then. */
    @Test
    void anAcceptanceThatFailedUnheardIsCleanedUpOnce() throws Exception {
        Build build = new Build(LIVE, Map.of());
        build.acceptance.end(RunOutcome.TESTS_FAILED);
        assertThat(build.cleaner().left(service.pym())).doesNotContain(build.acceptance.id());
        assertThat(build.cleaner(LIVE).left(service.pym())).contains(build.acceptance.id());

        assertThat(build.cleanUp(build.cleaner(LIVE))).isEmpty();
        build.acceptance.cleaned();

        assertThat(service.live().answer()).isEqualTo("one");
        assertThat(build.cleaner(LIVE).left(service.pym())).doesNotContain(build.acceptance.id());
    }

    @Test
    void aLiveThatAnotherRunHasChangedStays() throws Exception {
        Build build = new Build(LIVE, Map.of());
        service.live().overtakenBy("three", "run-9 three 0a0b0c");

        assertThat(build.cleanUp(build.cleaner(LIVE).reportingTo(found, FakeRun.OWNER)))
                .isEmpty();

        assertThat(service.live().answer()).isEqualTo("three");
        assertThat(reported()).isEmpty();
    }

    /** The same version, deployed again by another run. */
    @Test
    void aLiveThatAnotherRunHasTakenOverStays() throws Exception {
        Build build = new Build(LIVE, Map.of());
        service.live().overtakenBy("two", "run-9 two 0a0b0c");

        assertThat(build.cleanUp(build.cleaner(LIVE).reportingTo(found, FakeRun.OWNER)))
                .isEmpty();

        assertThat(service.live().answer()).isEqualTo("two");
        assertThat(reported()).isEmpty();
    }

    @Test
    void failedVersionsAreKeptOnRequest() throws Exception {
        Build staging = new Build(STAGING, Map.of("keepFailed", "true"));
        assertThat(staging.cleanUp(staging.cleaner(STAGING))).isEmpty();
        assertThat(service.staging.answer()).isEqualTo("two");

        service.begin();
        Build live = new Build(LIVE, Map.of("keepFailed", "true"));
        assertThat(live.cleanUp(live.cleaner(LIVE))).isEmpty();
        assertThat(service.live().answer()).isEqualTo("one");
        assertThat(service.live().versions()).contains("two");
    }

    @Test
    void aRollbackThatFailedIsTriedAgain() throws Exception {
        Build build = new Build(LIVE, Map.of());
        service.live().faults.refused.add("route:r-one");
        assertThat(build.cleanUp(build.cleaner(LIVE).reportingTo(found, FakeRun.OWNER)))
                .singleElement()
                .asString()
                .contains("docker/hello/live was not rolled back");
        assertThat(reported()).isEmpty();
        service.live().faults.refused.clear();

        assertThat(build.cleanUp(build.cleaner(LIVE).reportingTo(found, FakeRun.OWNER)))
                .isEmpty();

        assertThat(service.live().answer()).isEqualTo("one");
        assertThat(reported()).extracting(MadeDeployment::version).containsExactly("one");
    }

    @Test
    void anAcceptanceIsNotHandedOn() throws IOException {
        RunState state = RunState.begin(service.pym().run("1"), Map.of());
        state.beginAcceptance(Slot.LIVE);
        assertThat(state.handedOn()).isEmpty();
    }
}
