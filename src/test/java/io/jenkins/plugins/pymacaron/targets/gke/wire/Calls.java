package io.jenkins.plugins.pymacaron.targets.gke.wire;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Answer;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Request;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Reading and writing objects. */
final class Calls {
    /** The time that the load balancer of an Ingress or Gateway takes to go. */
    volatile Duration finalizing = Duration.ZERO;

    /**
     * An Ingress of GKE has a finalizer, which its controller removes once the load balancer is gone (kubernetes/ingress-gce,
     * {@code pkg/utils/common/finalizer.go}), and so has a Gateway (published descriptions of Gateways of real clusters).
     */
    private static final Map<String, String> FINALIZERS = Map.of(
            "Ingress", "networking.gke.io/ingress-finalizer-V2", "Gateway", "gateway.finalizer.networking.gke.io");

    /** Whether it is an Autopilot cluster. */
    volatile boolean autopilot;

    private final Store store;
    private final Kubelet kubelet;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Calls(Store store, Kubelet kubelet) {
        this.store = store;
        this.kubelet = kubelet;
    }

    /** The number of requests to the kubelet to refuse; {@code Integer.MAX_VALUE} = all. */
    volatile int unreachable;

    /** Answers in the words of a real API server whose kubelet is out of reach. */
    void unreachable() {
        if (unreachable > 0) {
            unreachable = unreachable == Integer.MAX_VALUE ? unreachable : unreachable - 1;
            throw new Refusal(
                    500,
                    "InternalError",
                    "error dialing backend: dial tcp 10.128.0.9:10250: connect: connection refused");
        }
    }

    void namespace(String name) {
        ObjectNode namespace = Cluster.JSON.createObjectNode();
        namespace.putObject("metadata").put("name", name);
        Admission.defaults(Resource.ofKind("Namespace"), namespace);
        store.put(Resource.ofKind("Namespace"), namespace);
    }

    Answer answer(Request request, Routes route) throws IOException, InterruptedException {
        if (route.sub().equals("log")) {
            JsonNode containers = one(route).path("spec").path("containers");
            String asked = request.query().getOrDefault("container", "");
            if (asked.isEmpty() && containers.size() > 1) {
                throw new Refusal(400, "BadRequest", "a container name must be specified for pod " + route.name());
            }
            boolean there = false;
            for (JsonNode container : containers) {
                there |= asked.equals(container.path("name").asText());
            }
            if (!asked.isEmpty() && !there) {
                throw new Refusal(400, "BadRequest", "container " + asked + " is not valid for pod " + route.name());
            }
            unreachable();
            return Answer.of(
                    200,
                    "text/plain",
                    kubelet.log(route.name(), "true".equals(request.query().get("previous"))));
        }
        if (route.sub().equals("proxy")) {
            return proxy(route);
        }
        return switch (request.method()) {
            case "GET" -> route.name().isEmpty() ? list(request, route) : json(200, one(route));
            case "POST" -> create(request, route);
            case "PUT" -> replace(request, route);
            case "PATCH" -> patch(request, route);
            case "DELETE" -> delete(request, route);
            default -> throw new Refusal(405, "MethodNotAllowed", "no such method");
        };
    }

    private static Answer json(int status, JsonNode body) {
        return Answer.json(status, body.toString());
    }

    private ObjectNode one(Routes route) {
        return store.get(route.resource(), route.namespace(), route.name())
                .orElseThrow(() -> Refusal.notFound(route.resource(), route.name()));
    }

    private Answer list(Request request, Routes route) {
        ObjectNode list = Cluster.JSON.createObjectNode();
        list.put("apiVersion", route.resource().apiVersion())
                .put("kind", route.resource().kind() + "List");
        synchronized (store) {
            list.putObject("metadata").put("resourceVersion", Long.toString(store.version()));
            var items = list.putArray("items");
            store.list(route.resource(), route.namespace()).stream()
                    .filter(o -> matches(o, request.query(), route.namespace()))
                    .forEach(items::add);
        }
        return json(200, list);
    }

    boolean matches(JsonNode object, Map<String, String> query, String namespace) {
        if (!namespace.isEmpty() && !Cluster.namespace(object).equals(namespace)) {
            return false;
        }
        for (String label : query.getOrDefault("labelSelector", "").split(",")) {
            String[] parts = label.split("==?");
            if (parts.length == 2
                    && !object.path("metadata")
                            .path("labels")
                            .path(parts[0])
                            .asText()
                            .equals(parts[1])) {
                return false;
            }
        }
        for (String field : query.getOrDefault("fieldSelector", "").split(",")) {
            String[] parts = field.split("=", 2);
            if (parts.length == 2
                    && !object.at("/" + parts[0].replace('.', '/')).asText().equals(parts[1])) {
                return false;
            }
        }
        return true;
    }

