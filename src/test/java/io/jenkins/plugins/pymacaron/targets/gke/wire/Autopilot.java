package io.jenkins.plugins.pymacaron.targets.gke.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Changes a Deployment as the admission of a GKE Autopilot cluster does: limits become the requests, and an annotation
 * tells the requested and the resulting resources (documentation of GKE, "Resource requests in Autopilot", "Default
 * values and changes", and its annotation {@code autopilot.gke.io/resource-adjustment}). The owners of fields stay: the
 * owners of an apply are settled before admission (kubernetes/apiserver, pkg/endpoints/handlers/patch.go).
 */
final class Autopilot {
    private Autopilot() {}

    static void adjust(ObjectNode deployment) {
        ObjectNode adjusted = Cluster.JSON.createObjectNode();
        for (JsonNode container :
                deployment.path("spec").path("template").path("spec").path("containers")) {
            ObjectNode resources = (ObjectNode) container.path("resources");
            String name = container.path("name").asText();
            adjusted.withObject("/input")
                    .withArray("/containers")
                    .addObject()
                    .put("name", name)
                    .setAll(resources.deepCopy());
            resources.set("limits", resources.path("requests").deepCopy());
            adjusted.withObject("/output")
                    .withArray("/containers")
                    .addObject()
                    .put("name", name)
                    .setAll(resources.deepCopy());
        }
        adjusted.put("modified", true);
        deployment
                .withObject("/metadata")
                .withObject("/annotations")
                .put("autopilot.gke.io/resource-adjustment", adjusted.toString());
    }
}
