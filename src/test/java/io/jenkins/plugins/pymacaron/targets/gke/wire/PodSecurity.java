package io.jenkins.plugins.pymacaron.targets.gke.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The admission of pods in a namespace with the label {@code pod-security.kubernetes.io/enforce: restricted}: what it demands
 * and in which words it refuses is from kubernetes/pod-security-admission, {@code policy/check_*.go}, as far as a pod of one
 * container without volumes of the host goes.
 */
final class PodSecurity {
    private PodSecurity() {}

    static Optional<String> refusal(Store store, ObjectNode set) {
        boolean restricted = store.get(Resource.ofKind("Namespace"), "", Cluster.namespace(set))
                .map(n -> n.path("metadata").path("labels"))
                .filter(labels -> labels.path("pod-security.kubernetes.io/enforce")
                        .asText()
                        .equals("restricted"))
                .isPresent();
        List<String> violations =
                restricted ? violations(set.path("spec").path("template").path("spec")) : List.of();
        return violations.isEmpty()
                ? Optional.empty()
                : Optional.of("pods \"" + Cluster.name(set) + "-x\" is forbidden: violates PodSecurity"
                        + " \"restricted:latest\": " + String.join(", ", violations));
    }

    private static List<String> violations(JsonNode pod) {
        List<String> found = new ArrayList<>();
        JsonNode ofPod = pod.path("securityContext");
        for (JsonNode container : pod.path("containers")) {
            JsonNode own = container.path("securityContext");
            String name = container.path("name").asText();
            if (!own.path("allowPrivilegeEscalation").isBoolean()
                    || own.path("allowPrivilegeEscalation").asBoolean()) {
                found.add("allowPrivilegeEscalation != false (container \"" + name
                        + "\" must set securityContext.allowPrivilegeEscalation=false)");
            }
            if (!own.path("capabilities").path("drop").toString().contains("\"ALL\"")) {
                found.add("unrestricted capabilities (container \"" + name
                        + "\" must set securityContext.capabilities.drop=[\"ALL\"])");
            }
            if (!own.path("runAsNonRoot").asBoolean()
                    && !ofPod.path("runAsNonRoot").asBoolean()) {
                found.add("runAsNonRoot != true (pod or container \"" + name
                        + "\" must set securityContext.runAsNonRoot=true)");
            }
            if (!List.of("RuntimeDefault", "Localhost")
                    .contains(own.path("seccompProfile")
                            .path("type")
                            .asText(ofPod.path("seccompProfile").path("type").asText()))) {
                found.add("seccompProfile (pod or container \"" + name
                        + "\" must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\")");
            }
        }
        return found;
    }
}