    private ObjectNode body(Request request, Routes route) {
        Object parsed = new Yaml(new SafeConstructor(new LoaderOptions())).load(request.text());
        ObjectNode object = Cluster.JSON.valueToTree(parsed);
        if (!route.resource().kind().equals(object.path("kind").asText())
                || !route.resource()
                        .apiVersion()
                        .equals(object.path("apiVersion").asText())) {
            throw new Refusal(400, "BadRequest", "the object is of another kind than the path");
        }
        if (route.resource().namespaced()) {
            object.withObject("/metadata").put("namespace", route.namespace());
            ObjectNode namespace = store.get(Resource.ofKind("Namespace"), "", route.namespace())
                    .orElseThrow(() -> Refusal.notFound(Resource.ofKind("Namespace"), route.namespace()));
            boolean made =
                    store.get(route.resource(), route.namespace(), route.name()).isPresent();
            if (!made && namespace.path("status").path("phase").asText().equals("Terminating")) {
                // As the admission plugin NamespaceLifecycle says it.
                throw new Refusal(
                        403,
                        "Forbidden",
                        "unable to create new content in namespace " + route.namespace()
                                + " because it is being terminated");
            }
        }
        return object;
    }

    private Answer create(Request request, Routes route) {
        ObjectNode object = body(request, route);
        synchronized (store) {
            if (store.get(route.resource(), route.namespace(), Cluster.name(object))
                    .isPresent()) {
                throw new Refusal(
                        409,
                        "AlreadyExists",
                        route.resource().plural() + " \"" + Cluster.name(object) + "\" already exists");
            }
            return json(201, stored(request, route, object, Optional.empty(), manager(request)));
        }
    }

    private Answer replace(Request request, Routes route) {
        ObjectNode object = body(request, route);
        synchronized (store) {
            ObjectNode before = one(route);
            unchanged(route, object.path("metadata").path("resourceVersion").asText(""), before);
            return json(200, stored(request, route, object, Optional.of(before), manager(request)));
        }
    }

    /** kubernetes/apiserver, {@code pkg/registry/generic/registry/store.go}: for updates, patches and preconditions alike. */
    private static void unchanged(Routes route, String version, JsonNode before) {
        if (!version.isEmpty()
                && !version.equals(
                        before.path("metadata").path("resourceVersion").asText())) {
            throw new Refusal(
                    409,
                    "Conflict",
                    "Operation cannot be fulfilled on " + route.resource().plural() + " \"" + route.name()
                            + "\": the object has been modified");
        }
    }

    private Answer patch(Request request, Routes route) throws IOException {
        String type = request.headers().getOrDefault("content-type", "");
        if (type.startsWith("application/json-patch+json")) {
            return operations(request, route);
        }
        if (!type.startsWith("application/apply-patch+yaml")) {
            throw new Refusal(
                    415, "UnsupportedMediaType", "only server-side apply and JSON patches are known here, not " + type);
        }
        String manager = request.query().getOrDefault("fieldManager", "");
        if (manager.isEmpty()) {
            throw new Refusal(
                    400, "BadRequest", "PatchOptions.fieldManager: Required value: is required for apply patch");
        }
        ObjectNode config = body(request, route);
        if (config.path("metadata").has("managedFields")) {
            throw new Refusal(400, "BadRequest", "metadata.managedFields must be nil");
        }
        synchronized (store) {
            Optional<ObjectNode> before = store.get(route.resource(), route.namespace(), route.name());
            String version = config.path("metadata").path("resourceVersion").asText("");
            String uid = config.path("metadata").path("uid").asText("");
            if (before.isEmpty() && !uid.isEmpty()) {
                // kubernetes/apiserver, pkg/endpoints/handlers/patch.go, applyPatch
                throw new Refusal(
                        409,
                        "Conflict",
                        "Operation cannot be fulfilled on " + route.resource().plural() + " \"" + route.name()
                                + "\": uid mismatch: the provided object specified uid " + uid
                                + ", and no existing object was found");
            }
            if (before.isEmpty() && !version.isEmpty()) {
                // As a real server says it (kubernetes/apiserver, pkg/storage/errors.go,
                // ErrResourceVersionSetOnCreate).
                throw new Refusal(500, "", "resourceVersion should not be set on objects to be created");
            }
            before.ifPresent(b -> {
                unchanged(route, version, b);
                if (!uid.isEmpty() && !uid.equals(b.path("metadata").path("uid").asText())) {
                    throw new Refusal(
                            422, "Invalid", "metadata.uid: Invalid value: \"" + uid + "\": field is immutable");
                }
            });
            ObjectNode live = before.map(ObjectNode::deepCopy).orElseGet(Cluster.JSON::createObjectNode);
            boolean force = "true".equals(request.query().get("force"));
            Owners.apply(live, config, manager, force, route.resource().apiVersion());
            if (autopilot && route.resource().equals(Cluster.DEPLOYMENT)) {
                Autopilot.adjust(live);
            }
            Admission.defaults(route.resource(), live);
            Admission.check(route.resource(), live, before);
            Quota.check(store, route.resource(), live, before);
            if ("All".equals(request.query().get("dryRun"))) {
                return json(200, live);
            }
            return json(before.isPresent() ? 200 : 201, store.put(route.resource(), live));
        }
    }

