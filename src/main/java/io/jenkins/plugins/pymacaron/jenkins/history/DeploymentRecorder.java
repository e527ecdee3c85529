package io.jenkins.plugins.pymacaron.jenkins.history;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Run;
import io.jenkins.plugins.pymacaron.jenkins.run.DeploymentRecord;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.jenkins.run.RollbackRequest;
import io.jenkins.plugins.pymacaron.jenkins.run.ServiceRun;
import io.jenkins.plugins.pymacaron.jenkins.run.StageListener;
import io.jenkins.plugins.pymacaron.jenkins.run.StageRecord;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

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
            // An earlier call may have reported it already.
            List<DeploymentEntry> known = history.entries();
            List<DeploymentEntry> fresh =
                    entries.stream().filter(entry -> !known.contains(entry)).toList();
            if (!fresh.isEmpty()) {
                history.add(fresh);
            }
        }
        Optional<AcceptanceEntry> accepted = AcceptanceEntry.of(run, service, stage);
        if (accepted.isPresent()) {
            DeploymentHistory.of(run.getParent()).add(accepted.get());
        }
        if (!entries.isEmpty() || !stage.getKept().isEmpty()) {
            ServingEnvironments.get().ended(run.getParent(), stage, entries, refused(service, stage));
        }
    }

    /** Returns the version that this build had promoted, if this stage rolls it back. */
    private static Optional<String> refused(ServiceRun service, StageRecord stage) {
        return stage.getStage().equals("rollback")
                ? service.last("promote").stream()
                        .flatMap(promote -> promote.getDeployments().stream())
                        .map(DeploymentRecord::getVersion)
                        .findFirst()
                : Optional.empty();
    }

    private static boolean isPushed(ServiceRun service) {
        return service.last("push")
                .filter(push -> push.getOutcome().equals("SUCCEEDED"))
                .isPresent();
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
                BuildStarter.of(run, service),
                PymacaronRun.knownIdOf(run).orElse(""),
                deployment.getIdentity(),
                isPushed(service) && !stage.getStage().equals("rollback"),
                stage.getNode(),
                why(run, stage));
    }

    /** Returns the reason given to the stage; otherwise that of the build, every stage of which then has it. */
    private static String why(Run<?, ?> run, StageRecord stage) {
        return stage.getReason().isEmpty()
                ? RollbackRequest.of(run).map(RollbackRequest::getReason).orElse("")
                : stage.getReason();
    }
}
