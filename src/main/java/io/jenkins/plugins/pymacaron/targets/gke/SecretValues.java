package io.jenkins.plugins.pymacaron.targets.gke;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/** The values of Secrets, which manifests in journals and plans do not contain. */
final class SecretValues {
    static final String REGISTRY_USER = "PYM_REGISTRY_USER";
    static final String REGISTRY_PASSWORD = "PYM_REGISTRY_PASSWORD";

    private final Environment environment;
    private final TargetContext surroundings;

    SecretValues(Environment environment, TargetContext surroundings) {
        this.environment = environment;
        this.surroundings = surroundings;
    }

    /** Returns whether the nodes need a login of ours: GKE's nodes have their own for Google's registries. */
    boolean pulls() {
        String registry = environment.config().registry();
        boolean google = registry.equals("gcr.io") || registry.endsWith(".gcr.io") || registry.endsWith(".pkg.dev");
        return !google
                && !surroundings.get(REGISTRY_USER).isEmpty()
                && !surroundings.get(REGISTRY_PASSWORD).isEmpty();
    }

    TakeoverRemovals removal() {
        return TakeoverRemovals.of(environment.config());
    }

    ObjectNode into(ObjectNode manifest) {
        ObjectNode filled = manifest.deepCopy();
        ObjectNode data = filled.putObject("data");
        if (JsonTree.at(manifest, "type").equals("kubernetes.io/dockerconfigjson")) {
            data.put(".dockerconfigjson", base64(login()));
        } else {
            for (String name : environment.config().envSecrets()) {
                String value = environment.variables().get(name);
                if (value != null) {
                    data.put(name, base64(value));
                }
            }
        }
        return filled;
    }

    private String login() {
        String user = surroundings.get(REGISTRY_USER);
        String password = surroundings.get(REGISTRY_PASSWORD);
        return JsonTree.text(JsonTree.of(Map.of(
                "auths",
                Map.of(
                        environment.config().registry(),
                        Map.of("username", user, "password", password, "auth", base64(user + ":" + password))))));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
