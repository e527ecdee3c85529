package io.jenkins.plugins.pymacaron.targets.gke.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Behaves as kube-controller-manager: Deployments have ReplicaSets, ReplicaSets have pods, and an object whose owner is
 * gone is deleted.
 */
final class Cluster {
    static final ObjectMapper JSON = new ObjectMapper();
    static final Resource DEPLOYMENT = Resource.ofKind("Deployment");
    static final Resource SET = Resource.ofKind("ReplicaSet");
    static final Resource POD = Resource.ofKind("Pod");
    private static final String HASH = "pod-template-hash";
    private static final String REVISION = "deployment.kubernetes.io/revision";

    private final Store store;
    private int pods;

    Cluster(Store store) {
        this.store = store;
    }

    void tick() {
        // A request that comes in between would be undone by a write of what was read before it.
        synchronized (store) {
            bury();
            collect(SET, DEPLOYMENT);
            collect(POD, SET);
            store.list(DEPLOYMENT, "").forEach(this::deployment);
            store.list(SET, "").forEach(this::set);
        }
    }

    private void collect(Resource kind, Resource owners) {
        for (ObjectNode object : store.list(kind, "")) {
            String uid = object.path("metadata")
                    .path("ownerReferences")
                    .path(0)
                    .path("uid")
                    .asText();
            boolean owned = uid.isEmpty()
                    || store.list(owners, "").stream()
                            .anyMatch(
                                    o -> o.path("metadata").path("uid").asText().equals(uid));
            if (!owned) {
                end(kind, object);
            }
        }
    }

    /** The time that a pod takes to end; until then it counts for quotas, and its ReplicaSet no longer knows it. */
    volatile Duration ending = Duration.ZERO;

    private void end(Resource kind, ObjectNode object) {
        if (!kind.equals(POD) || ending.isZero()) {
            store.delete(kind, namespace(object), name(object));
        } else if (!isEnding(object)) {
            object.withObject("/metadata")
                    .put("deletionTimestamp", Instant.now().plus(ending).toString());
            store.update(POD, object);
        }
    }

    private static boolean isEnding(JsonNode pod) {
        return pod.path("metadata").has("deletionTimestamp");
    }

    private void bury() {
        for (ObjectNode pod : store.list(POD, "")) {
            String until = pod.path("metadata").path("deletionTimestamp").asText();
            // One that was made for a certain node ends there, see Calls.
            boolean elsewhere = pod.path("spec").has("nodeName");
            if (!until.isEmpty() && !elsewhere && Instant.parse(until).isBefore(Instant.now())) {
                store.delete(POD, namespace(pod), name(pod));
            }
        }
    }

    static String name(JsonNode object) {
        return object.path("metadata").path("name").asText();
    }

    static String namespace(JsonNode object) {
        return object.path("metadata").path("namespace").asText();
    }

    private final Map<String, String> progress = new ConcurrentHashMap<>();

    static List<ObjectNode> owned(Store store, Resource kind, JsonNode owner) {
        return store.list(kind, namespace(owner)).stream()
                .filter(o -> o.path("metadata")
                        .path("ownerReferences")
                        .path(0)
                        .path("uid")
                        .equals(owner.path("metadata").path("uid")))
                .toList();
    }

    private void deployment(ObjectNode deployment) {
        List<ObjectNode> sets = owned(store, SET, deployment);
        JsonNode template = deployment.path("spec").path("template");
        Optional<ObjectNode> same = sets.stream()
                .filter(s -> plain(s.path("spec").path("template")).equals(plain(template)))
                .findFirst();
        int last = sets.stream().mapToInt(Cluster::revision).max().orElse(0);
        ObjectNode now = same.orElseGet(() -> made(deployment, template));
        if (same.isEmpty() || revision(now) < last) {
            now.withObject("/metadata").withObject("/annotations").put(REVISION, Integer.toString(last + 1));
        }
        int wanted = deployment.path("spec").path("replicas").asInt(1);
        ((ObjectNode) now.path("spec")).put("replicas", wanted);
        ObjectNode current = same.isPresent() ? store.update(SET, now) : store.put(SET, now);
        int available = available(current);
        int rest = Math.max(0, wanted - available);
        int all = pods(current);
        int allAvailable = available;
        for (ObjectNode old : sets) {
            if (!name(old).equals(name(current))) {
                int keep = Math.min(rest, old.path("spec").path("replicas").asInt());
                rest -= keep;
                ((ObjectNode) old.path("spec")).put("replicas", keep);
                ObjectNode stored = store.update(SET, old);
                all += pods(stored);
                allAvailable += available(stored);
            }
        }
        status(deployment, current, all, allAvailable);
    }

    private void status(ObjectNode deployment, ObjectNode current, int all, int available) {
        ObjectNode fresh =
                store.get(DEPLOYMENT, namespace(deployment), name(deployment)).orElse(deployment);
        boolean changed = !fresh.path("spec").equals(deployment.path("spec"));
        if (changed) {
            return;
        }
        ObjectNode status = fresh.putObject("status");
        status.put(
                "observedGeneration", fresh.path("metadata").path("generation").asLong());
        status.put("replicas", all);
        status.put("updatedReplicas", pods(current));
        status.put("availableReplicas", available);
        status.put("readyReplicas", available);
        ArrayNode conditions = status.putArray("conditions");
        boolean late = isLate(fresh, pods(current) + "/" + all + "/" + available);
        conditions
                .addObject()
                .put("type", "Progressing")
                .put("status", late ? "False" : "True")
                .put("reason", late ? "ProgressDeadlineExceeded" : "ReplicaSetUpdated")
                .put("message", late ? "ReplicaSet \"" + name(current) + "\" has timed out progressing." : "");
        current.path("status").path("conditions").forEach(c -> conditions.add(c.deepCopy()));
        store.update(DEPLOYMENT, fresh);
    }

