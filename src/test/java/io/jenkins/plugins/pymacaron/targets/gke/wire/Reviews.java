package io.jenkins.plugins.pymacaron.targets.gke.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Request;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** SelfSubjectReview and SelfSubjectAccessReview. */
final class Reviews {
    private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";
    /** The length of "k8s" and a zero byte. */
    private static final int MAGIC = 4;

    private static final List<String> ATTRIBUTES =
            List.of("namespace", "verb", "group", "version", "resource", "subresource", "name");

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
                        .put(
                                "allowed",
                                who.may(
                                        asked.path("namespace").asText(""),
                                        asked.path("group").asText(""),
                                        resource,
                                        asked.path("verb").asText(),
                                        asked.path("name").asText("")));
                yield Optional.of(review);
            }
            default -> Optional.empty();
        };
    }

    private static ObjectNode body(Request request) {
        try {
            if (request.headers().getOrDefault("content-type", "").startsWith(PROTOBUF)) {
                return ofProtobuf(request.body());
            }
            return (ObjectNode) Cluster.JSON.readTree(request.text());
        } catch (JsonProcessingException e) {
            throw new Refusal(400, "BadRequest", "no JSON");
        } catch (InvalidProtocolBufferException e) {
            throw new Refusal(400, "BadRequest", "no message of Kubernetes");
        }
    }

    /**
     * Reads the form of kubectl: a magic number, and an Unknown with a TypeMeta and the object; numbers of fields are
     * those of {@code generated.proto} of k8s.io/api/authorization/v1.
     */
    private static ObjectNode ofProtobuf(byte[] bytes) throws InvalidProtocolBufferException {
        UnknownFieldSet unknown = UnknownFieldSet.parseFrom(Arrays.copyOfRange(bytes, MAGIC, bytes.length));
        UnknownFieldSet type = message(unknown, 1);
        UnknownFieldSet spec = message(message(unknown, 2), 2);
        UnknownFieldSet attributes = message(spec, 1);
        ObjectNode review = Cluster.JSON.createObjectNode();
        review.put("apiVersion", text(type, 1)).put("kind", text(type, 2)).putObject("metadata");
        if (spec.hasField(1)) {
            ObjectNode asked = review.putObject("spec").putObject("resourceAttributes");
            for (int field = 1; field <= ATTRIBUTES.size(); field++) {
                if (attributes.hasField(field)) {
                    asked.put(ATTRIBUTES.get(field - 1), text(attributes, field));
                }
            }
        }
        return review;
    }

    private static UnknownFieldSet message(UnknownFieldSet of, int field) throws InvalidProtocolBufferException {
        return of.hasField(field)
                ? UnknownFieldSet.parseFrom(
                        of.getField(field).getLengthDelimitedList().get(0))
                : UnknownFieldSet.getDefaultInstance();
    }

    private static String text(UnknownFieldSet of, int field) {
        return of.getField(field).getLengthDelimitedList().get(0).toStringUtf8();
    }
}
