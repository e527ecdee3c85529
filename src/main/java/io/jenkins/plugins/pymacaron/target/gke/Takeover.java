package io.jenkins.plugins.pymacaron.target.gke;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;

/**
 * Whose the fields of a Deployment are. One that kubectl made, as pymgke does, has fields that a server-side apply would
 * leave as they are, such as environment variables with the values of old secrets. So what kubectl owns becomes ours before
 * the first apply, which is what client-go's csaupgrade does.
 */
final class Takeover {
    private Takeover() {}

    /** The Deployment with its owners changed, where that is needed. */
    static Optional<ObjectNode> of(Api api, String deployment) {
        return api.get(Kind.DEPLOYMENT, deployment).flatMap(Takeover::of);
    }

    static Optional<ObjectNode> of(ObjectNode there) {
        ArrayNode entries = there.withObject("/metadata").withArray("managedFields");
        ObjectNode fields = Tree.object();
        ArrayNode kept = entries.arrayNode();
        boolean kubectl = false;
        for (JsonNode entry : entries) {
            boolean ours = isOurs(entry);
            boolean theirs = Tree.at(entry, "manager").startsWith("kubectl")
                    && Tree.at(entry, "subresource").isEmpty();
            kubectl |= theirs;
            if (ours || theirs) {
                merge(fields, entry.path("fieldsV1"));
            } else {
                kept.add(entry);
            }
        }
        if (!kubectl) {
            return Optional.empty();
        }
        ObjectNode mine = Tree.object();
        mine.put("manager", Api.MANAGER).put("operation", "Apply").put("apiVersion", Kind.DEPLOYMENT.apiVersion());
        mine.put("fieldsType", "FieldsV1").set("fieldsV1", fields);
        kept.add(mine);
        ObjectNode changed = there.deepCopy();
        changed.withObject("/metadata").set("managedFields", kept);
        return Optional.of(changed);
    }

    /** Whether our own applies have set the number of pods. */
    static boolean ownsReplicas(JsonNode deployment) {
        for (JsonNode entry : deployment.path("metadata").path("managedFields")) {
            if (isOurs(entry) && entry.path("fieldsV1").path("f:spec").has("f:replicas")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOurs(JsonNode entry) {
        return Tree.at(entry, "manager").equals(Api.MANAGER)
                && Tree.at(entry, "operation").equals("Apply");
    }

    private static void merge(ObjectNode into, JsonNode from) {
        for (Map.Entry<String, JsonNode> field : from.properties()) {
            JsonNode there = into.get(field.getKey());
            if (there instanceof ObjectNode object) {
                merge(object, field.getValue());
            } else {
                into.set(field.getKey(), field.getValue().deepCopy());
            }
        }
    }
}
