package io.jenkins.plugins.pymacaron.targets.gke;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Makes the calls of the Kubernetes API in one namespace. They throw the exceptions of the client. */
final class KubernetesApi implements AutoCloseable {
    /** The field manager of all applies. */
    static final String MANAGER = "pymacaron";

    private final KubernetesClient client;
    private final String namespace;
    private final List<LocalPortForward> forwards = new CopyOnWriteArrayList<>();

    KubernetesApi(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    /** The answer to a list, and the version from which a watch goes on. */
    record Listing(Kind kind, Map<String, String> labels, List<ObjectNode> items, String version) {}

    /** A port of this machine that leads to a pod. */
    record Door(String pod, LocalPortForward port) {}

    Optional<ObjectNode> get(Kind kind, String name) {
        return Optional.ofNullable(resource(kind, name).get()).map(KubernetesApi::tree);
    }

    /** Finds an object. Leaves out objects in deletion, which a finalizer can keep for minutes. */
    Optional<ObjectNode> find(Kind kind, String name) {
        return get(kind, name).filter(object -> !isBeingDeleted(object));
    }

    static boolean isBeingDeleted(JsonNode object) {
        return object.path("metadata").has("deletionTimestamp");
    }

    Listing list(Kind kind, Map<String, String> labels) {
        GenericKubernetesResourceList found = client.genericKubernetesResources(kind.context())
                .inNamespace(namespace)
                .withLabels(labels)
                .list();
        return new Listing(
                kind,
                labels,
                found.getItems().stream().map(KubernetesApi::tree).toList(),
                found.getMetadata().getResourceVersion());
    }

    /** Makes a server-side apply; fields that others own become ours. See {@link #pin}. */
    ObjectNode apply(Kind kind, ObjectNode manifest) {
        GenericKubernetesResource wanted = read(manifest);
        MixedOperation<GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
                all = client.genericKubernetesResources(kind.context());
        Resource<GenericKubernetesResource> one =
                kind.namespaced() ? all.inNamespace(namespace).resource(wanted) : all.resource(wanted);
        return tree(one.fieldManager(MANAGER).forceConflicts().serverSideApply());
    }

    /**
     * Makes the API server refuse an apply where the object is not the one that was read any more. A
     * {@code resourceVersion} is compared: each update, and so each patch, of another version ends with 409, "the object
     * has been modified" (kubernetes/apiserver, {@code pkg/registry/generic/registry/store.go}, {@code Store.Update},
     * which {@code pkg/endpoints/handlers/patch.go} calls for an apply too). Alone it does not always keep an object that
     * is gone by then from being made again: an API server of 1.34 has answered 201. With the {@code uid} the answer is
     * 409, "uid mismatch: the provided object specified uid …, and no existing object was found"
     * ({@code patch.go}, {@code patcher.applyPatch}).
     */
    static void pin(ObjectNode manifest, JsonNode there) {
        manifest.withObject("/metadata")
                .put("uid", JsonTree.at(there, "metadata", "uid"))
                .put("resourceVersion", JsonTree.at(there, "metadata", "resourceVersion"));
    }

    /** Writes an object that was read before, and fails with 409 where another client wrote in between. */
    ObjectNode replace(Kind kind, ObjectNode object) {
        return tree(client.genericKubernetesResources(kind.context())
                .inNamespace(namespace)
                .resource(read(object))
                .update());
    }

    /** Creates an object; fails with 409 where it exists. */
    ObjectNode create(Kind kind, ObjectNode object) {
        return tree(client.genericKubernetesResources(kind.context())
                .inNamespace(namespace)
                .resource(read(object))
                .create());
    }

    /** Deletes an object and its dependents; does nothing where it does not exist. */
    void delete(Kind kind, String name) {
        resource(kind, name)
                .withPropagationPolicy(io.fabric8.kubernetes.api.model.DeletionPropagation.BACKGROUND)
                .delete();
    }

    /** Deletes an object as {@link #delete(Kind, String)} does; fails with 409 where it has another version by now. */
    void delete(Kind kind, ObjectNode object) {
        // The client's own call takes a version or a propagation policy, not both.
        ObjectNode options = JsonTree.object();
        options.put("apiVersion", "v1").put("kind", "DeleteOptions").put("propagationPolicy", "Background");
        options.putObject("preconditions").put("resourceVersion", JsonTree.at(object, "metadata", "resourceVersion"));
        String where = (kind.group().isEmpty() ? "/api/" : "/apis/")
                + kind.apiVersion()
                + (kind.namespaced() ? "/namespaces/" + namespace : "");
        try {
            client.raw(
                    where + "/" + kind.plural() + "/" + JsonTree.at(object, "metadata", "name"),
                    "DELETE",
                    JsonTree.text(options));
        } catch (KubernetesClientException e) {
            if (e.getCode() != 404) {
                throw e;
            }
        }
    }

    /**
     * Returns the last lines of a container, "" for the only one; of the one before its last restart if
     * {@code previous}.
     */
    String log(String pod, String container, boolean previous, int lines) {
        String path = "/api/v1/namespaces/" + namespace + "/pods/" + pod + "/log?tailLines=" + lines
                + (container.isEmpty() ? "" : "&container=" + container)
                + (previous ? "&previous=true" : "");
        // The client has null for 404: the pod has gone.
        return Optional.ofNullable(client.raw(path)).orElse("");
    }

    /** Asks a Service through the API server, which reaches it at any address. */
    JsonNode ask(String service, int port, String path) {
        String answer = client.raw(
                "/api/v1/namespaces/" + namespace + "/services/http:" + service + ":" + port + "/proxy" + path);
        if (answer == null) {
            throw new KubernetesClientException("GET " + path + " answers 404", 404, null);
        }
        return JsonTree.parse(answer);
    }

    /**
     * Opens a port of this machine alone that leads to a pod of the Service, through the API server. The other way, the
     * proxy that {@link #ask} uses, removes {@code Authorization}, by which a service may know its users.
     *
     * @return empty while none of its pods is ready. The port stays open as long as this client
     */
    Optional<Door> forward(String service, int port) {
        Map<String, String> selector = new HashMap<>();
        get(Kind.SERVICE, service).ifPresent(s -> s.path("spec")
                .path("selector")
                .properties()
                .forEach(e -> selector.put(e.getKey(), e.getValue().asText())));
        Optional<String> pod = selector.isEmpty()
                ? Optional.empty()
                : list(Kind.POD, selector).items().stream()
                        .filter(p -> !p.path("metadata").has("deletionTimestamp"))
                        .filter(KubernetesApi::isReady)
                        .map(p -> JsonTree.at(p, "metadata", "name"))
                        .findFirst();
        return pod.map(name -> {
            LocalPortForward forward =
                    client.pods().inNamespace(namespace).withName(name).portForward(port);
            forwards.add(forward);
            return new Door(name, forward);
        });
    }

    /** Returns whether the pod is ready with each of its containers, including those that others have added. */
    static boolean isReady(ObjectNode pod) {
        for (JsonNode condition : pod.path("status").path("conditions")) {
            if (JsonTree.at(condition, "type").equals("Ready")) {
                return JsonTree.at(condition, "status").equals("True");
            }
        }
        return false;
    }

    /** Creates a review, such as that of one's own rights. */
    JsonNode review(String group, String plural, ObjectNode body) {
        return JsonTree.parse(client.raw("/apis/" + group + "/v1/" + plural, "POST", JsonTree.text(body)));
    }

    /** Returns whether the server knows the kind. */
    boolean knows(Kind kind) {
        try {
            String answer = client.raw("/apis/" + kind.apiVersion());
            JsonNode found = answer == null ? JsonTree.object() : JsonTree.parse(answer);
            for (JsonNode resource : found.path("resources")) {
                if (kind.plural().equals(JsonTree.at(resource, "name"))) {
                    return true;
                }
            }
            return false;
        } catch (KubernetesClientException e) {
            if (e.getCode() == 404) {
                return false;
            }
            throw e;
        }
    }

    String server() {
        return client.getConfiguration().getMasterUrl();
    }

    /**
     * Returns at the first change of one of the lists since they were read, or after {@code atMost}.
     *
     * @return whether something has changed
     */
    boolean awaitChange(List<Listing> lists, Duration atMost) throws InterruptedException {
        CountDownLatch changed = new CountDownLatch(1);
        List<Watch> watches = new ArrayList<>();
        try {
            for (Listing list : lists) {
                ListOptions options = new ListOptionsBuilder()
                        .withResourceVersion(list.version())
                        .withTimeoutSeconds(atMost.toSeconds())
                        .withAllowWatchBookmarks(true)
                        .build();
                watches.add(client.genericKubernetesResources(list.kind().context())
                        .inNamespace(namespace)
                        .withLabels(list.labels())
                        .watch(options, new Waker(changed)));
            }
            return changed.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            watches.forEach(Watch::close);
        }
    }

    /** Wakes at a change, and at the end of a watch (410 Gone, a lost connection): then everything is read again. */
    private record Waker(CountDownLatch changed) implements Watcher<GenericKubernetesResource> {
        @Override
        public void eventReceived(Action action, GenericKubernetesResource resource) {
            if (action != Action.BOOKMARK) {
                changed.countDown();
            }
        }

        @Override
        public void onClose(WatcherException cause) {
            changed.countDown();
        }
    }

    private Resource<GenericKubernetesResource> resource(Kind kind, String name) {
        var all = client.genericKubernetesResources(kind.context());
        return kind.namespaced() ? all.inNamespace(namespace).withName(name) : all.withName(name);
    }

    private static ObjectNode tree(GenericKubernetesResource resource) {
        return JsonTree.parse(Serialization.asJson(resource));
    }

    private static GenericKubernetesResource read(ObjectNode tree) {
        return Serialization.unmarshal(JsonTree.text(tree), GenericKubernetesResource.class);
    }

    @Override
    public void close() {
        for (LocalPortForward forward : forwards) {
            try {
                forward.close();
            } catch (IOException e) {
                // The watch ends with the client at the latest.
            }
        }
        client.close();
    }
}
