package io.jenkins.plugins.pymacaron.pipeline.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.pipeline.SilentProgress;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.report.AcceptanceReport;
import io.jenkins.plugins.pymacaron.report.CaseStatus;
import io.jenkins.plugins.pymacaron.report.Deployment;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.report.RunSummary;
import io.jenkins.plugins.pymacaron.report.ServiceGap;
import io.jenkins.plugins.pymacaron.report.StageState;
import io.jenkins.plugins.pymacaron.report.StageSummary;
import io.jenkins.plugins.pymacaron.report.TestCase;
import io.jenkins.plugins.pymacaron.report.TestSuite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the reports of a run while it goes on, and the content of summary.json and report.html. */
class RunRecorderTest {
    private static final List<Stage> STAGES = List.of(Stage.PREFLIGHT, Stage.BUILD, Stage.PROMOTE);

    @TempDir
    Path directory;

    private final List<String> told = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private RunRecorder recorder;

    @BeforeEach
    void begin() {
        SilentProgress terminal = new SilentProgress() {
            @Override
            public void say(String text) {
                told.add("say " + text);
            }

            @Override
            public void warning(String text) {
                told.add("warning " + text);
            }

            @Override
            public void started(Stage stage) {
                told.add("started " + stage.key());
            }

            @Override
            public void passed(Stage stage, Duration took, String note) {
                told.add("passed " + stage.key() + " " + took.toSeconds() + " s " + note);
            }

            @Override
            public void skipped(Stage stage, String why) {
                told.add("skipped " + stage.key() + " " + why);
            }

            @Override
            public void failed(Stage stage, Duration took, String why) {
                told.add("failed " + stage.key() + " " + took.toSeconds() + " s " + why);
            }
        };
        recorder = new RunRecorder(new MaskingProgress(terminal, Map.of()), directory, () -> now, STAGES);
        recorder.progress().hide(List.of("s3cretvalue"));
    }

    private RunSummary written() throws IOException {
        return RunSummary.read(directory.resolve("summary.json"));
    }

    private StageSummary stage(Stage stage) throws IOException {
        return written().stages().stream()
                .filter(s -> s.key().equals(stage.key()))
                .findFirst()
                .orElseThrow();
    }

    private static AcceptanceReport report(String name, CaseStatus status) {
        TestCase test = new TestCase("Tests", name, status, Duration.ZERO, "", "", "");
        return new AcceptanceReport(List.of(new TestSuite("", Duration.ZERO, List.of(test), "")), List.of());
    }

    @Test
    void theSummaryIsUpToDateAtEachStage() throws Exception {
        recorder.begin(Stage.PREFLIGHT);
        assertThat(stage(Stage.PREFLIGHT).state()).isEqualTo(StageState.RUNNING);
        assertThat(stage(Stage.BUILD).state()).isEqualTo(StageState.WAITING);
        assertThat(written().outcome()).isEqualTo(RunOutcome.RUNNING);

        now = now.plusSeconds(3);
        recorder.pass(Stage.PREFLIGHT, "ready");

        assertThat(stage(Stage.PREFLIGHT).state()).isEqualTo(StageState.PASSED);
        assertThat(stage(Stage.PREFLIGHT).duration()).isEqualTo(Duration.ofSeconds(3));
        assertThat(stage(Stage.PREFLIGHT).message()).isEqualTo("ready");
        assertThat(told).containsExactly("started preflight", "passed preflight 3 s ready");
    }

    @Test
    void theSubjectOfTheRunIsThereOnceItIsKnown() throws Exception {
        recorder.about("hello", "c0ffee", "main");
        recorder.image("two", "e2e/hello:two", "sha256:2");
        recorder.deployed(new Deployment("staging", "docker", "old", "http://old"));
        recorder.deployed(new Deployment("staging", "docker", "new", "http://new"));
        recorder.end(RunOutcome.SUCCEEDED, "");

        RunSummary summary = written();
        assertThat(summary.service()).isEqualTo("hello");
        assertThat(summary.commit()).isEqualTo("c0ffee");
        assertThat(summary.branch()).isEqualTo("main");
        assertThat(summary.version()).isEqualTo("two");
        assertThat(summary.digest()).isEqualTo("sha256:2");
        assertThat(summary.deployments()).as("the last one of a slot").hasSize(1);
        assertThat(directory.resolve("report.html")).content().contains("hello");
    }

