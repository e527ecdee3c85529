package io.jenkins.plugins.pymacaron.targets.gke;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Explains why a load balancer does not answer, in the words of Google's controllers. */
final class LoadBalancerTrouble {
    /** Written by kubernetes/ingress-gce (pkg/annotations): an object of backend and HEALTHY, UNHEALTHY or Unknown. */
    private static final String BACKENDS = "ingress.kubernetes.io/backends";

    private static final String CERTIFICATES = "networking.gke.io/managed-certificates";

    private static final int LONGEST = 300;

    private final KubernetesApi api;
    private final GkeNames names;
    private final List<String> found = new ArrayList<>();

    private LoadBalancerTrouble(KubernetesApi api, GkeNames names) {
        this.api = api;
        this.names = names;
    }

    /** Returns the explanation; empty where the objects say nothing, or may not be read. */
    static Optional<String> of(KubernetesApi api, GkeNames names, LoadBalancer balancer) {
        LoadBalancerTrouble trouble = new LoadBalancerTrouble(api, names);
        try {
            api.find(balancer.kind(), balancer.name())
                    .ifPresent(balancer.kind() == Kind.GATEWAY ? trouble::gateway : trouble::ingress);
        } catch (KubernetesClientException | IllegalArgumentException e) {
            // The explanation is missing then; the failure itself is told without it.
        }
        return trouble.found.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", trouble.found));
    }

    private void ingress(ObjectNode ingress) {
        JsonNode annotations = ingress.path("metadata").path("annotations");
        JsonTree.parse(annotations.path(BACKENDS).asText("{}")).properties().forEach(backend -> {
            if (!backend.getValue().asText().equals("HEALTHY")) {
                found.add("backend " + backend.getKey() + " is "
                        + backend.getValue().asText());
            }
        });
        for (String name : annotations.path(CERTIFICATES).asText("").split(",")) {
            if (!name.isBlank()) {
                api.find(Kind.CERTIFICATE, name.strip()).ifPresent(this::certificate);
            }
        }
    }

    /** Adds a certificate that is not active. The words are those of GoogleCloudPlatform/gke-managed-certs: Provisioning, FailedNotVisible, Active, and more. */
    private void certificate(ObjectNode certificate) {
        JsonNode status = certificate.path("status");
        if (JsonTree.at(status, "certificateStatus").equals("Active")) {
            return;
        }
        List<String> domains = new ArrayList<>();
        status.path("domainStatus")
                .forEach(domain -> domains.add(JsonTree.at(domain, "domain") + " " + JsonTree.at(domain, "status")));
        String state = JsonTree.at(status, "certificateStatus");
        found.add("ManagedCertificate " + JsonTree.at(certificate, "metadata", "name") + " is "
                + (state.isEmpty() ? "not looked at yet" : state)
                + (domains.isEmpty() ? "" : " (" + String.join(", ", domains) + ")"));
    }

    private void gateway(ObjectNode gateway) {
        conditions("Gateway " + JsonTree.at(gateway, "metadata", "name"), gateway.path("status"));
        api.find(Kind.HTTP_ROUTE, names.route()).ifPresent(route -> route.path("status")
                .path("parents")
                .forEach(parent -> conditions("HTTPRoute " + names.route(), parent)));
    }

    /** Adds the conditions that do not hold: Accepted and Programmed of a Gateway, Accepted and ResolvedRefs of a route. */
    private void conditions(String of, JsonNode status) {
        for (JsonNode condition : status.path("conditions")) {
            String type = JsonTree.at(condition, "type");
            boolean said = List.of("Accepted", "Programmed", "ResolvedRefs").contains(type)
                    && !JsonTree.at(condition, "status").equals("True");
            String message = JsonTree.at(condition, "message");
            String line = of + " is not " + type + " (" + JsonTree.at(condition, "reason")
                    + (message.isEmpty() ? "" : ": " + cut(message)) + ")";
            if (said && !found.contains(line)) {
                found.add(line);
            }
        }
    }

    private static String cut(String message) {
        return message.length() > LONGEST ? message.substring(0, LONGEST) + "…" : message;
    }
}
