package io.jenkins.plugins.pymacaron.targets.cloudrun;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The fields that the service adds to a template without them, and shows from then on: those of a real answer
 * (firebase/firebase-tools, src/gcp/runv2.ts), with the values of the published protocol (google.cloud.run.v2:
 * {@code RevisionTemplate}, {@code Container}, {@code Probe}) and of "Default startup TCP probe" in the documentation.
 */
final class Defaults {
    private static final String COMPUTE = "123456789012-compute@developer.gserviceaccount.com";

    private Defaults() {}

    static void fill(ObjectNode template) {
        if (!template.has("maxInstanceRequestConcurrency")) {
            template.put("maxInstanceRequestConcurrency", 80);
        }
        if (!template.has("timeout")) {
            template.put("timeout", "300s");
        }
        if (template.path("serviceAccount").asText().isEmpty()) {
            template.put("serviceAccount", COMPUTE);
        }
        ObjectNode scaling = template.withObject("/scaling");
        if (!scaling.has("maxInstanceCount")) {
            scaling.put("maxInstanceCount", 100);
        }
        JsonNode containers = template.path("containers");
        if (containers.size() == 1) {
            ObjectNode only = (ObjectNode) containers.get(0);
            if (only.path("ports").isEmpty()) {
                only.putArray("ports").addObject().put("name", "http1").put("containerPort", 8080);
            }
            if (!only.has("startupProbe")) {
                only.putObject("startupProbe")
                        .put("failureThreshold", 1)
                        .put("timeoutSeconds", 240)
                        .put("periodSeconds", 240)
                        .putObject("tcpSocket")
                        .put("port", 8080);
            }
        }
    }
}
