package io.jenkins.plugins.pymacaron.targets.gke.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.targets.cloud.Front;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * GKE's Gateway controller: each Gateway is accepted, and a moment later programmed: then it has an address, 127.0.0.1, and a
 * load balancer on a port of it. The conditions and their words are those of published descriptions of Gateways of real
 * clusters ({@code kubectl describe gateway} of class gke-l7-global-external-managed, in exercises of public courses); the
 * controller's name and the required fields those of kubernetes-sigs/gateway-api.
 */
final class Gateways implements AutoCloseable {
    private static final Resource GATEWAY = Resource.ofKind("Gateway");
    private static final Resource ROUTE = Resource.ofKind("HTTPRoute");
    private static final Resource SERVICE = Resource.ofKind("Service");
    private static final Resource POLICY = Resource.ofKind("HealthCheckPolicy");

    /** The time that it takes to program a Gateway. */
    volatile Duration programming = Duration.ofMillis(300);

    /** The reason why none can be programmed, in the words of the controller; "" for none. */
    volatile String trouble = "";

    private final Store store;
    private final Kubelet kubelet;
    private final Map<String, Integer> ports;
    private final Map<String, Front> fronts = new HashMap<>();
    private final Map<String, Instant> seen = new HashMap<>();

    Gateways(Store store, Kubelet kubelet, Map<String, Integer> ports) {
        this.store = store;
        this.kubelet = kubelet;
        this.ports = Map.copyOf(ports);
    }

    void tick() throws IOException {
        List<ObjectNode> all = store.list(GATEWAY, "");
        for (ObjectNode gateway : all) {
            String name = Cluster.name(gateway);
            String going = gateway.path("metadata").path("deletionTimestamp").asText();
            if (!going.isEmpty()) {
                if (Instant.parse(going).isBefore(Instant.now())) {
                    store.delete(GATEWAY, Cluster.namespace(gateway), name);
                }
                continue;
            }
            // The controller ignores those of other classes.
            if (gateway.at("/spec/gatewayClassName").asText().startsWith("gke-l7-")) {
                look(gateway, name);
            }
        }
        for (String name : List.copyOf(fronts.keySet())) {
            if (all.stream().noneMatch(gateway -> Cluster.name(gateway).equals(name))) {
                fronts.remove(name).close();
                seen.remove(name);
            }
        }
        store.list(ROUTE, "").forEach(this::route);
    }

    /**
     * Has the pods of a Service in groups of endpoints of its own. That is written on the Service, beside what an Ingress asks
     * for there (kubernetes/ingress-gce, pkg/annotations, {@code NegAnnotation}).
     */
    private void expose(String namespace, JsonNode backend) {
        store.get(SERVICE, namespace, backend.path("name").asText()).ifPresent(service -> {
            String name = "cloud.google.com/neg";
            String text = service.at("/metadata/annotations").path(name).asText("{}");
            try {
                ObjectNode neg = (ObjectNode) Cluster.JSON.readTree(text);
                neg.withObject("/exposed_ports")
                        .withObject("/" + backend.path("port").asText());
                store.annotate(SERVICE, service, name, neg.toString());
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(text, e);
            }
        });
    }

    private void look(ObjectNode gateway, String name) throws IOException {
        Instant since = seen.computeIfAbsent(name, n -> Instant.now());
        String unfit = unfit(gateway);
        boolean programmed =
                unfit.isEmpty() && trouble.isEmpty() && !since.plus(programming).isAfter(Instant.now());
        String namespace = Cluster.namespace(gateway);
        if (programmed) {
            routes(namespace, name).stream()
                    .flatMap(route -> backends(route).stream())
                    .forEach(backend -> expose(namespace, backend));
        }
        if (programmed && !fronts.containsKey(name)) {
            fronts.put(name, Front.start(ports.getOrDefault(name, 0), request -> owner(namespace, name)));
        }
        ObjectNode status = gateway.putObject("status");
        if (programmed) {
            status.putArray("addresses").addObject().put("type", "IPAddress").put("value", "127.0.0.1");
        }
        ArrayNode conditions = status.putArray("conditions");
        condition(
                conditions,
                gateway,
                "Accepted",
                unfit.isEmpty(),
                unfit.isEmpty() ? "Accepted" : "UnsupportedAddress",
                unfit);
        String why = unfit.isEmpty() ? trouble : unfit;
        if (programmed || !why.isEmpty()) {
            condition(conditions, gateway, "Programmed", programmed, programmed ? "Programmed" : "Invalid", why);
        } else {
            // The default of the CustomResourceDefinition.
            condition(conditions, gateway, "Programmed", false, "Pending", "Waiting for controller")
                    .put("status", "Unknown");
        }
        ArrayNode listeners = status.putArray("listeners");
        for (JsonNode listener : gateway.path("spec").path("listeners")) {
            ObjectNode said = listeners.addObject();
            said.put("name", listener.path("name").asText());
            said.put("attachedRoutes", routes(Cluster.namespace(gateway), name).size());
            said.putArray("supportedKinds")
                    .addObject()
                    .put("group", GATEWAY.group())
                    .put("kind", "HTTPRoute");
            condition(said.putArray("conditions"), gateway, "Programmed", programmed, "Programmed", "");
        }
        store.status(GATEWAY, gateway);
    }

