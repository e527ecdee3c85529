package io.jenkins.plugins.pymacaron.targets.gke;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.config.GkeKeys;
import io.jenkins.plugins.pymacaron.config.LiveUrl;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.targets.Environment;
import java.util.ArrayList;
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

    /** One object, with its kind. */
    record Part(Kind kind, ObjectNode manifest) {
        String name() {
            return JsonTree.at(manifest, "metadata", "name");
        }
    }

    /** Returns all objects in the order in which they are applied. */
    List<Part> all(Map<String, String> selector) {
        List<Part> all = new ArrayList<>();
        boolean balanced = environment.config().get(GkeKeys.GKE_INGRESS);
        boolean ingress = balanced && !isGateway();
        if (ingress) {
            all.add(new Part(Kind.BACKEND_CONFIG, backendConfig()));
        }
        all.add(new Part(Kind.SERVICE, service(selector, balanced ? "NodePort" : "ClusterIP", ingress)));
        if (ingress) {
            certified().ifPresent(host -> all.add(new Part(Kind.CERTIFICATE, certificate(host))));
            if (redirects()) {
                all.add(new Part(Kind.FRONTEND_CONFIG, frontendConfig()));
            }
            all.add(new Part(Kind.INGRESS, ingress()));
        } else if (balanced) {
            all.addAll(new GatewayManifests(
                            environment, names, url().filter(LiveUrl::tls).isPresent(), staticIp())
                    .all());
        }
        return all;
    }

    /**
     * Keeps the annotations by which an Ingress reaches the pods, where one goes on beside a Gateway. A Gateway needs none:
     * its controller writes {@code cloud.google.com/neg} itself (published descriptions of Services behind a Gateway), and
     * would lose its backends if that was overwritten.
     */
    void keepBackends(Part part, ObjectNode there) {
        if (part.kind() == Kind.SERVICE && isGateway()) {
            backed().forEach((name, value) -> {
                if (JsonTree.at(there, "metadata", "annotations", name).equals(value)) {
                    part.manifest()
                            .withObject("/metadata")
                            .withObject("/annotations")
                            .put(name, value);
                }
            });
        }
    }

    private boolean isGateway() {
        return environment.config().find(GkeKeys.GKE_GATEWAY).isPresent();
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

    ObjectNode service(Map<String, String> selector, String type, boolean backed) {
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

    /** Returns whether its address belongs to the region; such an address need not be reserved. */
    static boolean isRegional(PymConfig config) {
        return config.find(GkeKeys.GKE_GATEWAY)
                .map(name -> !GatewayManifests.isGlobal(name))
                .orElse(config.get(GkeKeys.GKE_INTERNAL));
    }

    private boolean redirects() {
        return environment.config().get(GkeKeys.GKE_REDIRECT) && certified().isPresent();
    }

    /** Returns the reserved address; a regional load balancer does not need one. */
    Optional<String> staticIp() {
        Optional<String> named = environment.config().find(GkeKeys.GKE_STATIC_IP);
        return isRegional(environment.config()) ? named : Optional.of(named.orElse(names.staticIp()));
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
