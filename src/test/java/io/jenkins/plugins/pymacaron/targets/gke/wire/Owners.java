package io.jenkins.plugins.pymacaron.targets.gke.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Implements server-side apply: the owners of fields, the rights to change them, and the removal of fields without an
 * owner.
 */
final class Owners {
    private Owners() {}

    private record Owner(String manager, String operation) {}

    /** Applies {@code config} to {@code live}, in place. */
    static void apply(ObjectNode live, ObjectNode config, String manager, boolean force, String apiVersion) {
        Map<Owner, Set<List<String>>> owners = read(live);
        Owner me = new Owner(manager, "Apply");
        Set<List<String>> wanted = Fields.of(config);
        Set<String> conflicts = new TreeSet<>();
        owners.forEach((owner, paths) -> {
            if (!owner.equals(me)) {
                for (List<String> path : wanted) {
                    if (paths.contains(path)
                            && !path.get(path.size() - 1).equals(".")
                            && !Fields.at(live, path).equals(Fields.at(config, path))) {
                        conflicts.add("conflict with \"" + owner.manager() + "\": " + String.join("", path));
                    }
                }
            }
        });
        if (!conflicts.isEmpty() && !force) {
            throw new Refusal(
                    409,
                    "Conflict",
                    "Apply failed with " + conflicts.size() + " conflicts: " + String.join(", ", conflicts));
        }
        Set<List<String>> before = owners.getOrDefault(me, Set.of());
        owners.forEach((owner, paths) -> {
            if (!owner.equals(me)) {
                paths.removeIf(path -> wanted.contains(path)
                        && !path.get(path.size() - 1).equals(".")
                        && !Fields.at(live, path).equals(Fields.at(config, path)));
            }
        });
        merge(live, config);
        owners.put(me, new HashSet<>(wanted));
        List<List<String>> gone = new ArrayList<>(before);
        gone.removeAll(wanted);
        // Whole elements before their leaves, among which are their keys.
        gone.sort(Comparator.comparing(path -> !path.get(path.size() - 1).equals(".")));
        for (List<String> path : gone) {
            if (owners.values().stream().noneMatch(paths -> holds(paths, path))) {
                Fields.remove(live, path);
            }
        }
        write(live, owners, apiVersion);
    }

    private static boolean holds(Set<List<String>> paths, List<String> path) {
        boolean element = path.get(path.size() - 1).equals(".");
        List<String> below = element ? path.subList(0, path.size() - 1) : path;
        return paths.stream()
                .anyMatch(p ->
                        p.size() >= below.size() && p.subList(0, below.size()).equals(below));
    }

    private static void merge(ObjectNode live, ObjectNode config) {
        config.properties().forEach(field -> {
            String name = field.getKey();
            JsonNode value = field.getValue();
            JsonNode there = live.path(name);
            if (value.isObject() && there instanceof ObjectNode object && !name.equals("selector")) {
                merge(object, (ObjectNode) value);
            } else if (value.isArray()
                    && there instanceof ArrayNode list
                    && Fields.keys(name, value).isPresent()) {
                for (JsonNode element : value) {
                    JsonNode same = Fields.element(list, name, Fields.key(name, value, element));
                    if (same instanceof ObjectNode object) {
                        merge(object, (ObjectNode) element);
                    } else {
                        list.add(element.deepCopy());
                    }
                }
            } else {
                live.set(name, value.deepCopy());
            }
        });
    }

    /** After an update by another way than apply: what {@code manager} has changed is its own. */
    static void updated(ObjectNode before, ObjectNode after, String manager, String apiVersion) {
        Map<Owner, Set<List<String>>> owners = read(after);
        Owner me = new Owner(manager, "Update");
        Set<List<String>> changed = new HashSet<>();
        for (List<String> path : Fields.of(after)) {
            if (!Fields.at(after, path).equals(Fields.at(before, path))) {
                changed.add(path);
            }
        }
        Set<List<String>> all = Fields.of(after);
        owners.values().forEach(paths -> {
            paths.removeAll(changed);
            paths.retainAll(all);
        });
        if (!changed.isEmpty()) {
            owners.computeIfAbsent(me, any -> new HashSet<>()).addAll(changed);
        }
        write(after, owners, apiVersion);
    }

    private static Map<Owner, Set<List<String>>> read(ObjectNode object) {
        Map<Owner, Set<List<String>>> owners = new LinkedHashMap<>();
        for (JsonNode entry : object.path("metadata").path("managedFields")) {
            owners.put(
                    new Owner(
                            entry.path("manager").asText(),
                            entry.path("operation").asText()),
                    Fields.read(entry.path("fieldsV1")));
        }
        return owners;
    }

    private static void write(ObjectNode object, Map<Owner, Set<List<String>>> owners, String apiVersion) {
        ArrayNode entries = object.withObject("/metadata").putArray("managedFields");
        owners.forEach((owner, paths) -> {
            if (!paths.isEmpty()) {
                ObjectNode entry = entries.addObject();
                entry.put("manager", owner.manager())
                        .put("operation", owner.operation())
                        .put("apiVersion", apiVersion)
                        .put(
                                "time",
                                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                        .put("fieldsType", "FieldsV1");
                entry.set("fieldsV1", Fields.write(paths));
            }
        });
    }
}