    @Test
    void atTheEndNoStageWaitsOrRunsAnyMore() throws Exception {
        recorder.begin(Stage.BUILD);
        now = now.plusSeconds(2);
        recorder.end(RunOutcome.INTERRUPTED, "Ctrl-C");

        assertThat(stage(Stage.PREFLIGHT).state()).isEqualTo(StageState.SKIPPED);
        assertThat(stage(Stage.PREFLIGHT).message()).isEqualTo("not reached");
        assertThat(stage(Stage.BUILD).state()).isEqualTo(StageState.INTERRUPTED);
        assertThat(stage(Stage.BUILD).message()).isEqualTo("Ctrl-C");
        assertThat(written().outcome()).isEqualTo(RunOutcome.INTERRUPTED);
        assertThat(written().duration()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void aFailureSaysWhereTheLogIs() throws Exception {
        recorder.begin(Stage.PROMOTE);
        recorder.log(Stage.PROMOTE, "Traceback");

        recorder.fail(Stage.PROMOTE, StageState.FAILED, "it does not start");

        assertThat(told)
                .containsExactly(
                        "started promote",
                        "failed promote 0 s it does not start",
                        "say Log of the service: " + directory.resolve("promote.log"));
        assertThat(stage(Stage.PROMOTE).urls()).containsEntry("log", "promote.log");
    }

    @Test
    void theLogsOfOneStageFollowEachOtherAndAnEmptyOneMakesNoFile() throws Exception {
        recorder.log(Stage.BUILD, "");
        recorder.log(Stage.PROMOTE, "west");
        recorder.log(Stage.PROMOTE, "east");

        assertThat(directory.resolve("build.log")).doesNotExist();
        assertThat(directory.resolve("promote.log")).hasContent("west\neast");
    }

    @Test
    void theTestsOfOneStageAreAddedUp() throws Exception {
        recorder.tests(Stage.PROMOTE, report("west", CaseStatus.PASSED), "log of west");
        recorder.tests(Stage.PROMOTE, report("east", CaseStatus.FAILED), "log of east");
        recorder.tests(Stage.BUILD, report("other", CaseStatus.PASSED), "");
        recorder.end(RunOutcome.TESTS_FAILED, "1 of 3 failed");

        assertThat(stage(Stage.PROMOTE).counts().orElseThrow().total()).isEqualTo(2);
        assertThat(stage(Stage.PROMOTE).counts().orElseThrow().bad()).isEqualTo(1);
        assertThat(written().counts().total()).isEqualTo(3);
        assertThat(recorder.sections()).hasSize(2);
        assertThat(recorder.sections().get(0).log()).isEqualTo("log of west\nlog of east");
    }

    @Test
    void countsAreNotSaidTwice() throws Exception {
        recorder.begin(Stage.BUILD);
        AcceptanceReport report = report("a", CaseStatus.PASSED);
        recorder.tests(Stage.BUILD, report, "");

        recorder.pass(Stage.BUILD, report.counts().toString());

        assertThat(stage(Stage.BUILD).message())
                .as("the report shows them by themselves")
                .isEmpty();
        assertThat(told).last().asString().endsWith(report.counts().toString());
    }

    @Test
    void aStageSaysThatItWasRolledBackMeasuredOrLeftOut() throws Exception {
        recorder.begin(Stage.PROMOTE);
        recorder.gap(Stage.PROMOTE, new ServiceGap(100, 2, Duration.ofMillis(40)));
        recorder.pass(Stage.PROMOTE, "two");
        recorder.rolledBack(Stage.PROMOTE, "rolled back");
        recorder.skip(Stage.BUILD, "an existing image");
        recorder.url(Stage.PROMOTE, "live", "http://live");
        recorder.end(RunOutcome.ROLLED_BACK, "");

        assertThat(stage(Stage.PROMOTE).state()).isEqualTo(StageState.ROLLED_BACK);
        assertThat(stage(Stage.PROMOTE).message()).isEqualTo("rolled back");
        assertThat(stage(Stage.PROMOTE).gap().orElseThrow().failures()).isEqualTo(2);
        assertThat(stage(Stage.PROMOTE).urls()).containsEntry("live", "http://live");
        assertThat(stage(Stage.BUILD).state()).isEqualTo(StageState.SKIPPED);
    }

    @Test
    void noSecretIsInAnyFileOrLine() throws Exception {
        recorder.begin(Stage.PROMOTE);
        recorder.log(Stage.PROMOTE, "the log says s3cretvalue");
        recorder.tests(Stage.PROMOTE, report("a", CaseStatus.PASSED), "the log says s3cretvalue");
        recorder.fail(Stage.PROMOTE, StageState.FAILED, "it says s3cretvalue");
        recorder.skip(Stage.BUILD, "because of s3cretvalue");
        recorder.rolledBack(Stage.BUILD, "s3cretvalue");
        recorder.end(RunOutcome.DEPLOY_FAILED, "because of s3cretvalue");

        assertThat(told).noneMatch(line -> line.contains("s3cretvalue"));
        try (var files = Files.list(directory)) {
            assertThat(files.toList())
                    .hasSizeGreaterThanOrEqualTo(3)
                    .allSatisfy(file -> assertThat(file).content().doesNotContain("s3cretvalue"));
        }
    }

    @Test
    void aReportThatCannotBeWrittenIsWarnedOfOnceAndTheRunGoesOn() throws Exception {
        Files.delete(directory);
        Files.createFile(directory);

        recorder.begin(Stage.BUILD);
        recorder.pass(Stage.BUILD, "two");
        recorder.end(RunOutcome.SUCCEEDED, "");
        Files.delete(directory);
        Files.createDirectory(directory);

        assertThat(told)
                .filteredOn(line -> line.startsWith("warning"))
                .singleElement()
                .asString()
                .startsWith("warning the report in " + directory + " cannot be written: ");
        assertThat(recorder.state(Stage.BUILD)).isEqualTo(StageState.PASSED);
    }
}
