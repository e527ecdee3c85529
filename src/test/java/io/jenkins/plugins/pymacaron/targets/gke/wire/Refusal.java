package io.jenkins.plugins.pymacaron.targets.gke.wire;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;

/** An answer that is no success, in the words of a real API server. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final ObjectMapper JSON = new ObjectMapper();

    final int code;
    private final String reason;

    Refusal(int code, String reason, String message) {
        super(message);
        this.code = code;
        this.reason = reason;
    }

    static Refusal notFound(Resource resource, String name) {
        String group = resource.group().isEmpty() ? "" : "." + resource.group();
        return new Refusal(404, "NotFound", resource.plural() + group + " \"" + name + "\" not found");
    }

    static Refusal invalid(Resource resource, String name, String why) {
        return new Refusal(422, "Invalid", resource.kind() + " \"" + name + "\" is invalid: " + why);
    }

    String status() {
        return JSON.valueToTree(Map.of(
                        "kind",
                        "Status",
                        "apiVersion",
                        "v1",
                        "metadata",
                        Map.of(),
                        "status",
                        "Failure",
                        "message",
                        getMessage(),
                        "reason",
                        reason,
                        "code",
                        code))
                .toString();
    }
}
