package io.jenkins.plugins.pymacaron.targets.gke.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.targets.cloud.Hosts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Scheduler and kubelet: pods become containers of {@link Hosts}, or do not, for the reasons that pods have. */
final class Kubelet {
    /**
     * Longer than a kubelet waits: if all of a cluster is one process, a busy machine stalls it, and no pod is to
     * blame.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Store store;
    private final Hosts hosts;
    private final Predicate<String> pullable;
    private final int milliCpus;
    private final Map<String, URI> addresses = new ConcurrentHashMap<>();
    /** The number of probes in a row that a pod may miss: the default of {@code failureThreshold}. */
    private static final int FAILURE_THRESHOLD = 3;

    private final Map<String, Integer> misses = new ConcurrentHashMap<>();
    private final Map<String, String> lastLogs = new ConcurrentHashMap<>();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();

    /** @param milliCpus what a pod may ask for at most, or no node has it */
    Kubelet(Store store, Hosts hosts, Predicate<String> pullable, int milliCpus) {
        this.store = store;
        this.hosts = hosts;
        this.pullable = pullable;
        this.milliCpus = milliCpus;
    }

    Optional<URI> address(String pod) {
        return Optional.ofNullable(addresses.get(pod));
    }

    String log(String pod, boolean previous) throws IOException {
        return previous ? lastLogs.getOrDefault(pod, "") : addresses.containsKey(pod) ? hosts.log(pod) : "";
    }

    void tick() throws IOException {
        for (String running : Set.copyOf(addresses.keySet())) {
            boolean there = store.list(Cluster.POD, "").stream()
                    .anyMatch(p -> Cluster.name(p).equals(running));
            if (!there) {
                addresses.remove(running);
                hosts.end(running);
            }
        }
        for (ObjectNode pod : store.list(Cluster.POD, "")) {
            if (pod.path("spec").has("nodeName")) {
                // Of a node that has a kubelet of its own.
                continue;
            }
            look(pod);
            store.status(Cluster.POD, pod);
        }
    }

    private void look(ObjectNode pod) throws IOException {
        String name = Cluster.name(pod);
        ObjectNode status = pod.withObject("/status");
        JsonNode container = pod.path("spec").path("containers").path(0);
        String cpu = container.path("resources").path("requests").path("cpu").asText("0");
        int asked =
                cpu.endsWith("m") ? Integer.parseInt(cpu.substring(0, cpu.length() - 1)) : Integer.parseInt(cpu) * 1000;
        if (asked > milliCpus) {
            unschedulable(pod, status);
            return;
        }
        // Of a container that runs nothing is read again.
        Optional<Map<String, String>> variables =
                addresses.containsKey(name) ? Optional.of(Map.of()) : variables(pod, container, status);
        if (variables.isEmpty()) {
            return;
        }
        String image = container.path("image").asText();
        if (!pullable.test(image)) {
            // Since 1.32 with what the pull itself said (kubernetes/kubernetes, pkg/kubelet/images/image_manager.go).
            waiting(
                    status,
                    container,
                    "ImagePullBackOff",
                    "Back-off pulling image \"" + image
                            + "\": ErrImagePull: rpc error: code = NotFound desc = failed to" + " resolve reference: "
                            + image + ": not found");
            return;
        }
        boolean nonRoot =
                pod.path("spec").path("securityContext").path("runAsNonRoot").asBoolean();
        if (nonRoot && image.contains("root")) {
            // kubernetes/kubernetes, pkg/kubelet/kuberuntime/security_context.go
            waiting(
                    status,
                    container,
                    "CreateContainerConfigError",
                    "container has runAsNonRoot and image will run as root (pod: \"" + name + "\", container: "
                            + container.path("name").asText() + ")");
            return;
        }
        if (!addresses.containsKey(name) && !lastLogs.containsKey(name)) {
            try {
                addresses.put(name, hosts.run(name, image, variables.get()));
                status.put("phase", "Running");
            } catch (IOException e) {
                waiting(status, container, "CreateContainerError", String.valueOf(e.getMessage()));
                return;
            }
        }
        String trouble = hosts.trouble(name);
        if (!trouble.isEmpty() && addresses.containsKey(name)) {
            lastLogs.put(name, hosts.log(name));
            addresses.remove(name);
            hosts.end(name);
        }
        if (lastLogs.containsKey(name)) {
            waiting(status, container, "CrashLoopBackOff", "back-off 10s restarting failed container");
            ObjectNode is = (ObjectNode) status.path("containerStatuses").path(0);
            is.put("restartCount", 1);
            is.putObject("lastState").putObject("terminated").put("exitCode", 1).put("reason", "Error");
            return;
        }
        boolean was = status.path("containerStatuses").path(0).path("ready").asBoolean();
        int failed = answers(addresses.get(name)) ? 0 : misses.getOrDefault(name, 0) + 1;
        misses.put(name, failed);
        ready(status, container, failed == 0 || was && failed < FAILURE_THRESHOLD);
    }

