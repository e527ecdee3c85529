package io.jenkins.plugins.pymacaron.config;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Reads {@code gke_patch}: a strategic merge patch of a Deployment, in the form that {@code kubectl patch} accepts. It
 * adds to the pods and changes probes; it cannot change settings that this project makes itself.
 */
final class PodPatch {
    private static final Pattern NAME = Pattern.compile("[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?");
    private static final Set<String> LABELS = Set.of("app", "run", "version");
    private static final String MARK = "pymacaron.jenkins.io/";

    /** Fields of a pod, and the setting that decides them. */
    private static final Map<String, String> OF_POD = Map.of(
            "serviceAccountName", "gke_service_account",
            "serviceAccount", "gke_service_account",
            "terminationGracePeriodSeconds", "gke_grace",
            "restartPolicy", "the kind Deployment",
            "ephemeralContainers", "no key, in a Deployment");

    /** Fields of the service's own container, and the setting that decides them. */
    private static final Map<String, String> OF_CONTAINER = Map.of(
            "image", "the pipeline",
            "ports", "the pipeline",
            "envFrom", "env_secrets",
            "resources", "gke_cpu_request, gke_cpu_limit and gke_memory",
            "command", "the image",
            "args", "the image");

    private static final Set<String> VARIABLES = Set.of("PORT", "VERSION", "PYM_ENV");

    private final Type.Report report;
    private final Value value;
    private boolean good = true;

    private PodPatch(Value value, Type.Report report) {
        this.value = value;
        this.report = report;
    }

    /** Returns the type: the patch as maps in the order of their keys, lists and scalars. */
    static Type<Map<String, Object>> type() {
        return new Type<>(
                "a patch of a Deployment, spec: {template: {…}}",
                (value, report) ->
                        value instanceof Value.Mapping ? new PodPatch(value, report).read() : report.unfit(value));
    }

    private Optional<Map<String, Object>> read() {
        Map<String, Object> patch = map(plain("", value.plain()));
        only("", patch, Set.of("spec"));
        Map<String, Object> spec = map(patch.get("spec"));
        only("spec", spec, Set.of("template"));
        Map<String, Object> template = map(spec.get("template"));
        only("spec.template", template, Set.of("metadata", "spec"));
        metadata(map(template.get("metadata")));
        pod(map(template.get("spec")));
        return good ? Optional.of(patch) : Optional.empty();
    }

    private void wrong(String what, String advice) {
        report.wrong(value, what, advice);
        good = false;
    }

    private Object plain(String path, Object found) {
        if (found instanceof Map<?, ?> map) {
            Map<String, Object> sorted = new TreeMap<>();
            map.forEach((key, below) -> {
                String at = path.isEmpty() ? String.valueOf(key) : path + "." + key;
                if (!(key instanceof String name) || name.startsWith("$")) {
                    wrong(
                            "has " + QuotedText.of(at) + ", which is no field",
                            "Directives such as $patch are not known here.");
                } else {
                    sorted.put(name, plain(at, below));
                }
            });
            return Collections.unmodifiableMap(sorted);
        }
        if (found instanceof List<?> list) {
            List<Object> all = new ArrayList<>();
            list.forEach(element -> all.add(plain(path, element)));
            return Collections.unmodifiableList(all);
        }
        if (found instanceof String
                || found instanceof Boolean
                || found instanceof BigInteger
                || found instanceof Double) {
            return found;
        }
        wrong(
                "has nothing, or a date, at " + QuotedText.of(path),
                "Write a text, a number, true or false; remove the rest.");
        return "";
    }

    private void only(String path, Map<String, Object> found, Set<String> known) {
        found.keySet().stream()
                .filter(key -> !known.contains(key))
                .forEach(
                        key -> wrong(
                                "has " + QuotedText.of(path.isEmpty() ? key : path + "." + key)
                                        + ", which is not to be changed",
                                "Only spec.template.spec and the labels and annotations of spec.template.metadata can be patched."));
    }

    private void metadata(Map<String, Object> metadata) {
        only("spec.template.metadata", metadata, Set.of("labels", "annotations"));
        for (Map.Entry<String, Object> entry : metadata.entrySet()) {
            String kind = entry.getKey();
            map(entry.getValue()).forEach((name, text) -> {
                if (name.startsWith(MARK) || kind.equals("labels") && LABELS.contains(name)) {
                    wrong("has the " + kind + " " + QuotedText.of(name) + ", which this plugin sets", "Remove it.");
                }
                if (!(text instanceof String)) {
                    wrong("has no text in the " + kind + " " + QuotedText.of(name), "Put it in quotes.");
                }
            });
        }
    }

    private void pod(Map<String, Object> pod) {
        decided("spec.template.spec", pod, OF_POD);
        for (String kind : List.of("containers", "initContainers")) {
            for (Object element : list(pod.get(kind))) {
                Map<String, Object> container = map(element);
                String name = container.get("name") instanceof String text ? text : "";
                if (!NAME.matcher(name).matches()) {
                    wrong("has one of " + kind + " without a name that Kubernetes takes", "Give it a name.");
                } else if (isOurs(kind, name)) {
                    own(container);
                }
            }
        }
    }

    /**
     * Returns whether it is our own container, which has the service's name; {@link SlotChecks} allows that name for no
     * other container.
     */
    private static boolean isOurs(String kind, String name) {
        return kind.equals("containers") && name.startsWith("container-");
    }

    private void own(Map<String, Object> container) {
        decided("the service's container", container, OF_CONTAINER);
        for (Object variable : list(container.get("env"))) {
            Object name = map(variable).get("name");
            if (VARIABLES.contains(name)) {
                wrong("sets " + name + ", which the pipeline sets", "Remove it.");
            }
        }
    }

    private void decided(String path, Map<String, Object> found, Map<String, String> by) {
        found.keySet().stream()
                .filter(by::containsKey)
                .forEach(field -> wrong(
                        "has " + field + " of " + path + ", which is decided by " + by.get(field), "Remove it there."));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object found) {
        return found instanceof Map ? (Map<String, Object>) found : Map.of();
    }

    private static List<?> list(Object found) {
        return found instanceof List<?> list ? list : List.of();
    }
}
