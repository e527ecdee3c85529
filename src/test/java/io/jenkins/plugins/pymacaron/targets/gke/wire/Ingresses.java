package io.jenkins.plugins.pymacaron.targets.gke.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.targets.cloud.Front;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** GKE's Ingress controller: each Ingress gets an address, 127.0.0.1, and a load balancer on a port of it. */
final class Ingresses implements AutoCloseable {
    private static final Resource INGRESS = Resource.ofKind("Ingress");

    private final Store store;
    private final Kubelet kubelet;
    private final Map<String, Integer> ports;
    /** This is the state in which Identity-Aware Proxy asks for a login. */
    volatile boolean closed;

    private final Map<String, Front> fronts = new HashMap<>();

    Ingresses(Store store, Kubelet kubelet, Map<String, Integer> ports) {
        this.store = store;
        this.kubelet = kubelet;
        this.ports = Map.copyOf(ports);
    }

    void tick() throws IOException {
        List<ObjectNode> all = store.list(INGRESS, "");
        for (ObjectNode ingress : all) {
            String name = Cluster.name(ingress);
            String going = ingress.path("metadata").path("deletionTimestamp").asText();
            if (!going.isEmpty()) {
                if (Instant.parse(going).isBefore(Instant.now())) {
                    store.delete(INGRESS, Cluster.namespace(ingress), name);
                }
                continue;
            }
            if (!fronts.containsKey(name)) {
                String namespace = Cluster.namespace(ingress);
                fronts.put(name, Front.start(ports.getOrDefault(name, 0), request -> owner(namespace, name)));
            }
            ObjectNode loadBalancer = ingress.withObject("/status").putObject("loadBalancer");
            loadBalancer.putArray("ingress").addObject().put("ip", "127.0.0.1");
            store.status(INGRESS, ingress);
        }
        for (String name : List.copyOf(fronts.keySet())) {
            if (all.stream().noneMatch(i -> Cluster.name(i).equals(name))) {
                fronts.remove(name).close();
            }
        }
    }

    private Optional<URI> owner(String namespace, String ingress) {
        if (closed) {
            return Optional.empty();
        }
        Optional<ObjectNode> service = store.get(INGRESS, namespace, ingress)
                .map(i -> i.path("spec")
                        .path("defaultBackend")
                        .path("service")
                        .path("name")
                        .asText())
                .flatMap(name -> store.get(Resource.ofKind("Service"), namespace, name))
                .filter(Ingresses::isContainerNative);
        List<ObjectNode> pods = service.map(s -> Cluster.behind(store, s)).orElse(List.of());
        return pods.stream()
                .skip(pods.isEmpty() ? 0 : (int) (Math.random() * pods.size()))
                .findFirst()
                .flatMap(pod -> kubelet.address(Cluster.name(pod)));
    }

    /**
     * Returns whether the load balancer reaches the pods themselves. If the annotation does not say it, that depends on
     * the cluster; this one sends to the nodes, where nothing answers at the port of the BackendConfig's health check
     * (documentation of GKE, "Container-native load balancing through Ingress").
     */
    private static boolean isContainerNative(ObjectNode service) {
        String annotation = service.path("metadata")
                .path("annotations")
                .path("cloud.google.com/neg")
                .asText("{}");
        try {
            return Cluster.JSON.readTree(annotation).path("ingress").asBoolean();
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    @Override
    public void close() {
        fronts.values().forEach(Front::close);
    }
}
