package io.jenkins.plugins.pymacaron.targets.gke;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Takes over the fields of a Deployment. A Deployment that kubectl made, as pymgke does, has fields that a server-side
 * apply leaves as they are, such as environment variables with the values of old secrets. So the wanted fields that
 * kubectl owns become ours before the first apply, as client-go's {@code csaupgrade} does for all of them.
 *
 * <p>Everything else stays with kubectl: by the rules of server-side apply a field whose only owner no longer applies
 * it is deleted or reset to its default (Kubernetes documentation, "Server-Side Apply", "Transferring ownership"), so
 * taking all of them would set the number of pods to one and remove the service account, volumes and side cars.
 */
final class Takeover {
    /** The fields of a container of which only one form may be set, so that a part of another form cannot stay. */
    private static final Set<String> WHOLE = Set.of("f:readinessProbe", "f:livenessProbe", "f:lifecycle");

    private Takeover() {}

    /**
     * Returns the Deployment with its owners changed, where that is needed.
     *
     * @param wanted the manifest that is applied next
     * @param removal the fields that go although they are not applied
     */
    static Optional<ObjectNode> of(JsonNode there, JsonNode wanted, TakeoverRemovals removal) {
        ArrayNode kept = JsonTree.object().putArray("managedFields");
        ObjectNode fields = JsonTree.object();
        boolean taken = false;
        for (JsonNode entry : there.path("metadata").path("managedFields")) {
            if (isOurs(entry)) {
                merge(fields, entry.path("fieldsV1"));
            } else if (isKubectls(entry)) {
                ObjectNode mine = taken(entry.path("fieldsV1"), wanted, removal, "");
                ObjectNode theirs = without(entry.path("fieldsV1"), mine);
                taken |= !mine.isEmpty();
                merge(fields, mine);
                if (!theirs.isEmpty()) {
                    ObjectNode left = entry.deepCopy();
                    left.set("fieldsV1", theirs);
                    kept.add(left);
                }
            } else {
                kept.add(entry);
            }
        }
        if (!taken) {
            return Optional.empty();
        }
        ObjectNode mine = JsonTree.object();
        mine.put("manager", KubernetesApi.MANAGER)
                .put("operation", "Apply")
                .put("apiVersion", Kind.DEPLOYMENT.apiVersion());
        mine.put("fieldsType", "FieldsV1").set("fieldsV1", fields);
        kept.add(mine);
        ObjectNode changed = there.deepCopy();
        changed.withObject("/metadata").set("managedFields", kept);
        return Optional.of(changed);
    }

    /** Returns kubectl's fields that go away with the next apply: {@code env TOKEN}, for instance. */
    static Set<String> removed(JsonNode there, JsonNode wanted, TakeoverRemovals removal) {
        Set<String> removed = new TreeSet<>();
        for (JsonNode entry : there.path("metadata").path("managedFields")) {
            if (isKubectls(entry)) {
                named("", taken(entry.path("fieldsV1"), wanted, removal, ""), wanted, removed);
            }
        }
        return removed;
    }

    private static void named(String name, JsonNode taken, JsonNode wanted, Set<String> removed) {
        for (Map.Entry<String, JsonNode> field : taken.properties()) {
            String key = field.getKey();
            if (key.startsWith("f:")) {
                JsonNode below = wanted.path(key.substring(2));
                if (below.isMissingNode()) {
                    removed.add((name + " " + key.substring(2)).strip());
                } else {
                    named(key.substring(2), field.getValue(), below, removed);
                }
            } else if (key.startsWith("k:")) {
                JsonNode id = JsonTree.parse(key.substring(2));
                JsonNode below = element(wanted, id);
                if (below.isMissingNode()) {
                    removed.add((name + " " + id.path("name").asText()).strip());
                } else {
                    named(name, field.getValue(), below, removed);
                }
            }
        }
    }

