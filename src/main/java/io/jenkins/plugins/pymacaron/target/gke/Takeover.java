package io.jenkins.plugins.pymacaron.target.gke;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

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

    /** Who else owns fields that {@code wanted} changes: a forced apply takes those from them. */
    static Set<String> owners(JsonNode there, JsonNode wanted) {
        Set<String> owners = new TreeSet<>();
        for (JsonNode entry : there.path("metadata").path("managedFields")) {
            if (!Tree.at(entry, "manager").equals(Api.MANAGER)
                    && Tree.at(entry, "subresource").isEmpty()
                    && changes(entry.path("fieldsV1"), there, wanted)) {
                owners.add(Tree.at(entry, "manager"));
            }
        }
        return owners;
    }

    /** @param fields the owned ones, {@code f:} by name and {@code k:} by key; without any, the whole is one field */
    private static boolean changes(JsonNode fields, JsonNode there, JsonNode wanted) {
        if (wanted.isMissingNode()) {
            return false;
        }
        if (fields.isEmpty()) {
            return !Tree.differences(there, wanted).isEmpty();
        }
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            String name = field.getKey();
            boolean changed = name.startsWith("f:") && wanted.has(name.substring(2))
                    ? changes(field.getValue(), there.path(name.substring(2)), wanted.get(name.substring(2)))
                    : name.startsWith("k:")
                            && changes(
                                    field.getValue(),
                                    element(there, Tree.parse(name.substring(2))),
                                    element(wanted, Tree.parse(name.substring(2))));
            if (changed) {
                return true;
            }
        }
        return false;
    }

    private static JsonNode element(JsonNode list, JsonNode key) {
        for (JsonNode element : list) {
            if (Tree.differences(element, key).isEmpty()) {
                return element;
            }
        }
        return list.path("none");
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
