package io.jenkins.plugins.pymacaron.targets.gke;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Merges {@code gke_patch} into a Deployment, by the rules of a strategic merge: maps are merged, lists whose elements
 * have a key are merged by it, other lists are replaced. The keys are {@code x-kubernetes-patch-merge-key} of the
 * OpenAPI model of Kubernetes.
 */
final class PatchedTemplate {
    private static final Map<String, String> KEYS = Map.of(
            "containers", "name",
            "initContainers", "name",
            "env", "name",
            "volumes", "name",
            "imagePullSecrets", "name",
            "volumeMounts", "mountPath",
            "volumeDevices", "devicePath",
            "hostAliases", "ip",
            "topologySpreadConstraints", "topologyKey");

    /** Only one of these may be set, so that another one replaces ours. */
    private static final Set<String> HANDLERS = Set.of("httpGet", "exec", "tcpSocket", "grpc");

    private PatchedTemplate() {}

    static void patch(ObjectNode deployment, Map<String, Object> patch) {
        merge(deployment, (ObjectNode) JsonTree.of(patch));
    }

    private static void merge(ObjectNode into, ObjectNode patch) {
        if (patch.properties().stream().anyMatch(field -> HANDLERS.contains(field.getKey()))) {
            into.remove(List.copyOf(HANDLERS));
        }
        for (Map.Entry<String, JsonNode> field : patch.properties()) {
            String name = field.getKey();
            JsonNode there = into.get(name);
            if (there instanceof ObjectNode object && field.getValue() instanceof ObjectNode more) {
                merge(object, more);
            } else if (there instanceof ArrayNode list
                    && field.getValue() instanceof ArrayNode more
                    && KEYS.containsKey(name)) {
                more.forEach(element -> merge(list, element, KEYS.get(name)));
            } else {
                into.set(name, field.getValue());
            }
        }
    }

    private static void merge(ArrayNode list, JsonNode element, String key) {
        for (JsonNode other : list) {
            if (other instanceof ObjectNode same
                    && element instanceof ObjectNode more
                    && JsonTree.at(other, key).equals(JsonTree.at(element, key))) {
                merge(same, more);
                return;
            }
        }
        list.add(element);
    }
}
