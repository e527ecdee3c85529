package io.jenkins.plugins.pymacaron.jenkins.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.pymacaron.jenkins.run.BuildOrigin;
import io.jenkins.plugins.pymacaron.jenkins.run.RollbackRequest;
import io.jenkins.plugins.pymacaron.targets.EnvironmentNames;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/**
 * What a build must not do, whoever asks for it: steps written by hand and the freestyle builder are held to it like
 * {@code pymacaronDeploy}, which never asks.
 */
public final class BuildLimits {
    private static final Set<String> SHIPPING = Set.of("push", "staging", "pre-promote", "promote", "rollback");

    private BuildLimits() {}

    /**
     * May ask the SCM whom it trusts, so not for a thread that must not block.
     *
     * @throws AbortException with one line, before anything has happened
     */
    public static void check(@NonNull StageOrder order, @NonNull Run<?, ?> run, @NonNull TaskListener listener)
            throws IOException, InterruptedException {
        if (!SHIPPING.contains(order.getStage())) {
            return;
        }
        BuildOrigin origin = BuildOrigin.of(run, listener);
        if (!origin.mayShip()) {
            throw new AbortException(Messages.BuildLimits_changeRequest(order.getTitle(), origin.name()));
        }
        Optional<RollbackRequest> back = RollbackRequest.of(run);
        boolean asked = order.isBack() || back.filter(RollbackRequest::isAgain).isPresent();
        if (back.isPresent() && !asked) {
            throw new AbortException(Messages.BuildLimits_rollsBack(
                    order.getTitle(), EnvironmentNames.shown(back.get().getEnvironment())));
        }
    }
}
