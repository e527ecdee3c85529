package io.jenkins.plugins.pymacaron.jenkins.agent;

import com.fasterxml.jackson.databind.ObjectMapper;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.pymacaron.jenkins.config.Defaults;
import io.jenkins.plugins.pymacaron.jenkins.credentials.Bindings;
import io.jenkins.plugins.pymacaron.jenkins.credentials.BoundSecrets;
import io.jenkins.plugins.pymacaron.jenkins.credentials.CredentialIds;
import io.jenkins.plugins.pymacaron.jenkins.run.BuildOrigin;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.jenkins.run.ServiceRun;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The secrets of an order, looked up each time anew: those it names, those of the defaults, those of the service. */
final class StageSecrets {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The stage that runs the code of the commit before anybody has accepted it. */
    private static final String UNIT = "unit";

    private StageSecrets() {}

    static BoundSecrets resolve(StageOrder order, Run<?, ?> run, TaskListener listener)
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
                run, UNIT.equals(order.getStage()) ? ids.withoutClouds() : ids, secrets, wanted(order, run), listener);
    }

    /** The names in env_secrets, once a stage has read them. */
    private static List<String> wanted(StageOrder order, Run<?, ?> run) throws IOException {
        String state = PymacaronRun.find(run)
                .flatMap(r -> r.find(order.getDirectory()))
                .map(ServiceRun::getStateJson)
                .orElse("{}");
        String names = JSON.readTree(state).path("secrets").path("names").asText("");
        return names.isEmpty() ? List.of() : List.of(names.split(" "));
    }
}
