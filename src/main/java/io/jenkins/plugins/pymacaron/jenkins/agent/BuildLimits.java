package io.jenkins.plugins.pymacaron.jenkins.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.pymacaron.jenkins.run.BuildOrigin;
import io.jenkins.plugins.pymacaron.jenkins.run.OrderedBuild;
import io.jenkins.plugins.pymacaron.jenkins.run.RollbackRequest;
import io.jenkins.plugins.pymacaron.pipeline.contract.EnvironmentNames;
import io.jenkins.plugins.pymacaron.pipeline.contract.Parameter;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/**
 * The limits of a build, for every caller: they hold for steps written by hand and the freestyle builder as for
 * {@code pymacaronDeploy}, which never exceeds them.
 */
public final class BuildLimits {
    private static final Set<String> SHIPPING = Set.of("push", "staging", "pre-promote", "promote", "rollback");

    private BuildLimits() {}

    /**
     * Checks the limits. It may ask the SCM whom it trusts, so do not call it in a thread that must not block.
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
        if (back.isEmpty() || order.isBack()) {
            return;
        }
        String environment = EnvironmentNames.shown(back.get().getEnvironment());
        if (!back.get().isAgain()) {
            throw new AbortException(Messages.BuildLimits_rollsBack(order.getTitle(), environment));
        }
        if (!OrderedBuild.obeysRequests(run)) {
            // Its script would take the newest commit to live.
            throw new AbortException(Messages.BuildLimits_deploysAgain(
                    order.getTitle(), back.get().getVersion(), environment));
        }
    }

    /**
     * Returns the order with the rights of its source, independent of the parameters of the Pipeline: their text may be
     * a stranger's.
     */
    @NonNull
    static StageOrder limited(@NonNull StageOrder order, @NonNull BuildOrigin origin) {
        // A stage before the push may write to the registry too: an image that is built without an engine is built
        // there.
        StageOrder limited = order.with(Parameter.SHIP, origin.mayShip());
        return origin.isTrusted() ? limited : limited.withoutSecrets(true);
    }
}
