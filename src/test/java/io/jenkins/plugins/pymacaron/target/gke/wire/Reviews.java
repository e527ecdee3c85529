package io.jenkins.plugins.pymacaron.target.gke.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.target.cloud.WireServer.Request;
import java.util.Optional;

/** SelfSubjectReview and SelfSubjectAccessReview. */
final class Reviews {
    private Reviews() {}

    static Optional<JsonNode> answer(Request request, Identity who) {
        if (!request.method().equals("POST")) {
            return Optional.empty();
        }
        return switch (request.path()) {
            case "/apis/authentication.k8s.io/v1/selfsubjectreviews" -> {
                ObjectNode review = body(request);
                review.putObject("status").putObject("userInfo").put("username", who.user());
                yield Optional.of(review);
            }
            case "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews" -> {
                ObjectNode review = body(request);
                JsonNode asked = review.path("spec").path("resourceAttributes");
                String sub = asked.path("subresource").asText("");
                String resource = asked.path("resource").asText() + (sub.isEmpty() ? "" : "/" + sub);
                review.putObject("status")
                        .put("allowed", who.may(asked.path("verb").asText(), resource));
                yield Optional.of(review);
            }
            default -> Optional.empty();
        };
    }

    private static ObjectNode body(Request request) {
        try {
            return (ObjectNode) Cluster.JSON.readTree(request.text());
        } catch (JsonProcessingException e) {
            throw new Refusal(400, "BadRequest", "no JSON");
        }
    }
}
