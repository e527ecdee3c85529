package io.jenkins.plugins.pymacaron.targets.gke;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.config.GkeKeys;
import io.jenkins.plugins.pymacaron.config.LiveUrl;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.targets.Environment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Makes the objects in front of the pods: they belong to the environment, and stay when deployments change. */
final class FrontManifests {
    private final Environment environment;
    private final GkeNames names;

    FrontManifests(Environment environment, GkeNames names) {
        this.environment = environment;
        this.names = names;
    }

    /** Returns all objects in the order in which they are applied. */
    Map<Kind, ObjectNode> all(Map<String, String> selector) {
        Map<Kind, ObjectNode> all = new LinkedHashMap<>();
        boolean ingress = environment.config().get(GkeKeys.GKE_INGRESS);
        if (ingress) {
            all.put(Kind.BACKEND_CONFIG, backendConfig());
        }
        all.put(Kind.SERVICE, service(selector, ingress ? "NodePort" : "ClusterIP"));
        if (ingress) {
            certified().ifPresent(host -> all.put(Kind.CERTIFICATE, certificate(host)));
            if (redirects()) {
                all.put(Kind.FRONTEND_CONFIG, frontendConfig());
            }
            all.put(Kind.INGRESS, ingress());
        }
        return all;
    }

    /** Returns the URL at which users reach it; empty for a staging that has no address of its own. */
    Optional<LiveUrl> url() {
        PymConfig config = environment.config();
        return environment.slot() == Slot.LIVE ? Optional.of(config.liveUrl()) : config.ownUrl();
    }

    /** Returns the host that a certificate is for: Google makes certificates for names only. */
    private Optional<String> certified() {
        return url().filter(LiveUrl::tls)
                .filter(url -> !isInternal())
                .map(LiveUrl::host)
                .map(host -> host.toLowerCase(Locale.ROOT))
                .filter(host -> host.matches(".*[a-z-].*\\.[a-z-]+"));
    }

    ObjectNode service(Map<String, String> selector, String type) {
        boolean backed = type.equals("NodePort");
        return object(
                Kind.SERVICE,
                names.service(),
                backed ? backed() : Map.of(),
                Map.of(
                        "type",
                        type,
                        "selector",
                        selector,
                        "ports",
                        List.of(Map.of(
                                "name",
                                "http",
                                "port",
                                DeploymentManifests.PORT,
                                "targetPort",
                                DeploymentManifests.PORT,
                                "protocol",
                                "TCP"))));
    }

    /**
     * Returns the backend settings. The port of the health check is the pods' only where the load balancer reaches the
     * pods themselves. GKE does that by itself only in some clusters: not in a shared VPC, for instance (documentation
     * of GKE, "Container-native load balancing through Ingress").
     */
    private Map<String, String> backed() {
        return Map.of(
                "cloud.google.com/backend-config",
                "{\"default\":\"" + names.backend() + "\"}",
                "cloud.google.com/neg",
                "{\"ingress\": true}");
    }

    private ObjectNode backendConfig() {
        return object(
                Kind.BACKEND_CONFIG,
                names.backend(),
                Map.of(),
                Map.of(
                        "healthCheck",
                        Map.of(
                                "type", "HTTP",
                                "requestPath", environment.config().accept().basePath() + "/ping",
                                "port", DeploymentManifests.PORT,
                                "checkIntervalSec", 45,
                                "timeoutSec", 45,
                                "healthyThreshold", 1,
                                "unhealthyThreshold", 3)));
    }

    private boolean isInternal() {
        return environment.config().get(GkeKeys.GKE_INTERNAL);
    }

    private boolean redirects() {
        return environment.config().get(GkeKeys.GKE_REDIRECT) && certified().isPresent();
    }

    /** Returns the reserved address; an internal load balancer does not need one. */
    Optional<String> staticIp() {
        Optional<String> named = environment.config().find(GkeKeys.GKE_STATIC_IP);
        return isInternal() ? named : Optional.of(named.orElse(names.staticIp()));
    }

    /**
     * Returns the redirect: https://cloud.google.com/kubernetes-engine/docs/how-to/ingress-configuration#https_redirect
     */
    private ObjectNode frontendConfig() {
        return object(
                Kind.FRONTEND_CONFIG, names.frontend(), Map.of(), Map.of("redirectToHttps", Map.of("enabled", true)));
    }

    private ObjectNode certificate(String host) {
        return object(Kind.CERTIFICATE, GkeNames.certificate(host), Map.of(), Map.of("domains", List.of(host)));
    }

    private ObjectNode ingress() {
        Map<String, String> annotations = new TreeMap<>();
        annotations.put("kubernetes.io/ingress.class", isInternal() ? "gce-internal" : "gce");
        staticIp()
                .ifPresent(name -> annotations.put(
                        isInternal()
                                ? "kubernetes.io/ingress.regional-static-ip-name"
                                : "kubernetes.io/ingress.global-static-ip-name",
                        name));
        if (redirects()) {
            annotations.put("networking.gke.io/v1beta1.FrontendConfig", names.frontend());
        }
        certified()
                .ifPresent(
                        host -> annotations.put("networking.gke.io/managed-certificates", GkeNames.certificate(host)));
        return object(
                Kind.INGRESS,
                names.ingress(),
                annotations,
                Map.of(
                        "defaultBackend",
                        Map.of(
                                "service",
                                Map.of("name", names.service(), "port", Map.of("number", DeploymentManifests.PORT)))));
    }

    private ObjectNode object(Kind kind, String name, Map<String, String> annotations, Map<String, Object> spec) {
        return DeploymentManifests.object(
                kind,
                names.namespace(),
                name,
                Map.of(GkeMetadata.ENVIRONMENT, GkeNames.label(environment.label())),
                annotations,
                Map.of("spec", spec));
    }
}
