package io.jenkins.plugins.pymacaron.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.accept.StartFailureReport;
import io.jenkins.plugins.pymacaron.pipeline.FakeRun;
import io.jenkins.plugins.pymacaron.pipeline.FakeService;
import io.jenkins.plugins.pymacaron.pipeline.change.EnvironmentDeployment;
import io.jenkins.plugins.pymacaron.pipeline.change.OperationRunner;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult.MadeDeployment;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageSpec;
import io.jenkins.plugins.pymacaron.pipeline.state.PymDirectory;
import io.jenkins.plugins.pymacaron.pipeline.state.RunState;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the report of a stage in a process of its own, and its knowledge about the stages before it. */
class StageFindingsTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Candidate TWO = new Candidate("two", "image", "two", "sha256:two", "c-two");

    @TempDir
    static Path directory;

    private static FakeService service;

    @TempDir
    Path home;

    private FakeRun run;
    private OperationRunner operations;
    private EnvironmentDeployment live;
    private StageFindings found;

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
        run = service.run();
        operations = run.operations();
        live = run.live(operations);
        found = new StageFindings("promote", Map.of("source", Map.of("commit", "c")), Instant.now());
    }

    @AfterEach
    void end() {
        operations.close();
    }

    private void promote() throws Exception {
        live.standing();
        live.prepare(TWO, LONG);
        live.activate(TWO, LONG);
    }

    private StageResult result() {
        return found.result(RunOutcome.SUCCEEDED, "", List.of());
    }

    private static StageSpec spec(String run, Map<String, Map<String, String>> state) {
        return new StageSpec(1, "promote", run, "d", "h", Map.of(), Map.of(), List.of(), false, state);
    }

    @Test
    void aDeploymentIsToldWithWhatServedBefore() throws Exception {
        promote();
        found.about(run.prepared);
        found.deployed(List.of(live));

        StageResult result = result();

        assertThat(result.service()).isEqualTo("hello");
        assertThat(result.commit()).isEqualTo(run.prepared.source().commit());
        assertThat(result.branch()).isEqualTo("main");
        assertThat(result.environments().staging()).isEqualTo("docker/hello/staging");
        assertThat(result.environments().live()).containsExactly("docker/hello/live");
        assertThat(result.deployments()).extracting(MadeDeployment::version).containsExactly("two");
        assertThat(result.deployments()).extracting(MadeDeployment::slot).containsExactly("live");
        assertThat(result.previous()).extracting(MadeDeployment::version).containsExactly("one");
    }

    @Test
    void aRollbackIsToldTheOtherWayRound() throws Exception {
        promote();
        found.restored(List.of(live));

        assertThat(result().deployments()).extracting(MadeDeployment::version).containsExactly("one");
        assertThat(result().previous()).extracting(MadeDeployment::version).containsExactly("two");
    }

    @Test
    void anEnvironmentThatWasNotChangedIsNotRestored() throws Exception {
        live.standing();
        found.restored(List.of(live));

        assertThat(result().deployments()).isEmpty();
    }

    @Test
    void onlyNewsIsHandedOn() throws Exception {
        run.state.put("source", Map.of("commit", "c"));
        run.recorder.begin(Stage.PROMOTE);
        run.recorder.pass(Stage.PROMOTE, "two at http://live");
        found.made(Stage.PROMOTE, run.recorder, run.state);

        StageResult result = result();

        assertThat(result.state()).containsKey("image").doesNotContainKey("source");
        assertThat(result.note()).isEqualTo("two at http://live");
        assertThat(result.image().orElseThrow().version()).isEqualTo("two");
    }

    @Test
    void aRemarkFollowsTheNoteOfAStageThatWentWellAlone() throws Exception {
        run.recorder.begin(Stage.PROMOTE);
        run.recorder.pass(Stage.PROMOTE, "two");
        found.made(Stage.PROMOTE, run.recorder, run.state);
        found.remark("not accepted");

        assertThat(result().note()).isEqualTo("two; not accepted");
        assertThat(found.result(RunOutcome.DEPLOY_FAILED, "no", List.of("w")).note())
                .isEmpty();
    }

    @Test
    void versionsKeptInLiveAreReportedByTheIdentityOfTheEnvironment() throws Exception {
        service.live().serving("two", "c-two");
        found.keptIn(run.prepared.live(), service.progress());

        assertThat(result().kept().values()).containsExactly(List.of("one"));
        assertThat(result().keptUntil()).isEmpty();
    }

    @Test
    void keptVersionsThatCannotBeReadAreAWarning() {
        service.live().faults.unreadable = "503";
        found.keptIn(run.prepared.live(), service.progress());

        assertThat(result().kept()).isEmpty();
        assertThat(service.said())
                .containsExactly("what docker/hello/live keeps of earlier versions is not known: 503");
    }

    @Test
    void afterAFailureWhatServesInsteadIsTold() throws Exception {
        ServingComparison known = ServingComparison.knownOf(List.of(live));
        service.live().serving("three", "c-three");

        known.differences(found, service.progress());

        assertThat(result().deployments()).extracting(MadeDeployment::version).containsExactly("three");
        assertThat(result().previous()).extracting(MadeDeployment::version).containsExactly("one");
    }

    @Test
    void afterAFailureThatLeftNothingServingThatIsToldWithoutAVersion() throws Exception {
        ServingComparison known = ServingComparison.knownOf(List.of(live));
        service.live().stop();

        known.differences(found, service.progress());

        assertThat(result().deployments()).singleElement().satisfies(nothing -> {
            assertThat(nothing.version()).isEmpty();
            assertThat(nothing.environment()).isEqualTo("docker/hello/live");
        });
    }

    @Test
    void afterAFailureThatChangedNothingNothingIsTold() throws Exception {
        ServingComparison known = ServingComparison.knownOf(List.of(live));

        known.differences(found, service.progress());

        assertThat(result().deployments()).isEmpty();
        service.live().faults.unreadable = "503";
        known.differences(found, service.progress());
        assertThat(service.said()).containsExactly("what serves in docker/hello/live now is not known: 503");
    }

    @Test
    void namesOfSecretsAreHandedOnAndNoValues() throws Exception {
        found.about(service.prepared(Map.of(), "env_secrets: [PYM_TOKEN]"), List.of());

        assertThat(result().state()).containsEntry("secrets", Map.of("names", "PYM_TOKEN"));
    }

    @Test
    void theConfigurationIsToldSlotBySlot() {
        found.config(run.prepared.config());

        assertThat(result().config()).containsKeys("name", "staging", "live");
    }

    @Test
    void aStageKnowsTheVersionsThatTheOneBeforeHasKeptHereWithoutAReport() throws Exception {
        PymDirectory pym = PymDirectory.of(home);
        RunState before = RunState.begin(pym.run("20260101-000000-001-job-1-staging"), Map.of());
        before.put("made-staging-prepare", Map.of("version", "two"));
        RunState others = RunState.begin(pym.run("20260101-000000-002-job-2-staging"), Map.of());
        others.put("image", Map.of("version", "another's"));

        Map<String, Map<String, String>> known =
                StageHandover.of(pym, spec("job-1", Map.of("source", Map.of("commit", "c"))));

        assertThat(known)
                .containsEntry("source", Map.of("commit", "c"))
                .containsEntry("made-staging-prepare", Map.of("version", "two"))
                .doesNotContainKey("image");
    }

    @Test
    void theStateFromTheCallerComesFirst() throws Exception {
        PymDirectory pym = PymDirectory.of(home);
        RunState.begin(pym.run("20260101-000000-001-job-1-build"), Map.of()).put("image", Map.of("version", "old"));

        assertThat(StageHandover.of(pym, spec("job-1", Map.of("image", Map.of("version", "told")))))
                .containsEntry("image", Map.of("version", "told"));
        assertThat(StageHandover.of(pym, spec("job-1", Map.of()))).containsEntry("image", Map.of("version", "old"));
        assertThat(StageHandover.name(spec("job-1", Map.of()), Stage.PROMOTE)).isEqualTo("job-1-promote");
    }

    @Test
    void aRollbackThatFailedIsNotGoneOnWithByTheNextStage() throws Exception {
        PymDirectory pym = PymDirectory.of(home);
        RunState before = RunState.begin(pym.run("20260101-000000-001-job-1-rollback"), Map.of());
        before.put("rollback", Map.of("version", "one"));
        before.put("good-0", Map.of("version", "one"));

        assertThat(StageHandover.of(pym, spec("job-1", Map.of())))
                .containsEntry("rollback", Map.of())
                .containsEntry("good-0", Map.of());
    }

    @Test
    void aServiceThatDidNotStartIsOneTestWithItsReason() {
        var report = StartFailureReport.report("hello", "it crashed\nTraceback");

        assertThat(report.counts().errors()).isEqualTo(1);
        assertThat(report.cases().findFirst().orElseThrow().message()).isEqualTo("it crashed");
        assertThat(report.cases().findFirst().orElseThrow().detail()).contains("Traceback");
    }

    @Test
    void timesAreThoseOfTheStage() {
        Instant started = Instant.now().minusSeconds(5);
        StageResult result = new StageFindings("unit", Map.of(), started).result(RunOutcome.SUCCEEDED, "", List.of());

        assertThat(result.started()).isEqualTo(started);
        assertThat(result.duration()).isGreaterThanOrEqualTo(Duration.ofSeconds(5));
        assertThat(result.image()).isEqualTo(Optional.empty());
    }
}
