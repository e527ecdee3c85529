package io.jenkins.plugins.pymacaron.jenkins.lock;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.Job;
import hudson.model.Run;
import java.util.Collection;
import java.util.Optional;

/** An extension that can pause deployments to an environment. */
public interface DeploymentPause extends ExtensionPoint {
    /**
     * Returns the reason of a pause.
     *
     * @return why this build must not deploy there now: one line that names the user who paused it and the page where
     *     it is resumed; empty if it may. A requested rollback should be let through, because it is the purpose of a
     *     pause
     */
    @NonNull
    Optional<String> whyPaused(@NonNull String environment, @NonNull Run<?, ?> run);

    /** Returns whether this job deploys there: its builds would come to it, even if they begin with other work. */
    default boolean isDeployedTo(@NonNull String environment, @NonNull Job<?, ?> job) {
        return false;
    }

    /**
     * Refuses a build that has not named its environments yet, by those that its job has deployed to.
     *
     * @throws AbortException with one line, if deployments to one of them are paused
     */
    static void refuseJob(@NonNull Collection<String> environments, @NonNull Run<?, ?> run) throws AbortException {
        refuse(
                environments.stream()
                        .filter(environment -> ExtensionList.lookup(DeploymentPause.class).stream()
                                .anyMatch(pause -> pause.isDeployedTo(environment, run.getParent())))
                        .toList(),
                run);
    }

    /**
     * Refuses a build before any work, rather than when its turn comes.
     *
     * @param environments that a build is going to change
     * @throws AbortException with one line, if deployments to one of them are paused
     */
    static void refuse(@NonNull Collection<String> environments, @NonNull Run<?, ?> run) throws AbortException {
        for (String environment : environments) {
            Optional<AbortException> paused = refusal(environment, run);
            if (paused.isPresent()) {
                throw paused.get();
            }
        }
    }

    static Optional<AbortException> refusal(String environment, Run<?, ?> run) {
        return ExtensionList.lookup(DeploymentPause.class).stream()
                .flatMap(pause -> pause.whyPaused(environment, run).stream())
                .findFirst()
                .map(AbortException::new);
    }
}
