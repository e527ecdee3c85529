package io.jenkins.plugins.pymacaron.targets.gke.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lists the API groups and kinds. */
final class Discovery {
    private static final List<String> VERBS = List.of("create", "delete", "get", "list", "patch", "update", "watch");

    private Discovery() {}

    static Optional<JsonNode> answer(String path) {
        if (path.equals("/version")) {
            return json(Map.of("major", "1", "minor", "33", "gitVersion", "v1.33.4-gke.1"));
        }
        if (path.equals("/api")) {
            return json(Map.of("kind", "APIVersions", "versions", List.of("v1")));
        }
        if (path.equals("/apis")) {
            List<Map<String, Object>> groups = Resource.ALL.stream()
                    .filter(r -> !r.group().isEmpty())
                    .map(r -> List.of(r.group(), r.version()))
                    .distinct()
                    .map(g -> {
                        Map<String, String> version =
                                Map.of("groupVersion", g.get(0) + "/" + g.get(1), "version", g.get(1));
                        return Map.<String, Object>of(
                                "name", g.get(0), "versions", List.of(version), "preferredVersion", version);
                    })
                    .toList();
            return json(Map.of("kind", "APIGroupList", "apiVersion", "v1", "groups", groups));
        }
        String version = path.equals("/api/v1") ? "v1" : path.replaceFirst("^/apis/", "");
        List<Map<String, Object>> resources = Resource.ALL.stream()
                .filter(r -> r.apiVersion().equals(version))
                .map(r -> Map.<String, Object>of(
                        "name", r.plural(),
                        "singularName", r.kind().toLowerCase(java.util.Locale.ROOT),
                        "namespaced", r.namespaced(),
                        "kind", r.kind(),
                        "verbs", VERBS))
                .toList();
        return resources.isEmpty()
                ? Optional.empty()
                : json(Map.of(
                        "kind",
                        "APIResourceList",
                        "apiVersion",
                        "v1",
                        "groupVersion",
                        version,
                        "resources",
                        resources));
    }

    private static Optional<JsonNode> json(Object tree) {
        return Optional.of(Cluster.JSON.valueToTree(tree));
    }
}
