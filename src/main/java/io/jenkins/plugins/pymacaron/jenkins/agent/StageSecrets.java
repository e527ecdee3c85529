package io.jenkins.plugins.pymacaron.jenkins.agent;

import hudson.FilePath;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.pymacaron.jenkins.config.Defaults;
import io.jenkins.plugins.pymacaron.jenkins.credentials.Bindings;
import io.jenkins.plugins.pymacaron.jenkins.credentials.BoundSecrets;
import io.jenkins.plugins.pymacaron.jenkins.credentials.CredentialIds;
import io.jenkins.plugins.pymacaron.jenkins.run.BuildOrigin;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The secrets of an order, looked up each time anew: those it names, those of the defaults, those of the service. Which
 * they are, the job, its folders, Jenkins and what the controller has read itself say: no result of a stage does.
 */
final class StageSecrets {
    /** The stage that runs the code of the commit before anybody has accepted it. */
    private static final String UNIT = "unit";

    private StageSecrets() {}

    static BoundSecrets resolve(StageOrder order, Run<?, ?> run, FilePath workspace, TaskListener listener)
            throws IOException, InterruptedException {
        // Decided where they are looked up, so that it holds for hand-written steps and for defaults of folders too.
        if (order.isWithoutSecrets() || !BuildOrigin.of(run, listener).isTrusted()) {
            return new BoundSecrets(Map.of(), Set.of());
        }
        Defaults defaults = Defaults.of(run.getParent());
        Map<String, String> secrets = new LinkedHashMap<>(defaults.getSecretIds());
        secrets.putAll(order.getSecrets());
        CredentialIds ids = order.getCredentials().over(defaults.getCredentials());
        return Bindings.resolve(
                run,
                UNIT.equals(order.getStage()) ? ids.withoutClouds() : ids,
                secrets,
                ServiceSecrets.names(order, run, workspace),
                listener);
    }
}
