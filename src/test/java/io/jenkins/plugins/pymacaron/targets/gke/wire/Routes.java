package io.jenkins.plugins.pymacaron.targets.gke.wire;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parts of a path of the API.
 *
 * @param name "" for a collection
 * @param sub a subresource such as {@code log}, "" for none
 * @param rest the part after the subresource
 */
record Routes(Resource resource, String namespace, String name, String sub, String rest) {
    private static final Pattern PATH = Pattern.compile(
            "/(?:api/(v1)|apis/([^/]+)/([^/]+))/(?:namespaces/([^/]+)/)?([a-z]+)(?:/([^/]+))?(?:/([a-z]+))?(/.*)?");

    static Optional<Routes> of(String path) {
        Matcher m = PATH.matcher(path.replaceFirst("^(/api/v1/namespaces/[^/]+)$", "$1"));
        if (!m.matches()) {
            return Optional.empty();
        }
        String group = m.group(2) == null ? "" : m.group(2);
        String version = m.group(1) == null ? m.group(3) : m.group(1);
        return Resource.of(group, version, m.group(5))
                .map(r -> new Routes(r, text(m.group(4)), text(m.group(6)), text(m.group(7)), text(m.group(8))));
    }

    private static String text(String group) {
        return group == null ? "" : group;
    }

    String verb(String method, Map<String, String> query) {
        return switch (method) {
            case "GET" ->
                !name.isEmpty() ? "get" : query.getOrDefault("watch", "").matches("true|1") ? "watch" : "list";
            case "PUT" -> "update";
            case "POST" -> "create";
            case "PATCH" -> "patch";
            default -> "delete";
        };
    }

    String right() {
        return resource.plural() + (sub.isEmpty() ? "" : "/" + sub);
    }
}
