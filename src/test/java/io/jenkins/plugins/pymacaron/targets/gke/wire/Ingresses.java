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
    private static final Resource CERTIFICATE = Resource.ofKind("ManagedCertificate");

    private final Store store;
    private final Kubelet kubelet;
    private final Map<String, Integer> ports;
    /** This is the state in which Identity-Aware Proxy asks for a login. */
    volatile boolean closed;

    /** Whether a firewall keeps the health checks away. */
    volatile boolean blocked;

    /** The state of the domain of each certificate: Provisioning, FailedNotVisible, Active. */
    volatile String visible = "Provisioning";

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
            health(ingress);
            certificates(ingress);
        }
        for (String name : List.copyOf(fronts.keySet())) {
            if (all.stream().noneMatch(i -> Cluster.name(i).equals(name))) {
                fronts.remove(name).close();
            }
        }
    }

    /**
     * As kubernetes/ingress-gce writes it (pkg/annotations, {@code StatusPrefix}; pkg/loadbalancers): each backend by its name
     * with HEALTHY, UNHEALTHY, or Unknown while it was not asked yet.
     */
    private void health(ObjectNode ingress) {
        String namespace = Cluster.namespace(ingress);
        Optional<ObjectNode> service = service(namespace, Cluster.name(ingress));
        boolean known =
                service.filter(found -> !Cluster.behind(store, found).isEmpty()).isPresent();
        String state = blocked ? "UNHEALTHY" : known ? "HEALTHY" : "Unknown";
        ObjectNode backends = Cluster.JSON.createObjectNode();
        backends.put(
                "k8s1-0a1b2c3d-" + namespace + "-" + service.map(Cluster::name).orElse("none") + "-8080-4e5f6a7b",
                state);
        store.annotate(INGRESS, ingress, "ingress.kubernetes.io/backends", backends.toString());
    }

    /** In the words of GoogleCloudPlatform/gke-managed-certs (pkg/controller/translate, pkg/controller/config). */
    private void certificates(ObjectNode ingress) {
        String names = ingress.path("metadata")
                .path("annotations")
                .path("networking.gke.io/managed-certificates")
                .asText();
        for (String name : names.split(",")) {
            store.get(CERTIFICATE, Cluster.namespace(ingress), name.strip()).ifPresent(certificate -> {
                ObjectNode status = certificate.putObject("status");
                status.put("certificateStatus", visible.equals("Active") ? "Active" : "Provisioning");
                certificate.path("spec").path("domains").forEach(domain -> status.withArray("domainStatus")
                        .addObject()
                        .put("domain", domain.asText())
                        .put("status", visible));
                store.status(CERTIFICATE, certificate);
            });
        }
    }

    private Optional<URI> owner(String namespace, String ingress) {
        if (closed || blocked) {
            return Optional.empty();
        }
        Optional<ObjectNode> service = service(namespace, ingress);
        List<ObjectNode> pods = service.map(s -> Cluster.behind(store, s)).orElse(List.of());
        return pods.stream()
                .skip(pods.isEmpty() ? 0 : (int) (Math.random() * pods.size()))
                .findFirst()
                .flatMap(pod -> kubelet.address(Cluster.name(pod)));
    }

    private Optional<ObjectNode> service(String namespace, String ingress) {
        return store.get(INGRESS, namespace, ingress)
                .map(i -> i.path("spec")
                        .path("defaultBackend")
                        .path("service")
                        .path("name")
                        .asText())
                .flatMap(name -> store.get(Resource.ofKind("Service"), namespace, name))
                .filter(Ingresses::isContainerNative);
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
