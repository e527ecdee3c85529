package io.jenkins.plugins.pymacaron.targets.gke;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.config.Accept;
import io.jenkins.plugins.pymacaron.config.GkeKeys;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Environment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Makes the objects that run a deployment, without the values of Secrets. Numbers without a key are pymgke's. */
final class DeploymentManifests {
    /** The port of the service in a pod, and of its Service. */
    static final int PORT = 8080;

    /**
     * The settings that the Pod Security Standard "restricted" demands; images run as a user with a number that is not
     * root's.
     */
    private static final Map<String, Object> RESTRICTED_POD =
            Map.of("runAsNonRoot", true, "seccompProfile", Map.of("type", "RuntimeDefault"));

    private static final Map<String, Object> RESTRICTED_CONTAINER =
            Map.of("allowPrivilegeEscalation", false, "capabilities", Map.of("drop", List.of("ALL")));

    private final Environment environment;
    private final GkeNames names;

    /** Makes the manifests. @param names those of the environment, or of its canary */
    DeploymentManifests(Environment environment, GkeNames names) {
        this.environment = environment;
        this.names = names;
    }

    ObjectNode namespace() {
        return object(Kind.NAMESPACE, names.namespace(), Map.of(), Map.of());
    }

    /** Returns the Secret of the service; its values are added when it is applied. */
    ObjectNode secret(Candidate candidate) {
        ObjectNode secret =
                object(Kind.SECRET, names.secret(candidate.deploymentId()), ours(candidate), Map.of("type", "Opaque"));
        secret.put("immutable", true);
        return secret;
    }

    /** Returns the login to the registry; its value is added when it is applied. */
    ObjectNode pullSecret() {
        return object(
                Kind.SECRET, names.pullSecret(), environmentLabel(), Map.of("type", "kubernetes.io/dockerconfigjson"));
    }

    /**
     * Returns the Deployment.
     *
     * @param there the existing Deployment, whose selector cannot be changed
     * @param canary whether it is one pod that only shows that it runs
     */
    ObjectNode deployment(Candidate candidate, Optional<ObjectNode> there, boolean pulls, boolean canary) {
        PymConfig config = environment.config();
        Map<String, String> selector = new TreeMap<>(Map.of("app", names.deployment()));
        there.ifPresent(d -> {
            selector.clear();
            d.path("spec")
                    .path("selector")
                    .path("matchLabels")
                    .properties()
                    .forEach(e -> selector.put(e.getKey(), e.getValue().asText()));
        });
        Map<String, Object> spec = new LinkedHashMap<>();
        if (canary) {
            spec.put("replicas", 1);
        } else {
            config.find(GkeKeys.GKE_REPLICAS).ifPresent(n -> spec.put("replicas", n));
        }
        spec.put("selector", Map.of("matchLabels", selector));
        spec.put(
                "strategy",
                Map.of(
                        "type",
                        "RollingUpdate",
                        "rollingUpdate",
                        Map.of("maxSurge", config.get(GkeKeys.GKE_MAX_SURGE), "maxUnavailable", 0)));
        spec.put("progressDeadlineSeconds", deadlineSeconds());
        spec.put("template", template(candidate, selector, pulls));
        ObjectNode deployment = object(
                Kind.DEPLOYMENT,
                names.namespace(),
                names.deployment(),
                environmentLabel(),
                Map.of(GkeMetadata.RESOURCES, JsonTree.hash(JsonTree.of(resources()))),
                Map.of("spec", spec));
        config.find(GkeKeys.GKE_PATCH).ifPresent(patch -> PatchedTemplate.patch(deployment, patch));
        return deployment;
    }

    /** Returns the time after which a pod that is not ready never will be. */
    int deadlineSeconds() {
        PymConfig config = environment.config();
        return (int) config.get(GkeKeys.GKE_PROGRESS_DEADLINE)
                .plus(config.get(GkeKeys.GKE_PROBE_DELAY))
                .toSeconds();
    }

