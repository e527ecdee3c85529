package io.jenkins.plugins.pymacaron.pipeline;

import io.jenkins.plugins.pymacaron.image.BuiltImage;
import io.jenkins.plugins.pymacaron.pipeline.change.EnvironmentDeployment;
import io.jenkins.plugins.pymacaron.pipeline.change.OperationRunner;
import io.jenkins.plugins.pymacaron.pipeline.change.RollbackRun;
import io.jenkins.plugins.pymacaron.pipeline.cleanup.DeadRunCleaner;
import io.jenkins.plugins.pymacaron.pipeline.contract.NextStepAdvice;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.lock.EnvironmentLocks;
import io.jenkins.plugins.pymacaron.pipeline.lock.RunLeases;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunRecorder;
import io.jenkins.plugins.pymacaron.pipeline.stage.DeployRun;
import io.jenkins.plugins.pymacaron.pipeline.stage.StageSequence;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun;
import io.jenkins.plugins.pymacaron.pipeline.state.PymDirectory;
import io.jenkins.plugins.pymacaron.pipeline.state.RunImage;
import io.jenkins.plugins.pymacaron.pipeline.state.RunState;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.report.StageState;
import io.jenkins.plugins.pymacaron.report.StageSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One run of a {@link FakeService}, whose image is there from the beginning. */
public final class FakeRun {
    /** Those that need an engine or Python. */
    private static final List<Stage> IMAGE = List.of(Stage.UNIT, Stage.BUILD, Stage.CONTAINER, Stage.PUSH);

    public static final String OWNER = "run-1";

    private final FakeService service;
    private final PymDirectory pym;

    public final PreparedRun prepared;
    public final RunState state;
    public final Path directory;
    public final RunRecorder recorder;

    public RunOutcome outcome = RunOutcome.SUCCEEDED;
    public String message = "";
    public StageFailedException failure;

    FakeRun(FakeService service, PreparedRun prepared) throws IOException {
        this.service = service;
        this.prepared = prepared;
        pym = service.pym();
        directory = pym.run(pym.freshId());
        state = RunState.begin(directory, prepared.request().toMap());
        state.put("source", Map.of("commit", prepared.source().commit()));
        state.put("image", image("two"));
        for (Stage stage : IMAGE) {
            state.done(stage, "");
        }
        recorder = recorder(directory);
    }

    /** The same run as a process finds it that goes on with it. */
    private FakeRun(FakeRun before, Path directory) throws IOException {
        service = before.service;
        prepared = before.prepared;
        pym = before.pym;
        this.directory = directory;
        state = RunState.open(directory);
        recorder = recorder(directory);
    }

    public FakeRun foundAt(Path copy) throws IOException {
        return new FakeRun(this, copy);
    }

    private RunRecorder recorder(Path where) throws IOException {
        return new RunRecorder(
                service.progress(),
                Files.createDirectories(where.resolve("report")),
                Clock.systemUTC(),
                EnumSet.allOf(Stage.class));
    }

    public static Map<String, String> image(String version) {
        return RunImage.toMap(new BuiltImage(
                "hello",
                version,
                "src-" + version,
                "c-" + version,
                Optional.of("sha256:" + version),
                Optional.empty(),
                BuiltImage.Origin.LOCAL,
                "base",
                ""));
    }

    public OperationRunner operations() throws IOException {
        return new OperationRunner(directory.resolve("operations"), service.progress())
                .heldBy(EnvironmentLocks.of(OWNER, new RunLeases(OWNER, service.progress())));
    }

    public DeployRun stages(OperationRunner operations) {
        return new DeployRun(prepared, recorder, state, pym, operations);
    }

    /** The work of a run. */
    public interface Body {
        void run(OperationRunner operations) throws StageFailedException, IOException, InterruptedException;
    }

    /** Does it to its end, and keeps which one that is. */
    public FakeRun ending(Body body) throws IOException, InterruptedException {
        try (OperationRunner operations = operations()) {
            body.run(operations);
        } catch (StageFailedException e) {
            failure = e;
            outcome = e.outcome();
            message = e.getMessage();
        }
        if (failure == null || !failure.isSuspended()) {
            state.end(outcome);
        }
        return this;
    }

    public FakeRun deploy() throws IOException, InterruptedException {
        return ending(operations -> outcome = stages(operations).run());
    }

    public FakeRun rollBack(Optional<String> version) throws IOException, InterruptedException {
        RollbackRun.begin(state, version);
        return ending(operations -> new StageSequence(recorder, state)
                .run(Stage.ROLLBACK, new RollbackRun(prepared, operations, state, NextStepAdvice.SHELL)::run));
    }

    /** Cleans up after a dead run. @return what is left */
    public List<String> cleanUp() throws Exception {
        RunState kept = RunState.open(directory);
        try (OperationRunner operations =
                kept.hasRollbackFailed() ? operations().tryingAgain() : operations()) {
            return RollbackRun.isOf(kept)
                    ? new RollbackRun(prepared, operations, kept, NextStepAdvice.SHELL).undo()
                    : new DeadRunCleaner(prepared.request(), Map.of(), service.progress())
                            .undo(prepared, operations, kept);
        }
    }

    public EnvironmentDeployment staging(OperationRunner operations) {
        return new EnvironmentDeployment(prepared.staging().orElseThrow(), operations, state);
    }

    public EnvironmentDeployment live(OperationRunner operations) {
        return new EnvironmentDeployment(prepared.live().get(0), operations, state);
    }

    public StageState at(Stage stage) {
        return summary(stage).state();
    }

    public StageSummary summary(Stage stage) {
        return recorder.summary().stages().stream()
                .filter(summary -> summary.key().equals(stage.key()))
                .findFirst()
                .orElseThrow();
    }
}
