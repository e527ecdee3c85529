package io.jenkins.plugins.pymacaron.targets.gke;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.pymacaron.config.GkeKeys;
import io.jenkins.plugins.pymacaron.targets.Environment;
import java.util.Optional;

/** The Ingress or Gateway in front of the Service, which has the address. */
record LoadBalancer(Kind kind, String name) {
    private static final String OF_GATEWAY = Kind.GATEWAY.title() + "/";

    /** Returns the load balancer that the configuration asks for, if any. */
    static Optional<LoadBalancer> of(Environment environment, GkeNames names) {
        if (!environment.config().get(GkeKeys.GKE_INGRESS)) {
            return Optional.empty();
        }
        boolean gateway = environment.config().find(GkeKeys.GKE_GATEWAY).isPresent();
        return Optional.of(
                gateway
                        ? new LoadBalancer(Kind.GATEWAY, names.gateway())
                        : new LoadBalancer(Kind.INGRESS, names.ingress()));
    }

    /** Returns the form in which journals keep it: an Ingress by its name alone. */
    String text() {
        return kind == Kind.GATEWAY ? OF_GATEWAY + name : name;
    }

    static LoadBalancer read(String text) {
        return text.startsWith(OF_GATEWAY)
                ? new LoadBalancer(Kind.GATEWAY, text.substring(OF_GATEWAY.length()))
                : new LoadBalancer(Kind.INGRESS, text);
    }

    @Override
    public String toString() {
        return kind.title() + " " + name;
    }

    /** Returns its address, once it has one. */
    Optional<String> address(KubernetesApi api) {
        return api.find(kind, name)
                .map(kind == Kind.GATEWAY ? LoadBalancer::ofGateway : LoadBalancer::ofIngress)
                .filter(ip -> !ip.isEmpty());
    }

    private static String ofIngress(JsonNode ingress) {
        return JsonTree.at(
                ingress.path("status").path("loadBalancer").path("ingress").path(0), "ip");
    }

    /**
     * Returns the address only once it is programmed; before that it leads nowhere (kubernetes-sigs/gateway-api, apis/v1/gateway_types.go,
     * {@code GatewayConditionProgrammed}).
     */
    private static String ofGateway(JsonNode gateway) {
        boolean programmed = false;
        for (JsonNode condition : gateway.path("status").path("conditions")) {
            programmed |= JsonTree.at(condition, "type").equals("Programmed")
                    && JsonTree.at(condition, "status").equals("True");
        }
        return programmed ? JsonTree.at(gateway.path("status").path("addresses").path(0), "value") : "";
    }
}