    private Map<String, Object> template(Candidate candidate, Map<String, String> selector, boolean pulls) {
        PymConfig config = environment.config();
        Map<String, String> labels = new TreeMap<>(ours(candidate));
        labels.put("app", names.deployment());
        labels.put("run", names.deployment());
        labels.put("version", GkeNames.label(candidate.version()));
        labels.putAll(selector);
        Map<String, Object> pod = new LinkedHashMap<>();
        pod.put("terminationGracePeriodSeconds", config.get(GkeKeys.GKE_GRACE).toSeconds());
        if (!config.get(GkeKeys.GKE_RUN_AS_ROOT)) {
            pod.put("securityContext", RESTRICTED_POD);
        }
        config.find(GkeKeys.GKE_SERVICE_ACCOUNT).ifPresent(account -> pod.put("serviceAccountName", account));
        pod.put("containers", List.of(container(candidate)));
        if (pulls) {
            pod.put("imagePullSecrets", List.of(Map.of("name", names.pullSecret())));
        }
        return Map.of(
                "metadata",
                Map.of(
                        "labels",
                        labels,
                        "annotations",
                        Map.of(
                                GkeMetadata.ID, candidate.deploymentId(),
                                GkeMetadata.VERSION, candidate.version(),
                                GkeMetadata.DIGEST, candidate.digest(),
                                GkeMetadata.COMMIT, candidate.commit())),
                "spec",
                pod);
    }

    private Map<String, Object> container(Candidate candidate) {
        PymConfig config = environment.config();
        List<Map<String, String>> variables = new ArrayList<>();
        variables.add(Map.of("name", "PORT", "value", Integer.toString(PORT)));
        variables.add(Map.of("name", "VERSION", "value", candidate.version()));
        Optional.ofNullable(environment.variables().get("PYM_ENV"))
                .ifPresent(value -> variables.add(Map.of("name", "PYM_ENV", "value", value)));
        Map<String, Object> container = new LinkedHashMap<>();
        container.put("name", names.container());
        container.put("image", candidate.image());
        container.put("ports", List.of(Map.of("containerPort", PORT, "protocol", "TCP")));
        container.put("env", variables);
        if (!config.envSecrets().isEmpty()) {
            container.put(
                    "envFrom", List.of(Map.of("secretRef", Map.of("name", names.secret(candidate.deploymentId())))));
        }
        container.put("resources", resources());
        if (!config.get(GkeKeys.GKE_RUN_AS_ROOT)) {
            container.put("securityContext", RESTRICTED_CONTAINER);
        }
        container.put("readinessProbe", probe(5));
        container.put("livenessProbe", probe(10));
        long wait = config.get(GkeKeys.GKE_PRE_STOP).toSeconds();
        if (wait > 0) {
            container.put(
                    "lifecycle",
                    Map.of("preStop", Map.of("exec", Map.of("command", List.of("sleep", Long.toString(wait))))));
        }
        return container;
    }

    private Map<String, Map<String, String>> resources() {
        PymConfig config = environment.config();
        String memory = config.find(GkeKeys.GKE_MEMORY).orElse(config.gkeMemoryMb() + "Mi");
        return Map.of(
                "requests",
                Map.of("cpu", config.get(GkeKeys.GKE_CPU_REQUEST), "memory", memory),
                "limits",
                Map.of("cpu", config.get(GkeKeys.GKE_CPU_LIMIT), "memory", memory));
    }

    private Map<String, Object> probe(int timeoutSeconds) {
        Accept accept = environment.config().accept();
        Map<String, Object> get = new LinkedHashMap<>();
        get.put("path", accept.basePath() + "/ping");
        get.put("port", PORT);
        accept.host().ifPresent(host -> get.put("httpHeaders", List.of(Map.of("name", "Host", "value", host))));
        return Map.of(
                "httpGet",
                get,
                "initialDelaySeconds",
                environment.config().get(GkeKeys.GKE_PROBE_DELAY).toSeconds(),
                "periodSeconds",
                10,
                "failureThreshold",
                3,
                "timeoutSeconds",
                timeoutSeconds);
    }

    Map<String, String> environmentLabel() {
        return Map.of(GkeMetadata.ENVIRONMENT, GkeNames.label(environment.label()));
    }

    private Map<String, String> ours(Candidate candidate) {
        Map<String, String> labels = new TreeMap<>(environmentLabel());
        labels.put(GkeMetadata.DEPLOYMENT, GkeNames.label(candidate.deploymentId()));
        return labels;
    }

    private ObjectNode object(Kind kind, String name, Map<String, String> labels, Map<String, Object> rest) {
        return object(kind, kind.namespaced() ? names.namespace() : "", name, labels, Map.of(), rest);
    }

    static ObjectNode object(
            Kind kind,
            String namespace,
            String name,
            Map<String, String> labels,
            Map<String, String> annotations,
            Map<String, Object> rest) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("name", name);
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        if (!labels.isEmpty()) {
            metadata.put("labels", labels);
        }
        if (!annotations.isEmpty()) {
            metadata.put("annotations", annotations);
        }
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("apiVersion", kind.apiVersion());
        object.put("kind", kind.title());
        object.put("metadata", metadata);
        object.putAll(rest);
        return (ObjectNode) JsonTree.of(object);
    }
}
