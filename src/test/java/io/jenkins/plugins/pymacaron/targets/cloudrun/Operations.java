package io.jenkins.plugins.pymacaron.targets.cloudrun;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The long-running operations of a server that stands for Cloud Run: begun when a change is accepted, ended when it is done. */
final class Operations {
    /**
     * The code of the service for a revision that does not start, since 2025; 13 before that
     * (transparency-dev/tesseract#413, chainguard-dev/terraform-infra-common#498).
     */
    private static final int FAILED_PRECONDITION = 9;

    /** The code for traffic to a missing revision (terraform-google-modules/terraform-docs-samples#269). */
    private static final int INTERNAL = 13;

    private final Map<String, ObjectNode> operations = new ConcurrentHashMap<>();

    /** google.cloud.run.v2 says of each change that both metadata and response are what is changed ({@code operation_info}). */
    private static final String TYPE = "type.googleapis.com/google.cloud.run.v2.";

    /** @param kind what is changed: {@code Service} or {@code Revision} */
    synchronized ObjectNode begin(String path, JsonNode of, String kind) {
        String name = path.replaceFirst("/services/.*", "") + "/operations/" + (operations.size() + 1);
        ObjectNode operation = JsonNodeFactory.instance.objectNode().put("name", name);
        operation.set("metadata", typed(of, kind));
        operations.put(name, operation);
        return operation.deepCopy();
    }

    private static ObjectNode typed(JsonNode of, String kind) {
        ObjectNode typed = of.deepCopy();
        return typed.put("@type", TYPE + kind);
    }

    /** @param trouble why it came to nothing, "" if it did not */
    void end(JsonNode begun, JsonNode of, String kind, String trouble) {
        ObjectNode ended = JsonNodeFactory.instance
                .objectNode()
                .put("name", begun.path("name").asText())
                .put("done", true);
        ended.set("metadata", typed(of, kind));
        if (trouble.isEmpty()) {
            ended.set("response", typed(of, kind));
        } else {
            ended.putObject("error")
                    .put("code", trouble.contains("does not exist") ? INTERNAL : FAILED_PRECONDITION)
                    .put("message", trouble);
        }
        operations.put(begun.path("name").asText(), ended);
    }

    ObjectNode find(String name) throws Refusal {
        ObjectNode operation = operations.get(name);
        if (operation == null) {
            throw Refusal.missing(name);
        }
        return operation;
    }
}
