package io.jenkins.plugins.pymacaron.jenkins.history;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Cause;
import hudson.model.Run;
import io.jenkins.plugins.pymacaron.jenkins.run.DeploymentRecord;
import io.jenkins.plugins.pymacaron.jenkins.run.RollbackRequest;
import io.jenkins.plugins.pymacaron.jenkins.run.ServiceRun;
import io.jenkins.plugins.pymacaron.jenkins.run.StageListener;
import io.jenkins.plugins.pymacaron.jenkins.run.StageRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Writes each deployment of a build into the history of its job. */
@Extension
public final class DeploymentRecorder implements StageListener {
    @Override
    public void onStageEnded(@NonNull Run<?, ?> run, @NonNull ServiceRun service, @NonNull StageRecord stage) {
        List<DeploymentEntry> entries = stage.getDeployments().stream()
                .filter(d -> !d.getEnvironment().isEmpty())
                .map(d -> entry(run, service, stage, d))
                .toList();
        if (!entries.isEmpty()) {
            try {
                DeploymentHistory.of(run.getParent()).add(entries);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static DeploymentEntry entry(
            Run<?, ?> run, ServiceRun service, StageRecord stage, DeploymentRecord deployment) {
        return new DeploymentEntry(
                stage.getStarted() + stage.getDurationMillis(),
                deployment.getEnvironment(),
                deployment.getSlot(),
                deployment.getTarget(),
                service.getService(),
                service.getDirectory(),
                deployment.getVersion(),
                deployment.getCommit(),
                deployment.getDigest(),
                deployment.getUrl(),
                stage.getStage(),
                run.getNumber(),
                who(run));
    }

    private static String who(Run<?, ?> run) {
        return RollbackRequest.of(run).map(RollbackRequest::getUser).orElseGet(() -> {
            Cause.UserIdCause user = run.getCause(Cause.UserIdCause.class);
            if (user != null) {
                return user.getUserName();
            }
            List<Cause> causes = run.getCauses();
            return causes.isEmpty() ? "" : causes.get(0).getShortDescription();
        });
    }
}
