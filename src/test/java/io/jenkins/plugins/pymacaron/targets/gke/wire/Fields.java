package io.jenkins.plugins.pymacaron.targets.gke.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Paths of fields, as managed fields have them: {@code f:name} of a map, {@code k:{…}} of a list with keys, {@code .} for
 * an element itself. Kubernetes' OpenAPI says which lists have keys and which maps are atomic
 * (x-kubernetes-list-map-keys, x-kubernetes-map-type).
 */
final class Fields {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, List<String>> KEYS = Map.of(
            "containers", List.of("name"),
            "env", List.of("name"),
            "imagePullSecrets", List.of("name"),
            "volumes", List.of("name"),
            "conditions", List.of("type"),
            "ports", List.of("containerPort", "protocol"));
    private static final List<String> SERVICE_PORT = List.of("port", "protocol");
    private static final Set<String> ATOMIC = Set.of("selector");

    private Fields() {}

    /** Returns the paths of all leaves of an object, but for what servers write. */
    static Set<List<String>> of(ObjectNode object) {
        Set<List<String>> paths = new LinkedHashSet<>();
        object.properties().forEach(field -> {
            if (!Set.of("apiVersion", "kind", "status").contains(field.getKey())) {
                collect(List.of("f:" + field.getKey()), field.getKey(), field.getValue(), paths);
            }
        });
        paths.removeIf(path -> path.get(0).equals("f:metadata")
                && !Set.of("f:labels", "f:annotations", "f:ownerReferences")
                        .contains(path.size() > 1 ? path.get(1) : ""));
        return paths;
    }

    private static void collect(List<String> path, String name, JsonNode value, Set<List<String>> paths) {
        if (value.isObject() && !ATOMIC.contains(name) && !value.isEmpty()) {
            value.properties().forEach(f -> collect(plus(path, "f:" + f.getKey()), f.getKey(), f.getValue(), paths));
        } else if (value.isArray() && keys(name, value).isPresent()) {
            for (JsonNode element : value) {
                List<String> at = plus(path, "k:" + key(name, value, element));
                paths.add(plus(at, "."));
                element.properties()
                        .forEach(f -> collect(plus(at, "f:" + f.getKey()), f.getKey(), f.getValue(), paths));
            }
        } else {
            paths.add(path);
        }
    }

    static Optional<List<String>> keys(String name, JsonNode list) {
        if (name.equals("ports") && !list.isEmpty() && list.get(0).has("port")) {
            return Optional.of(SERVICE_PORT);
        }
        return Optional.ofNullable(KEYS.get(name));
    }

    static String key(String name, JsonNode list, JsonNode element) {
        ObjectNode key = JSON.createObjectNode();
        for (String part : keys(name, list).orElseThrow()) {
            if (element.has(part)) {
                key.set(part, element.get(part));
            } else if (part.equals("protocol")) {
                key.put(part, "TCP");
            }
        }
        return key.toString();
    }

    static List<String> plus(List<String> path, String more) {
        List<String> longer = new ArrayList<>(path);
        longer.add(more);
        return List.copyOf(longer);
    }

    /** Returns the value at a path; missing where there is none. */
    static JsonNode at(JsonNode object, List<String> path) {
        JsonNode found = object;
        String name = "";
        for (String step : path) {
            if (step.startsWith("f:")) {
                name = step.substring(2);
                found = found.path(name);
            } else if (step.startsWith("k:")) {
                found = element(found, name, step.substring(2));
            }
        }
        return found;
    }

    static JsonNode element(JsonNode list, String name, String key) {
        for (JsonNode element : list) {
            if (key(name, list, element).equals(key)) {
                return element;
            }
        }
        return JSON.missingNode();
    }

    static void remove(ObjectNode object, List<String> path) {
        String last = path.get(path.size() - 1);
        boolean whole = last.equals(".");
        List<String> target = whole ? path.subList(0, path.size() - 1) : path;
        JsonNode parent = at(object, target.subList(0, target.size() - 1));
        String step = target.get(target.size() - 1);
        if (step.startsWith("f:") && parent instanceof ObjectNode map) {
            map.remove(step.substring(2));
            if (map.isEmpty() && target.size() > 2) {
                // A real server keeps no struct of which nothing is left.
                remove(object, target.subList(0, target.size() - 1));
            }
        } else if (step.startsWith("k:") && parent instanceof ArrayNode list) {
            String name = target.get(target.size() - 2).substring(2);
            for (int i = list.size() - 1; i >= 0; i--) {
                if (key(name, list, list.get(i)).equals(step.substring(2))) {
                    list.remove(i);
                }
            }
        }
    }

    /** Writes the form of FieldsV1. */
    static ObjectNode write(Set<List<String>> paths) {
        ObjectNode tree = JSON.createObjectNode();
        for (List<String> path : paths) {
            ObjectNode at = tree;
            for (String step : path) {
                at = at.get(step) instanceof ObjectNode below ? below : at.putObject(step);
            }
        }
        return tree;
    }

    static Set<List<String>> read(JsonNode tree) {
        Set<List<String>> paths = new LinkedHashSet<>();
        read(List.of(), tree, paths);
        return paths;
    }

    private static void read(List<String> path, JsonNode tree, Set<List<String>> paths) {
        if (tree.isEmpty() && !path.isEmpty()) {
            paths.add(path);
        }
        tree.properties().forEach(f -> read(plus(path, f.getKey()), f.getValue(), paths));
    }
}
