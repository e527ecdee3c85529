package io.jenkins.plugins.pymacaron.targets.gke;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.config.GkeKeys;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.gke.FrontManifests.Part;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Gateway and its routes, in place of an Ingress. Fields as in kubernetes-sigs/gateway-api (apis/v1) and
 * GoogleCloudPlatform/gke-gateway-api (apis/networking/v1); what GKE makes of them as in its documentation, "Deploying
 * Gateways", "Secure a Gateway" and "Configure Gateway resources using Policies".
 *
 * <p>There is no GCPBackendPolicy among them: of several for one Service the oldest alone counts, so that one of this
 * plugin would disable one that configures Identity-Aware Proxy or Cloud Armor.
 */
final class GatewayManifests {
    /** The annotation of a certificate map; GKE refuses it beside certificates of a listener. */
    private static final String MAP = "networking.gke.io/certmap";

    private static final String CERTIFICATES = "networking.gke.io/pre-shared-certs";

    private static final String GROUP = Kind.GATEWAY.group();

    private final Environment environment;
    private final GkeNames names;
    private final boolean tls;
    private final Optional<String> address;

    /**
     * @param tls whether users reach it by https
     * @param address the name of its reserved address
     */
    GatewayManifests(Environment environment, GkeNames names, boolean tls, Optional<String> address) {
        this.environment = environment;
        this.names = names;
        this.tls = tls;
        this.address = address;
    }

    static boolean isGlobal(String gatewayClass) {
        return List.of("gke-l7-global-external-managed", "gke-l7-gxlb").contains(gatewayClass);
    }

    /** Returns all objects in the order in which they are applied. */
    List<Part> all() {
        PymConfig config = environment.config();
        boolean redirects = tls && config.get(GkeKeys.GKE_REDIRECT);
        List<Part> all = new ArrayList<>();
        all.add(new Part(Kind.HEALTH_CHECK_POLICY, healthCheck()));
        all.add(new Part(Kind.GATEWAY, gateway(config.find(GkeKeys.GKE_GATEWAY).orElseThrow())));
        if (redirects) {
            all.add(new Part(Kind.HTTP_ROUTE, route(names.redirect(), List.of("http"), redirect())));
        }
        List<String> listeners = !tls ? List.of("http") : redirects ? List.of("https") : List.of("https", "http");
        all.add(new Part(Kind.HTTP_ROUTE, route(names.route(), listeners, toService())));
        return all;
    }

    /** Returns the health check, with the numbers of the BackendConfig. Without it GKE asks for {@code /}, which services do not answer. */
    private ObjectNode healthCheck() {
        Map<String, Object> http = Map.of(
                "portSpecification",
                "USE_FIXED_PORT",
                "port",
                DeploymentManifests.PORT,
                "requestPath",
                environment.config().accept().basePath() + "/ping");
        return object(
                Kind.HEALTH_CHECK_POLICY,
                names.backend(),
                Map.of(),
                Map.of(
                        "default",
                        Map.of(
                                "checkIntervalSec", 45,
                                "timeoutSec", 45,
                                "healthyThreshold", 1,
                                "unhealthyThreshold", 3,
                                "config", Map.of("type", "HTTP", "httpHealthCheck", http)),
                        "targetRef",
                        Map.of("group", "", "kind", "Service", "name", names.service())));
    }

    private ObjectNode gateway(String gatewayClass) {
        Optional<String> map = environment.config().find(GkeKeys.GKE_CERTIFICATE_MAP);
        List<Map<String, Object>> listeners = new ArrayList<>();
        if (tls) {
            Map<String, Object> https = listener("https", "HTTPS", 443);
            if (map.isEmpty()) {
                String certificates = String.join(",", environment.config().get(GkeKeys.GKE_CERTIFICATES));
                https.put("tls", Map.of("mode", "Terminate", "options", Map.of(CERTIFICATES, certificates)));
            }
            listeners.add(https);
        }
        listeners.add(listener("http", "HTTP", 80));
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("gatewayClassName", gatewayClass);
        spec.put("listeners", listeners);
        address.ifPresent(name -> spec.put("addresses", List.of(Map.of("type", "NamedAddress", "value", name))));
        return object(
                Kind.GATEWAY,
                names.gateway(),
                map.filter(name -> tls).map(name -> Map.of(MAP, name)).orElse(Map.of()),
                spec);
    }

    private static Map<String, Object> listener(String name, String protocol, int port) {
        Map<String, Object> listener = new LinkedHashMap<>();
        listener.put("name", name);
        listener.put("protocol", protocol);
        listener.put("port", port);
        return listener;
    }

    private ObjectNode route(String name, List<String> listeners, Map<String, Object> rule) {
        List<Map<String, String>> parents = listeners.stream()
                .map(listener -> Map.of(
                        "group", GROUP, "kind", Kind.GATEWAY.title(), "name", names.gateway(), "sectionName", listener))
                .toList();
        return object(Kind.HTTP_ROUTE, name, Map.of(), Map.of("parentRefs", parents, "rules", List.of(rule)));
    }

    private Map<String, Object> toService() {
        return Map.of(
                "backendRefs",
                List.of(Map.of(
                        "group", "", "kind", "Service", "name", names.service(), "port", DeploymentManifests.PORT)));
    }

    private static Map<String, Object> redirect() {
        return Map.of(
                "filters",
                List.of(Map.of(
                        "type", "RequestRedirect", "requestRedirect", Map.of("scheme", "https", "statusCode", 301))));
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
