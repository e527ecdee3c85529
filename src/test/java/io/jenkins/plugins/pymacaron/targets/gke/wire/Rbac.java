package io.jenkins.plugins.pymacaron.targets.gke.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Rights by Roles and ClusterRoles, as the RBAC authorizer has them (kubernetes/kubernetes, pkg/registry/rbac/validation and
 * plugin/pkg/auth/authorizer/rbac): the Role of a namespace says nothing of what is in no namespace, and a rule with names of
 * resources nothing of making or listing them.
 */
public final class Rbac {
    /** One permitted action. */
    public record Right(String namespace, String group, String resource, String verb, String name) {}

    private final List<Right> rights;

    public Rbac(List<Right> rights) {
        this.rights = List.copyOf(rights);
    }

    /** Returns each right by itself, of a file of manifests. */
    public static List<Right> read(String manifests) {
        List<Right> found = new ArrayList<>();
        for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(manifests)) {
            Map<?, ?> role = (Map<?, ?>) document;
            boolean cluster = "ClusterRole".equals(role.get("kind"));
            if (cluster || "Role".equals(role.get("kind"))) {
                Map<?, ?> metadata = (Map<?, ?>) role.get("metadata");
                String namespace = cluster ? "" : (String) metadata.get("namespace");
                for (Object rule : (List<?>) role.get("rules")) {
                    add((Map<?, ?>) rule, namespace, found);
                }
            }
        }
        return found;
    }

    private static void add(Map<?, ?> rule, String namespace, List<Right> found) {
        List<?> names = rule.containsKey("resourceNames") ? (List<?>) rule.get("resourceNames") : List.of("");
        for (Object group : (List<?>) rule.get("apiGroups")) {
            for (Object resource : (List<?>) rule.get("resources")) {
                for (Object verb : (List<?>) rule.get("verbs")) {
                    for (Object name : names) {
                        found.add(
                                new Right(namespace, (String) group, (String) resource, (String) verb, (String) name));
                    }
                }
            }
        }
    }

    /** @param namespace "" for what is in none; the right of a ClusterRole holds in each */
    boolean allows(String namespace, String group, String resource, String verb, String name) {
        return rights.stream()
                .anyMatch(right ->
                        (right.namespace().isEmpty() || right.namespace().equals(namespace))
                                && right.group().equals(group)
                                && right.resource().equals(resource)
                                && right.verb().equals(verb)
                                && (right.name().isEmpty() || right.name().equals(name)));
    }
}
