package io.jenkins.plugins.pymacaron.jenkins.history;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Cause;
import hudson.model.Run;
import io.jenkins.plugins.pymacaron.jenkins.run.DeploymentRecord;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.jenkins.run.RollbackRequest;
import io.jenkins.plugins.pymacaron.jenkins.run.ServiceRun;
import io.jenkins.plugins.pymacaron.jenkins.run.StageListener;
import io.jenkins.plugins.pymacaron.jenkins.run.StageRecord;
import java.io.IOException;
import java.util.List;

/** Writes each deployment of a build into the history of its job. */
@Extension
public final class DeploymentRecorder implements StageListener {
    @Override
    public void onStageEnded(@NonNull Run<?, ?> run, @NonNull ServiceRun service, @NonNull StageRecord stage)
            throws IOException {
        List<DeploymentEntry> entries = stage.getDeployments().stream()
                .filter(d -> !d.getEnvironment().isEmpty())
                .map(d -> entry(run, service, stage, d))
                .toList();
        if (!entries.isEmpty()) {
            DeploymentHistory history = DeploymentHistory.of(run.getParent());
            // It may have been told before.
            List<DeploymentEntry> known = history.entries();
            List<DeploymentEntry> fresh =
                    entries.stream().filter(entry -> !known.contains(entry)).toList();
            if (!fresh.isEmpty()) {
                history.add(fresh);
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
                who(run),
                PymacaronRun.knownIdOf(run).orElse(""),
                deployment.getIdentity());
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
