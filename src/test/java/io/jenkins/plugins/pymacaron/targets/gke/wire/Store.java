package io.jenkins.plugins.pymacaron.targets.gke.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** Stores objects, as etcd does for an API server: objects, their versions, and their events since a version. */
final class Store {
    /** Something that happened. */
    record Event(long version, String type, Resource resource, ObjectNode object) {}

    private final Map<String, ObjectNode> objects = new TreeMap<>();
    private final List<Event> events = new ArrayList<>();
    private long version = 1000;
    private long oldest;

    private static String key(Resource resource, String namespace, String name) {
        return resource.plural() + "/" + (resource.namespaced() ? namespace : "") + "/" + name;
    }

    synchronized Optional<ObjectNode> get(Resource resource, String namespace, String name) {
        return Optional.ofNullable(objects.get(key(resource, namespace, name))).map(ObjectNode::deepCopy);
    }

    /** @param namespace "" = all */
    synchronized List<ObjectNode> list(Resource resource, String namespace) {
        String prefix = resource.plural() + "/" + (namespace.isEmpty() ? "" : namespace + "/");
        return objects.entrySet().stream()
                .filter(e -> e.getKey().startsWith(prefix))
                .map(e -> e.getValue().deepCopy())
                .toList();
    }

    /** Stores it, unless nothing changes. The generation grows with the spec alone. */
    synchronized ObjectNode put(Resource resource, ObjectNode object) {
        String namespace = object.path("metadata").path("namespace").asText("");
        String name = object.path("metadata").path("name").asText();
        String key = key(resource, namespace, name);
        ObjectNode before = objects.get(key);
        ObjectNode metadata = object.withObject("/metadata");
        object.put("apiVersion", resource.apiVersion()).put("kind", resource.kind());
        if (before == null) {
            metadata.put("uid", UUID.randomUUID().toString());
            metadata.put(
                    "creationTimestamp",
                    Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
            metadata.put("generation", 1);
        } else {
            for (String kept : List.of("uid", "creationTimestamp", "resourceVersion")) {
                metadata.set(kept, before.path("metadata").path(kept));
            }
            JsonNode going = before.path("metadata").path("deletionTimestamp");
            if (!going.isMissingNode()) {
                metadata.set("deletionTimestamp", going);
            }
            long generation = before.path("metadata").path("generation").asLong(1);
            boolean same = before.path("spec").equals(object.path("spec"));
            metadata.put("generation", same ? generation : generation + 1);
            if (equalButForTimes(before, object)) {
                return before.deepCopy();
            }
        }
        version++;
        metadata.put("resourceVersion", Long.toString(version));
        objects.put(key, object.deepCopy());
        events.add(new Event(version, before == null ? "ADDED" : "MODIFIED", resource, object.deepCopy()));
        notifyAll();
        return object.deepCopy();
    }

    /**
     * Updates an object that still exists, as {@link #put} does: a late controller does not make a deleted object
     * again.
     */
    synchronized ObjectNode update(Resource resource, ObjectNode object) {
        JsonNode metadata = object.path("metadata");
        ObjectNode there = objects.get(key(
                resource,
                metadata.path("namespace").asText(""),
                metadata.path("name").asText()));
        boolean same = there != null && there.path("metadata").path("uid").equals(metadata.path("uid"));
        return same ? put(resource, object) : object;
    }

    /**
     * Takes over the status of an object, as the subresource {@code status} does, where the object is still there: the rest
     * may have changed since it was read, and an object that was deleted meanwhile is not made again.
     */
    synchronized void status(Resource resource, ObjectNode object) {
        JsonNode metadata = object.path("metadata");
        get(
                        resource,
                        metadata.path("namespace").asText(""),
                        metadata.path("name").asText())
                .filter(there -> there.path("metadata").path("uid").equals(metadata.path("uid")))
                .ifPresent(there -> {
                    there.set("status", object.path("status").deepCopy());
                    put(resource, there);
                });
    }

    /** As {@link #status}, of one annotation, which the controller owns from then on. */
    synchronized void annotate(Resource resource, ObjectNode object, String name, String value) {
        JsonNode metadata = object.path("metadata");
        get(
                        resource,
                        metadata.path("namespace").asText(""),
                        metadata.path("name").asText())
                .filter(there -> there.path("metadata").path("uid").equals(metadata.path("uid")))
                .ifPresent(there -> {
                    ObjectNode before = there.deepCopy();
                    there.withObject("/metadata").withObject("/annotations").put(name, value);
                    if (!before.equals(there)) {
                        Owners.updated(before, there, "glbc", resource.apiVersion());
                        put(resource, there);
                    }
                });
    }

    private static boolean equalButForTimes(ObjectNode a, ObjectNode b) {
        return withoutTimes(a).equals(withoutTimes(b));
    }

    private static JsonNode withoutTimes(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        copy.path("metadata").path("managedFields").forEach(entry -> ((ObjectNode) entry).remove("time"));
        return copy;
    }

    synchronized Optional<ObjectNode> delete(Resource resource, String namespace, String name) {
        ObjectNode gone = objects.remove(key(resource, namespace, name));
        if (gone == null) {
            return Optional.empty();
        }
        version++;
        gone.withObject("/metadata").put("resourceVersion", Long.toString(version));
        events.add(new Event(version, "DELETED", resource, gone.deepCopy()));
        notifyAll();
        return Optional.of(gone);
    }

    synchronized long version() {
        return version;
    }

    /** Forgets what happened, so that a client that watches from before gets 410. */
    synchronized void compact() {
        events.clear();
        oldest = version;
        notifyAll();
    }

    /**
     * Returns the events since a version; waits for one, but not for long. An empty optional means that it is too long
     * ago.
     */
    synchronized Optional<List<Event>> since(long from, Resource resource, long millis) throws InterruptedException {
        if (from < oldest) {
            return Optional.empty();
        }
        long end = System.currentTimeMillis() + millis;
        while (true) {
            List<Event> found = events.stream()
                    .filter(e -> e.version() > from && e.resource().equals(resource))
                    .toList();
            long left = end - System.currentTimeMillis();
            if (!found.isEmpty() || left <= 0) {
                return Optional.of(found);
            }
            wait(left);
        }
    }
}