    private static String unfit(JsonNode gateway) {
        for (JsonNode address : gateway.path("spec").path("addresses")) {
            String type = address.path("type").asText("IPAddress");
            if (!type.equals("NamedAddress")) {
                return "Error GWCER106: Gateway \"" + Cluster.namespace(gateway) + "/" + Cluster.name(gateway)
                        + "\" is invalid, err: unsupported address type \"" + type
                        + "\", only \"NamedAddress\" is supported..";
            }
        }
        return "";
    }

    private static ObjectNode condition(
            ArrayNode conditions, JsonNode of, String type, boolean holds, String reason, String message) {
        return conditions
                .addObject()
                .put("type", type)
                .put("status", holds ? "True" : "False")
                .put("reason", reason)
                .put("message", message)
                .put(
                        "observedGeneration",
                        of.path("metadata").path("generation").asLong())
                .put(
                        "lastTransitionTime",
                        of.path("metadata").path("creationTimestamp").asText());
    }

    private void route(ObjectNode route) {
        ArrayNode parents = route.putObject("status").putArray("parents");
        boolean resolved = backends(route).stream().allMatch(backend -> store.get(
                        SERVICE, Cluster.namespace(route), backend.path("name").asText())
                .isPresent());
        for (JsonNode parent : route.path("spec").path("parentRefs")) {
            ObjectNode said = parents.addObject().put("controllerName", "networking.gke.io/gateway");
            said.set("parentRef", parent.deepCopy());
            boolean there = store.get(
                            GATEWAY,
                            Cluster.namespace(route),
                            parent.path("name").asText())
                    .isPresent();
            ArrayNode conditions = said.putArray("conditions");
            condition(conditions, route, "Accepted", there, there ? "Accepted" : "NoMatchingParent", "");
            condition(conditions, route, "ResolvedRefs", resolved, resolved ? "ResolvedRefs" : "BackendNotFound", "");
        }
        store.status(ROUTE, route);
    }

    private static List<JsonNode> backends(JsonNode route) {
        List<JsonNode> found = new ArrayList<>();
        route.path("spec").path("rules").forEach(rule -> rule.path("backendRefs")
                .forEach(found::add));
        return found;
    }

    private List<ObjectNode> routes(String namespace, String gateway) {
        return store.list(ROUTE, namespace).stream()
                .filter(route -> {
                    for (JsonNode parent : route.path("spec").path("parentRefs")) {
                        if (parent.path("name").asText().equals(gateway)) {
                            return true;
                        }
                    }
                    return false;
                })
                .toList();
    }

    /** The one port of loopback stands for the listener whose route has a backend. */
    private Optional<URI> owner(String namespace, String gateway) {
        List<ObjectNode> pods = routes(namespace, gateway).stream()
                .flatMap(route -> backends(route).stream())
                .flatMap(backend -> store
                        .get(SERVICE, namespace, backend.path("name").asText())
                        .filter(service -> hasPort(service, backend))
                        .filter(service -> isChecked(namespace, Cluster.name(service)))
                        .filter(Gateways::isExposed)
                        .stream())
                .flatMap(service -> Cluster.behind(store, service).stream())
                .toList();
        return pods.stream()
                .skip(pods.isEmpty() ? 0 : (int) (Math.random() * pods.size()))
                .findFirst()
                .flatMap(pod -> kubelet.address(Cluster.name(pod)));
    }

    private static boolean hasPort(JsonNode service, JsonNode backend) {
        for (JsonNode port : service.path("spec").path("ports")) {
            if (port.path("port").asInt() == backend.path("port").asInt()) {
                return true;
            }
        }
        return false;
    }

    private static boolean isExposed(JsonNode service) {
        return service.at("/metadata/annotations")
                .path("cloud.google.com/neg")
                .asText()
                .contains("exposed_ports");
    }

    /**
     * Without a policy the load balancer asks for {@code /} (GoogleCloudPlatform/gke-gateway-api, config/crd, requestPath;
     * artifact-keeper/artifact-keeper-iac#125),
     * which a service of PyMacaron answers with 404, so that no backend counts as healthy.
     */
    private boolean isChecked(String namespace, String service) {
        return store.list(POLICY, namespace).stream()
                .filter(policy -> policy.at("/spec/targetRef/name").asText().equals(service))
                .anyMatch(policy -> policy.at("/spec/default/config/httpHealthCheck/requestPath")
                        .asText()
                        .endsWith("/ping"));
    }

    @Override
    public void close() {
        fronts.values().forEach(Front::close);
    }
}