    /** RFC 6902, as far as kubectl rollout undo goes. */
    private Answer operations(Request request, Routes route) throws IOException {
        synchronized (store) {
            ObjectNode before = one(route);
            ObjectNode changed = before.deepCopy();
            for (JsonNode operation : Cluster.JSON.readTree(request.body())) {
                JsonPointer path = JsonPointer.compile(operation.path("path").asText());
                if (!"replace".equals(operation.path("op").asText())
                        || changed.at(path).isMissingNode()) {
                    throw new Refusal(422, "Invalid", "the server rejected our request due to " + operation);
                }
                ((ObjectNode) changed.at(path.head())).set(path.last().getMatchingProperty(), operation.path("value"));
            }
            return json(200, stored(request, route, changed, Optional.of(before), manager(request)));
        }
    }

    private ObjectNode stored(
            Request request, Routes route, ObjectNode object, Optional<ObjectNode> before, String manager) {
        Admission.defaults(route.resource(), object);
        Admission.check(route.resource(), object, before);
        Owners.updated(
                before.orElseGet(Cluster.JSON::createObjectNode),
                object,
                manager,
                route.resource().apiVersion());
        if ("All".equals(request.query().get("dryRun"))) {
            return object;
        }
        boolean going =
                before.filter(b -> b.path("metadata").has("deletionTimestamp")).isPresent();
        if (going && object.path("metadata").path("finalizers").isEmpty()) {
            // Its last finalizer was taken off: now it goes.
            return store.delete(route.resource(), route.namespace(), Cluster.name(object))
                    .orElse(object);
        }
        return store.put(route.resource(), object);
    }

    private static String manager(Request request) {
        String agent = request.headers().getOrDefault("user-agent", "unknown").split("[/ ]")[0];
        return request.query().getOrDefault("fieldManager", agent);
    }

    private Answer delete(Request request, Routes route) throws IOException {
        Optional<String> finalizer =
                Optional.ofNullable(FINALIZERS.get(route.resource().kind())).filter(name -> !finalizing.isZero());
        if (finalizer.isPresent()) {
            ObjectNode going = one(route);
            ObjectNode metadata = going.withObject("/metadata");
            if (!metadata.has("deletionTimestamp")) {
                metadata.putArray("finalizers").add(finalizer.get());
                metadata.put("deletionTimestamp", Instant.now().plus(finalizing).toString());
                store.put(route.resource(), going);
            }
            return json(200, going);
        }
        ObjectNode kept = one(route);
        JsonNode options = request.body().length == 0 ? kept.path("none") : Cluster.JSON.readTree(request.body());
        boolean onNode = kept.path("spec").has("nodeName");
        if (onNode && options.path("gracePeriodSeconds").asInt(-1) != 0) {
            // Until its kubelet says that it has ended (kubernetes, pkg/registry/core/pod/strategy.go,
            // CheckGracefulDelete).
            kept.withObject("/metadata").put("deletionTimestamp", Instant.now().toString());
            return json(200, store.put(route.resource(), kept));
        }
        if (!kept.path("metadata").path("finalizers").isEmpty()) {
            kept.withObject("/metadata").put("deletionTimestamp", Instant.now().toString());
            store.put(route.resource(), kept);
            return json(200, kept);
        }
        String version = options.path("preconditions").path("resourceVersion").asText("");
        ObjectNode gone = deleted(route, version);
        return json(200, gone);
    }

    private ObjectNode deleted(Routes route, String version) {
        synchronized (store) {
            unchanged(route, version, one(route));
            return store.delete(route.resource(), route.namespace(), route.name())
                    .orElseThrow(() -> Refusal.notFound(route.resource(), route.name()));
        }
    }

    private Answer proxy(Routes route) throws IOException, InterruptedException {
        String[] parts = route.name().split(":");
        String service = parts.length == 1 ? parts[0] : parts[1];
        ObjectNode found = store.get(route.resource(), route.namespace(), service)
                .orElseThrow(() -> Refusal.notFound(route.resource(), service));
        List<ObjectNode> pods = Cluster.behind(store, found);
        Optional<URI> to = pods.stream()
                .skip(pods.isEmpty() ? 0 : (int) (Math.random() * pods.size()))
                .findFirst()
                .flatMap(pod -> kubelet.address(Cluster.name(pod)));
        if (to.isEmpty()) {
            throw new Refusal(503, "ServiceUnavailable", "no endpoints available for service \"" + service + "\"");
        }
        HttpResponse<String> got = http.send(
                HttpRequest.newBuilder(URI.create(to.get() + route.rest()))
                        .timeout(Duration.ofSeconds(10))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return Answer.json(got.statusCode(), got.body());
    }
}