    /** Returns whether nothing has changed for longer than the Deployment allows. */
    private boolean isLate(ObjectNode deployment, String state) {
        String key = name(deployment) + " " + deployment.path("metadata").path("generation");
        String now = System.nanoTime() + " " + state;
        String since =
                progress.compute(key, (k, before) -> before == null || !before.endsWith(" " + state) ? now : before);
        long seconds = deployment.path("spec").path("progressDeadlineSeconds").asLong(600);
        return System.nanoTime() - Long.parseLong(since.substring(0, since.indexOf(' '))) > seconds * 1_000_000_000L;
    }

    private ObjectNode made(ObjectNode deployment, JsonNode template) {
        String hash = Integer.toHexString(Objects.hash(plain(template)) & 0xfffffff);
        ObjectNode set = JSON.createObjectNode();
        ObjectNode metadata = set.putObject("metadata");
        metadata.put("name", name(deployment) + "-" + hash).put("namespace", namespace(deployment));
        set.withObject("/metadata")
                .set("labels", template.path("metadata").path("labels").deepCopy());
        metadata.withObject("/labels").put(HASH, hash);
        own(metadata, deployment, "Deployment");
        ObjectNode spec = set.putObject("spec");
        spec.set("selector", deployment.path("spec").path("selector").deepCopy());
        spec.set("template", template.deepCopy());
        spec.withObject("/template/metadata/labels").put(HASH, hash);
        return set;
    }

    private static void own(ObjectNode metadata, JsonNode owner, String kind) {
        metadata.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", owner.path("apiVersion").asText())
                .put("kind", kind)
                .put("name", name(owner))
                .put("controller", true)
                .put("uid", owner.path("metadata").path("uid").asText());
    }

    private static JsonNode plain(JsonNode template) {
        ObjectNode copy = template.deepCopy();
        if (copy.path("metadata").path("labels") instanceof ObjectNode labels) {
            labels.remove(HASH);
        }
        return copy;
    }

    private static int revision(JsonNode set) {
        return set.path("metadata").path("annotations").path(REVISION).asInt();
    }

    private static int available(JsonNode set) {
        return set.path("status").path("availableReplicas").asInt();
    }

    private static int pods(JsonNode set) {
        return set.path("status").path("replicas").asInt();
    }

    private void set(ObjectNode set) {
        List<ObjectNode> mine = new ArrayList<>(
                owned(store, POD, set).stream().filter(pod -> !isEnding(pod)).toList());
        int wanted = set.path("spec").path("replicas").asInt();
        String refused = "";
        while (mine.size() < wanted && refused.isEmpty()) {
            refused = PodSecurity.refusal(store, set)
                    .or(() -> account(set))
                    .or(() -> Quota.refusal(store, namespace(set), name(set) + "-x"))
                    .orElse("");
            if (refused.isEmpty()) {
                mine.add(store.put(POD, pod(set)));
            }
        }
        while (mine.size() > wanted) {
            end(POD, mine.remove(mine.size() - 1));
        }
        int ready = (int) mine.stream().filter(Cluster::isReady).count();
        ObjectNode status = set.putObject("status");
        status.put("replicas", mine.size()).put("readyReplicas", ready).put("availableReplicas", ready);
        if (!refused.isEmpty()) {
            status.putArray("conditions")
                    .addObject()
                    .put("type", "ReplicaFailure")
                    .put("status", "True")
                    .put("reason", "FailedCreate")
                    .put("message", refused);
        }
        store.update(SET, set);
    }

    static boolean isReady(JsonNode pod) {
        return pod.path("status")
                .path("containerStatuses")
                .path(0)
                .path("ready")
                .asBoolean();
    }

    /** Returns the words of the admission plugin ServiceAccount; "default" is in each namespace. */
    private Optional<String> account(ObjectNode set) {
        String name = set.path("spec")
                .path("template")
                .path("spec")
                .path("serviceAccountName")
                .asText("default");
        boolean there = name.equals("default")
                || name.equals("workload-identity")
                || store.get(Resource.ofKind("ServiceAccount"), namespace(set), name)
                        .isPresent();
        return there
                ? Optional.empty()
                : Optional.of("pods \"" + name(set) + "-\" is forbidden: error looking up service account "
                        + namespace(set) + "/" + name + ": serviceaccount \"" + name + "\" not found");
    }

    private ObjectNode pod(ObjectNode set) {
        pods++;
        JsonNode template = set.path("spec").path("template");
        ObjectNode pod = JSON.createObjectNode();
        ObjectNode metadata = pod.putObject("metadata");
        metadata.put("name", name(set) + "-" + Integer.toString(pods + 1000, 36))
                .put("namespace", namespace(set));
        metadata.set("labels", template.path("metadata").path("labels").deepCopy());
        own(metadata, set, "ReplicaSet");
        pod.set("spec", template.path("spec").deepCopy());
        pod.putObject("status").put("phase", "Pending");
        return pod;
    }

    /** Returns the pods behind a Service. */
    static List<ObjectNode> behind(Store store, JsonNode service) {
        Map<String, String> selector = new TreeMap<>();
        service.path("spec")
                .path("selector")
                .properties()
                .forEach(e -> selector.put(e.getKey(), e.getValue().asText()));
        return store.list(POD, namespace(service)).stream()
                .filter(pod -> selector.entrySet().stream().allMatch(e -> pod.path("metadata")
                        .path("labels")
                        .path(e.getKey())
                        .asText()
                        .equals(e.getValue())))
                .filter(Cluster::isReady)
                .filter(pod -> !isEnding(pod))
                .toList();
    }
}
