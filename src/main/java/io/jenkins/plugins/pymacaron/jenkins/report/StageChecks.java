package io.jenkins.plugins.pymacaron.jenkins.report;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Computer;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.checks.api.ChecksConclusion;
import io.jenkins.plugins.checks.api.ChecksDetails;
import io.jenkins.plugins.checks.api.ChecksOutput;
import io.jenkins.plugins.checks.api.ChecksPublisherFactory;
import io.jenkins.plugins.checks.api.ChecksStatus;
import io.jenkins.plugins.pymacaron.jenkins.run.DeploymentRecord;
import io.jenkins.plugins.pymacaron.jenkins.run.ServiceRun;
import io.jenkins.plugins.pymacaron.jenkins.run.StageListener;
import io.jenkins.plugins.pymacaron.jenkins.run.StageRecord;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.StringJoiner;
import org.jenkinsci.plugins.displayurlapi.DisplayURLProvider;

/** Publishes a check of the commit for each stage that tested or deployed something, or failed. */
@Extension
public final class StageChecks implements StageListener {
    private static final Set<String> GOOD = Set.of("SUCCEEDED", "ROLLED_BACK");

    @Override
    public void onStageEnded(@NonNull Run<?, ?> run, @NonNull ServiceRun service, @NonNull StageRecord stage) {
        boolean good = GOOD.contains(stage.getOutcome());
        if (good && stage.getTotal() == 0 && stage.getDeployments().isEmpty()) {
            return;
        }
        ChecksDetails details = details(run, service, stage, good);
        // It may ask a server far away, for which the stage's thread must not wait; a failure is logged there.
        Computer.threadPoolForRemoting.execute(
                () -> ChecksPublisherFactory.fromRun(run, TaskListener.NULL).publish(details));
    }

    private static ChecksDetails details(Run<?, ?> run, ServiceRun service, StageRecord stage, boolean good) {
        DisplayURLProvider display = DisplayURLProvider.get();
        String name = service.getService().isEmpty() ? service.getDirectory() : service.getService();
        return new ChecksDetails.ChecksDetailsBuilder()
                .withName(Messages.StageChecks_name(name, stage.getTitle()))
                .withStatus(ChecksStatus.COMPLETED)
                .withConclusion(good ? ChecksConclusion.SUCCESS : ChecksConclusion.FAILURE)
                .withStartedAt(time(stage.getStarted()))
                .withCompletedAt(time(stage.getStarted() + stage.getDurationMillis()))
                .withDetailsURL(
                        stage.getTotal() > 0
                                ? display.getRoot() + run.getUrl() + "acceptance/"
                                : display.getRunURL(run))
                .withOutput(new ChecksOutput.ChecksOutputBuilder()
                        .withTitle(title(stage, good))
                        .withSummary(summary(stage))
                        .build())
                .build();
    }

    private static String title(StageRecord stage, boolean good) {
        if (stage.getTotal() > 0) {
            return Messages.StageChecks_counts(
                    stage.getPassed(), stage.getFailed() + stage.getErrors(), stage.getSkipped());
        }
        if (!good || stage.getDeployments().isEmpty()) {
            return stage.getMessage().isEmpty() ? stage.getOutcome() : stage.getMessage();
        }
        DeploymentRecord first = stage.getDeployments().get(0);
        return first.getVersion().isEmpty()
                ? Messages.StageChecks_nothing(first.getEnvironment())
                : Messages.StageChecks_serves(first.getVersion(), first.getEnvironment());
    }

    private static String summary(StageRecord stage) {
        StringJoiner lines = new StringJoiner("\n");
        if (!stage.getMessage().isEmpty()) {
            lines.add(code(stage.getMessage()));
        }
        for (DeploymentRecord d : stage.getDeployments()) {
            lines.add("- " + code(d.getEnvironment()) + ": " + (d.getVersion().isEmpty() ? "–" : code(d.getVersion()))
                    + " " + code(d.getDigest()));
        }
        return lines.length() == 0 ? stage.getTitle() : lines.toString();
    }

    /** Returns Markdown code that no text can leave. */
    private static String code(String text) {
        return text.isEmpty() ? "" : "`" + text.replace('`', '\'') + "`";
    }

    private static LocalDateTime time(long millis) {
        return LocalDateTime.ofEpochSecond(millis / 1000, 0, ZoneOffset.UTC);
    }
}
