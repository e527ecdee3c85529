package io.jenkins.plugins.pymacaron.targets.gke.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Makes the refusals of an API server, and the defaults that it fills in. */
final class Admission {
    /** The patterns of pkg/apis/core/validation and apimachinery's pkg/util/validation of kubernetes/kubernetes. */
    private static final Pattern LABEL_1123 = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    private static final Pattern LABEL_1035 = Pattern.compile("[a-z]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern SUBDOMAIN =
            Pattern.compile("(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final Pattern LABEL = Pattern.compile("(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?");
    private static final Map<String, String> MODELS = Map.of(
            "Deployment", "apps.Deployment",
            "Ingress", "networking.v1.Ingress",
            "Service", "Service",
            "Secret", "Secret",
            "Namespace", "Namespace",
            "Lease", "coordination.v1.Lease",
            "Gateway", "gatewayapi.v1.Gateway",
            "HTTPRoute", "gatewayapi.v1.HTTPRoute");

    /** The fields of Google's own kinds: pages "BackendConfig" and "ManagedCertificate" of the documentation of GKE. */
    private static final Map<String, Set<String>> SPECS = Map.of(
            "BackendConfig",
            Set.of(
                    "cdn",
                    "connectionDraining",
                    "customRequestHeaders",
                    "customResponseHeaders",
                    "healthCheck",
                    "iap",
                    "logging",
                    "securityPolicy",
                    "sessionAffinity",
                    "timeoutSec"),
            "FrontendConfig",
            Set.of("sslPolicy", "redirectToHttps"),
            "ManagedCertificate",
            Set.of("domains"),
            "HealthCheckPolicy",
            Set.of("default", "targetRef"));

    private static final Set<String> HEALTH_CHECK = Set.of(
            "checkIntervalSec", "timeoutSec", "healthyThreshold", "unhealthyThreshold", "type", "requestPath", "port");

    private Admission() {}

    static void check(Resource resource, ObjectNode object, Optional<ObjectNode> before) {
        String name = object.path("metadata").path("name").asText();
        Pattern form =
                switch (resource.kind()) {
                    case "Service" -> LABEL_1035;
                    case "Namespace" -> LABEL_1123;
                    default -> SUBDOMAIN;
                };
        if (!form.matcher(name).matches()) {
            throw Refusal.invalid(resource, name, "metadata.name: Invalid value: \"" + name + "\"");
        }
        labels(resource, name, object.path("metadata").path("labels"));
        known(resource, object);
        switch (resource.kind()) {
            case "Deployment" -> deployment(resource, name, object, before);
            case "Service" -> ports(resource, name, object.path("spec").path("ports"));
            case "Secret" -> {
                boolean fixed =
                        before.filter(b -> b.path("immutable").asBoolean()).isPresent();
                if (fixed && !before.get().path("data").equals(object.path("data"))) {
                    throw Refusal.invalid(
                            resource, name, "data: Forbidden: field is immutable when `immutable` is set");
                }
            }
            case "BackendConfig" -> {
                JsonNode health = object.path("spec").path("healthCheck");
                only(health, HEALTH_CHECK, "spec.healthCheck");
                if (health.path("timeoutSec").asInt()
                        > health.path("checkIntervalSec").asInt()) {
                    throw Refusal.invalid(resource, name, "the timeout is longer than the interval");
                }
            }
            case "ManagedCertificate" -> {
                // "less than 64 characters", no wildcards, 100 at most
                for (JsonNode domain : object.path("spec").path("domains")) {
                    if (!domain.asText().matches("[a-z0-9][a-z0-9.-]{2,62}")) {
                        throw Refusal.invalid(resource, name, "spec.domains: Invalid value: " + domain);
                    }
                }
            }
            case "Gateway", "HTTPRoute", "HealthCheckPolicy" -> GatewayAdmission.check(resource, name, object);
            default -> {
                // nothing more
            }
        }
    }

    /** Checks that each of several ports has a name (ValidateService of kubernetes/kubernetes). */
    private static void ports(Resource resource, String name, JsonNode ports) {
        for (int i = 0; i < ports.size(); i++) {
            if (ports.size() > 1 && ports.get(i).path("name").asText("").isEmpty()) {
                throw Refusal.invalid(resource, name, "spec.ports[" + i + "].name: Required value");
            }
        }
    }

    private static void only(JsonNode object, Set<String> known, String path) {
        object.properties().forEach(field -> {
            if (!known.contains(field.getKey())) {
                throw new Refusal(
                        400,
                        "BadRequest",
                        "strict decoding error: unknown field \"" + path + "." + field.getKey() + "\"");
            }
        });
    }

    private static void labels(Resource resource, String name, JsonNode labels) {
        labels.properties().forEach(label -> {
            String value = label.getValue().asText();
            if (value.length() > 63 || !LABEL.matcher(value).matches()) {
                throw Refusal.invalid(resource, name, "metadata.labels: Invalid value: \"" + value + "\"");
            }
        });
    }

    private static void deployment(Resource resource, String name, ObjectNode object, Optional<ObjectNode> before) {
        JsonNode spec = object.path("spec");
        JsonNode selector = spec.path("selector");
        JsonNode template = spec.path("template");
        if (before.isPresent() && !before.get().path("spec").path("selector").equals(selector)) {
            throw Refusal.invalid(resource, name, "spec.selector: Invalid value: field is immutable");
        }
        labels(resource, name, template.path("metadata").path("labels"));
        selector.path("matchLabels").properties().forEach(e -> {
            if (!e.getValue().equals(template.path("metadata").path("labels").path(e.getKey()))) {
                throw Refusal.invalid(
                        resource,
                        name,
                        "spec.template.metadata.labels: Invalid value: `selector` does not match template `labels`");
            }
        });
        if (selector.path("matchLabels").isEmpty()
                || template.path("spec").path("containers").isEmpty()) {
            throw Refusal.invalid(resource, name, "spec.template.spec.containers: Required value");
        }
        for (JsonNode container : template.path("spec").path("containers")) {
            if (!LABEL_1123.matcher(container.path("name").asText()).matches()) {
                throw Refusal.invalid(
                        resource,
                        name,
                        "spec.template.spec.containers[0].name: Invalid value: \""
                                + container.path("name").asText() + "\"");
            }
            if (container.path("image").asText("").isEmpty()) {
                throw Refusal.invalid(resource, name, "spec.template.spec.containers[0].image: Required value");
            }
            for (JsonNode variable : container.path("env")) {
                if (variable.has("value") && variable.has("valueFrom")) {
                    throw Refusal.invalid(
                            resource,
                            name,
                            "env.valueFrom: Invalid value: may not be specified when `value` is not empty");
                }
            }
        }
    }

    /** Fields that Kubernetes does not know: fabric8's classes are made from its OpenAPI. */
    private static void known(Resource resource, ObjectNode object) {
        String model = MODELS.get(resource.kind());
        only(object.path("spec"), SPECS.getOrDefault(resource.kind(), names(object.path("spec"))), "spec");
        if (model == null) {
            return;
        }
        try {
            Class<?> type = Class.forName("io.fabric8.kubernetes.api.model." + model);
            ObjectNode plain = object.deepCopy();
            plain.withObject("/metadata").remove("managedFields");
            unknown("", Serialization.unmarshal(plain.toString(), type));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
    }

    private static void unknown(String path, Object model) {
        if (model == null || !model.getClass().getName().startsWith("io.fabric8.kubernetes.api.model")) {
            return;
        }
        for (java.lang.reflect.Method method : model.getClass().getMethods()) {
            try {
                if (method.getParameterCount() > 0 || !method.getName().startsWith("get")) {
                    continue;
                }
                Object value = method.invoke(model);
                if (method.getName().equals("getAdditionalProperties")) {
                    if (value instanceof Map<?, ?> more && !more.isEmpty()) {
                        throw new Refusal(
                                400,
                                "BadRequest",
                                "strict decoding error: unknown field \"" + path + more.keySet() + "\"");
                    }
                } else if (value instanceof Iterable<?> list) {
                    list.forEach(
                            element -> unknown(path + "." + method.getName().substring(3), element));
                } else {
                    unknown(path + "." + method.getName().substring(3), value);
                }
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    static void defaults(Resource resource, ObjectNode object) {
        if (resource.kind().equals("Deployment")) {
            ObjectNode spec = object.withObject("/spec");
            absent(spec, "replicas", 1);
            absent(spec, "revisionHistoryLimit", 10);
            absent(spec, "progressDeadlineSeconds", 600);
            if (!spec.has("strategy")) {
                spec.putObject("strategy").put("type", "RollingUpdate");
            }
            ObjectNode pod = spec.withObject("/template/spec");
            if (!pod.has("restartPolicy")) {
                pod.put("restartPolicy", "Always").put("dnsPolicy", "ClusterFirst");
            }
            pod.path("containers").forEach(c -> {
                ObjectNode container = (ObjectNode) c;
                for (String kind : new String[] {"requests", "limits"}) {
                    if (container.path("resources").path(kind) instanceof ObjectNode amounts) {
                        amounts.properties()
                                .forEach(e -> e.setValue(
                                        amounts.textNode(canonical(e.getValue().asText()))));
                    }
                }
                if (!container.has("imagePullPolicy")) {
                    container.put("imagePullPolicy", "IfNotPresent");
                    container.put("terminationMessagePath", "/dev/termination-log");
                }
                for (String probe : new String[] {"readinessProbe", "livenessProbe"}) {
                    if (container.get(probe) instanceof ObjectNode there) {
                        absent(there, "successThreshold", 1);
                        if (there.path("httpGet") instanceof ObjectNode get) {
                            get.put("scheme", "HTTP");
                        }
                    }
                }
            });
        }
        if (resource.kind().equals("ResourceQuota")) {
            // By the quota controller, a moment later.
            object.withObject("/status")
                    .set("hard", object.path("spec").path("hard").deepCopy());
        }
        if (resource.kind().equals("Namespace")) {
            object.withObject("/status").put("phase", "Active");
        }
    }

    /**
     * Returns the form with the largest suffix that leaves no fraction (apimachinery, pkg/api/resource/quantity.go).
     */
    private static String canonical(String amount) {
        String found = amount;
        for (String step : new String[] {"Ki Mi", "Mi Gi", "Gi Ti"}) {
            String[] suffixes = step.split(" ");
            if (found.matches("[0-9]+" + suffixes[0])) {
                long number = Long.parseLong(found.replace(suffixes[0], ""));
                found = number % 1024 == 0 ? number / 1024 + suffixes[1] : found;
            }
        }
        return found.matches("[0-9]+000m") ? found.replaceFirst("000m$", "") : found;
    }

    private static void absent(ObjectNode object, String field, int value) {
        if (!object.has(field)) {
            object.put(field, value);
        }
    }
}
