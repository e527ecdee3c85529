package io.jenkins.plugins.pymacaron.jenkins.agent;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import hudson.AbortException;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.pymacaron.jenkins.credentials.BoundSecrets;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/** The secrets of an order, looked up each time anew. */
final class StageSecrets {
    private StageSecrets() {}

    static BoundSecrets resolve(StageOrder order, Run<?, ?> run, TaskListener listener)
            throws IOException, InterruptedException {
        Map<String, String> environment = new LinkedHashMap<>();
        Set<String> names = new LinkedHashSet<>();
        if (!order.isWithoutSecrets()) {
            for (Map.Entry<String, String> secret : order.getSecrets().entrySet()) {
                StringCredentials found = find(secret.getValue(), StringCredentials.class, run);
                environment.put(secret.getKey(), found.getSecret().getPlainText());
                names.add(secret.getKey());
            }
            String docker = order.getCredentials().getDocker();
            if (docker != null) {
                StandardUsernamePasswordCredentials login =
                        find(docker, StandardUsernamePasswordCredentials.class, run);
                environment.put("PYM_REGISTRY_USER", login.getUsername());
                environment.put("PYM_REGISTRY_PASSWORD", login.getPassword().getPlainText());
                names.add("PYM_REGISTRY_PASSWORD");
            }
        }
        return new BoundSecrets(environment, names);
    }

    private static <C extends StandardCredentials> C find(String id, Class<C> type, Run<?, ?> run)
            throws AbortException {
        C found = CredentialsProvider.findCredentialById(id, type, run);
        if (found == null) {
            throw new AbortException(Messages.StageSecrets_missing(id));
        }
        CredentialsProvider.track(run, found);
        return found;
    }
}