    /**
     * Returns those of {@code fields} that become ours.
     *
     * @param path the place of the fields, without the keys of lists
     */
    private static ObjectNode taken(JsonNode fields, JsonNode wanted, TakeoverRemovals removal, String path) {
        ObjectNode taken = JsonTree.object();
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            String key = field.getKey();
            if (key.startsWith("f:")) {
                String name = key.substring(2);
                String below = path.isEmpty() ? name : path + "." + name;
                if (!wanted.has(name) && removal.removes(below)
                        || wanted.has(name) && (field.getValue().isEmpty() || WHOLE.contains(key))) {
                    taken.set(key, field.getValue().deepCopy());
                } else if (wanted.has(name)) {
                    put(taken, key, taken(field.getValue(), wanted.get(name), removal, below));
                }
            } else if (key.startsWith("k:")) {
                JsonNode id = JsonTree.parse(key.substring(2));
                JsonNode below = element(wanted, id);
                if (!below.isMissingNode()) {
                    put(taken, key, taken(field.getValue(), below, removal, path));
                } else if (removal.removes(path, id.path("name").asText())) {
                    taken.set(key, field.getValue().deepCopy());
                }
            }
        }
        return taken;
    }

    private static void put(ObjectNode fields, String key, ObjectNode below) {
        if (!below.isEmpty()) {
            fields.set(key, below);
        }
    }

    private static ObjectNode without(JsonNode fields, JsonNode taken) {
        ObjectNode left = JsonTree.object();
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            JsonNode mine = taken.path(field.getKey());
            if (mine.isMissingNode()) {
                left.set(field.getKey(), field.getValue().deepCopy());
            } else if (!mine.isEmpty()) {
                put(left, field.getKey(), without(field.getValue(), mine));
            }
        }
        return left;
    }

    private static boolean isKubectls(JsonNode entry) {
        return JsonTree.at(entry, "manager").startsWith("kubectl")
                && JsonTree.at(entry, "subresource").isEmpty();
    }

    /** Returns the other owners of fields that {@code wanted} changes: a forced apply takes those from them. */
    static Set<String> owners(JsonNode there, JsonNode wanted) {
        Set<String> owners = new TreeSet<>();
        for (JsonNode entry : there.path("metadata").path("managedFields")) {
            if (!JsonTree.at(entry, "manager").equals(KubernetesApi.MANAGER)
                    && JsonTree.at(entry, "subresource").isEmpty()
                    && changes(entry.path("fieldsV1"), there, wanted)) {
                owners.add(JsonTree.at(entry, "manager"));
            }
        }
        return owners;
    }

    /**
     * Returns whether {@code wanted} changes one of the fields.
     *
     * @param fields the owned ones, {@code f:} by name and {@code k:} by key; without any, the whole is one field
     */
    private static boolean changes(JsonNode fields, JsonNode there, JsonNode wanted) {
        if (wanted.isMissingNode()) {
            return false;
        }
        if (fields.isEmpty()) {
            return !JsonTree.differences(there, wanted).isEmpty();
        }
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            String name = field.getKey();
            boolean changed = name.startsWith("f:") && wanted.has(name.substring(2))
                    ? changes(field.getValue(), there.path(name.substring(2)), wanted.get(name.substring(2)))
                    : name.startsWith("k:")
                            && changes(
                                    field.getValue(),
                                    element(there, JsonTree.parse(name.substring(2))),
                                    element(wanted, JsonTree.parse(name.substring(2))));
            if (changed) {
                return true;
            }
        }
        return false;
    }

    private static JsonNode element(JsonNode list, JsonNode key) {
        for (JsonNode element : list) {
            if (JsonTree.differences(element, key).isEmpty()) {
                return element;
            }
        }
        return list.path("none");
    }

    /** Returns whether our own applies have set the number of pods. */
    static boolean ownsReplicas(JsonNode deployment) {
        for (JsonNode entry : deployment.path("metadata").path("managedFields")) {
            if (isOurs(entry) && entry.path("fieldsV1").path("f:spec").has("f:replicas")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOurs(JsonNode entry) {
        return JsonTree.at(entry, "manager").equals(KubernetesApi.MANAGER)
                && JsonTree.at(entry, "operation").equals("Apply");
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
