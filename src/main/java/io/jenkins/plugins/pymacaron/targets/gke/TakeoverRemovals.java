package io.jenkins.plugins.pymacaron.targets.gke;

import io.jenkins.plugins.pymacaron.config.GkeKeys;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import java.util.Map;
import java.util.Set;

/**
 * What a take-over removes of what kubectl has set and nobody here wants.
 *
 * @param variables names of environment variables that come from a Secret, which a value of kubectl's would hide
 * @param parts values of {@code gke_remove}
 */
record TakeoverRemovals(Set<String> variables, Set<String> parts) {
    private static final String POD = "spec.template.spec.";

    /** Where the fields of a part are; below {@code containers}, those of our own container too. */
    private static final Map<String, Set<String>> PATHS = Map.of(
            "service_account", Set.of(POD + "serviceAccountName", POD + "serviceAccount"),
            "volumes", Set.of(POD + "volumes", POD + "containers.volumeMounts"),
            "containers", Set.of(POD + "containers"),
            "init_containers", Set.of(POD + "initContainers"));

    static TakeoverRemovals of(PymConfig config) {
        return new TakeoverRemovals(Set.copyOf(config.envSecrets()), Set.copyOf(config.get(GkeKeys.GKE_REMOVE)));
    }

    /** Whether a field goes that is not wanted, or an element of that list. */
    boolean removes(String path) {
        return parts.stream().anyMatch(part -> PATHS.get(part).contains(path));
    }

    /** Whether an element of a list goes that is not wanted. */
    boolean removes(String path, String name) {
        return path.endsWith(".env") ? variables.contains(name) : removes(path);
    }
}
