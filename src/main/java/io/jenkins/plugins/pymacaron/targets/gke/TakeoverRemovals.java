package io.jenkins.plugins.pymacaron.targets.gke;

import io.jenkins.plugins.pymacaron.config.GkeKeys;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import java.util.Map;
import java.util.Set;

/**
 * The fields of kubectl that a take-over removes because they are not wanted.
 *
 * @param variables names of environment variables that come from a Secret, which a value of kubectl's would hide
 * @param parts values of {@code gke_remove}
 */
record TakeoverRemovals(Set<String> variables, Set<String> parts) {
    private static final String POD = "spec.template.spec.";

    /** The paths of the fields of a part; below {@code containers}, those of our own container too. */
    private static final Map<String, Set<String>> PATHS = Map.of(
            "service_account", Set.of(POD + "serviceAccountName", POD + "serviceAccount"),
            "volumes", Set.of(POD + "volumes", POD + "containers.volumeMounts"),
            "containers", Set.of(POD + "containers"),
            "init_containers", Set.of(POD + "initContainers"));

    static TakeoverRemovals of(PymConfig config) {
        return new TakeoverRemovals(Set.copyOf(config.envSecrets()), Set.copyOf(config.get(GkeKeys.GKE_REMOVE)));
    }

    /** Returns whether an unwanted field, or an element of that list, goes. */
    boolean removes(String path) {
        return parts.stream().anyMatch(part -> PATHS.get(part).contains(path));
    }

    /** Returns whether an unwanted element of a list goes. */
    boolean removes(String path, String name) {
        return path.endsWith(".env") ? variables.contains(name) : removes(path);
    }
}
