package io.jenkins.plugins.pymacaron.pipeline.stage;

import io.jenkins.plugins.pymacaron.accept.FailureLog;
import io.jenkins.plugins.pymacaron.accept.StartFailureReport;
import io.jenkins.plugins.pymacaron.pipeline.change.EnvironmentDeployment;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.progress.IoMessages;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunRecorder;
import io.jenkins.plugins.pymacaron.report.AcceptanceReport;
import io.jenkins.plugins.pymacaron.report.JUnitXml;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Keeps and reports the log of a service that failed during its deployment, and that may be gone by now. */
public final class FailedDeployment {
    private static final Set<RunOutcome> OURS = EnumSet.of(RunOutcome.DEPLOY_FAILED, RunOutcome.ROLLBACK_FAILED);

    private final RunRecorder recorder;

    FailedDeployment(RunRecorder recorder) {
        this.recorder = recorder;
    }

    /** Adds the log to a failure. @return {@code why}, with the last lines of the service where it lacks them */
    StageFailedException told(Stage stage, List<EnvironmentDeployment> lanes, StageFailedException why)
            throws InterruptedException {
        StageFailedException told = why;
        for (EnvironmentDeployment lane :
                OURS.contains(why.outcome()) && !why.isSuspended() ? lanes : List.<EnvironmentDeployment>of()) {
            try {
                String log = recorder.progress().masked(lane.failedLog());
                if (!log.isBlank()) {
                    told = told(stage, lane, log, told);
                }
            } catch (IOException e) {
                recorder.progress().warning("the log of " + lane.environment() + " is not kept: " + IoMessages.of(e));
            }
        }
        return told;
    }

    /** Reports the log with the tests too, where users look for it; none of them could run. */
    private StageFailedException told(Stage stage, EnvironmentDeployment lane, String log, StageFailedException why)
            throws IOException {
        recorder.log(stage, log);
        boolean knows = why.getMessage().contains("\n");
        String message =
                why.getMessage() + (knows ? "" : FailureLog.told(log.lines().toList()));
        AcceptanceReport report = StartFailureReport.report(
                lane.environment(), recorder.progress().masked(message));
        JUnitXml.write(recorder.reportDirectory().resolve(stage.key() + ".xml"), report);
        recorder.tests(stage, report, log);
        return knows ? why : new StageFailedException(why.outcome(), message, why);
    }
}