    private void unschedulable(ObjectNode pod, ObjectNode status) {
        ObjectNode condition = status.putArray("conditions").addObject();
        condition
                .put("type", "PodScheduled")
                .put("status", "False")
                .put("reason", "Unschedulable")
                .put(
                        "lastTransitionTime",
                        pod.path("metadata").path("creationTimestamp").asText())
                .put("message", "0/3 nodes are available: 3 Insufficient cpu.");
        ObjectNode event = Cluster.JSON.createObjectNode();
        event.putObject("metadata").put("name", Cluster.name(pod) + ".1").put("namespace", Cluster.namespace(pod));
        event.putObject("involvedObject").put("kind", "Pod").put("name", Cluster.name(pod));
        event.put("reason", "NotTriggerScaleUp").put("type", "Normal");
        event.put("message", "pod didn't trigger scale-up: 1 Insufficient cpu");
        store.put(Resource.ofKind("Event"), event);
    }

    private Optional<Map<String, String>> variables(ObjectNode pod, JsonNode container, ObjectNode status) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (JsonNode from : container.path("envFrom")) {
            String name = from.path("secretRef").path("name").asText();
            Optional<ObjectNode> secret = store.get(Resource.ofKind("Secret"), Cluster.namespace(pod), name);
            if (secret.isEmpty()) {
                waiting(status, container, "CreateContainerConfigError", "secret \"" + name + "\" not found");
                return Optional.empty();
            }
            secret.get()
                    .path("data")
                    .properties()
                    .forEach(e -> variables.put(
                            e.getKey(),
                            new String(Base64.getDecoder().decode(e.getValue().asText()), StandardCharsets.UTF_8)));
        }
        container
                .path("env")
                .forEach(v ->
                        variables.put(v.path("name").asText(), v.path("value").asText()));
        return Optional.of(variables);
    }

    private static void waiting(ObjectNode status, JsonNode container, String reason, String message) {
        ObjectNode is = status.putArray("containerStatuses").addObject();
        is.put("name", container.path("name").asText()).put("ready", false).put("restartCount", 0);
        is.putObject("state").putObject("waiting").put("reason", reason).put("message", message);
    }

    private static void ready(ObjectNode status, JsonNode container, boolean ready) {
        JsonNode before = status.path("containerStatuses").path(0);
        if (before.path("state").has("running") && before.path("ready").asBoolean() == ready) {
            return;
        }
        ObjectNode is = status.putArray("containerStatuses").addObject();
        String image = container.path("image").asText();
        is.put("name", container.path("name").asText()).put("ready", ready).put("restartCount", 0);
        is.put("image", image).put("imageID", image);
        status.putArray("conditions").addObject().put("type", "Ready").put("status", ready ? "True" : "False");
        is.putObject("state")
                .putObject("running")
                .put("startedAt", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    private boolean answers(URI address) {
        try {
            HttpRequest ping = HttpRequest.newBuilder(URI.create(address + "/ping"))
                    .timeout(PATIENCE)
                    .build();
            return http.send(ping, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
