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
import java.util.StringJoiner;

/**
 * The secrets of an order, looked up each time anew: those that it names, those of the defaults, those of the service.
 * The job, its folders, Jenkins and the controller's own read of the configuration select them; the result of a stage
 * never does.
 */
final class StageSecrets {
    /** The stage that runs the code of the commit before it is accepted. */
    private static final String UNIT = "unit";

    /** The stages that report the inputs of a deployment. */
    private static final Set<String> SAYING = Set.of("plan", "preflight");

    private StageSecrets() {}

    /** Returns the ids in words; they are no secrets. */
    private static String said(CredentialIds ids, Map<String, String> secrets) {
        StringJoiner all = new StringJoiner(", ").setEmptyValue(Messages.StageSecrets_none());
        Map<String, String> named = new LinkedHashMap<>();
        named.put("docker", ids.getDocker());
        named.put("aws", ids.getAws());
        named.put("gcp", ids.getGcp());
        named.put("kubeconfig", ids.getKubeconfig());
        named.putAll(secrets);
        named.forEach((name, id) -> {
            if (id != null) {
                all.add(name + " by '" + id + "'");
            }
        });
        return all.toString();
    }

    static BoundSecrets resolve(StageOrder order, Run<?, ?> run, FilePath workspace, TaskListener listener)
            throws IOException, InterruptedException {
        // This is decided where they are looked up, so that it holds for hand-written steps and for defaults of folders
        // too.
        if (order.isWithoutSecrets() || !BuildOrigin.of(run, listener).isTrusted()) {
            return new BoundSecrets(Map.of(), Set.of());
        }
        Defaults defaults = Defaults.of(run.getParent());
        Map<String, String> secrets = new LinkedHashMap<>(defaults.getSecretIds());
        secrets.putAll(order.getSecrets());
        CredentialIds ids = order.getCredentials().over(defaults.getCredentials());
        if (SAYING.contains(order.getStage())) {
            listener.getLogger().println(Messages.StageSecrets_credentials(said(ids, secrets)));
        }
        return Bindings.resolve(
                run,
                UNIT.equals(order.getStage()) ? ids.withoutClouds() : ids,
                secrets,
                ServiceSecrets.names(order, run, workspace),
                listener);
    }
}
