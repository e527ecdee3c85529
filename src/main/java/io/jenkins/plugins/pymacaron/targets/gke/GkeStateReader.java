package io.jenkins.plugins.pymacaron.targets.gke;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.jenkins.plugins.pymacaron.operation.EffectException;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.LiveUnchangedCheck;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads the facts that {@link GkeDeployOperation} waits for. While nothing changes, a read waits on a watch, so that a
 * change is seen as soon as the API server reports it.
 */
final class GkeStateReader {
    /** Shorter than the time limit of an observer for one read. */
    private static final Duration WATCH = Duration.ofSeconds(10);

    private final Environment environment;
    private final VersionProver prover;
    private final Map<GkeWaitConditions, Map<String, String>> seen = new ConcurrentHashMap<>();

    GkeStateReader(Environment environment, VersionProver prover) {
        this.environment = environment;
        this.prover = prover;
    }

    Map<String, String> read(KubernetesApi api, GkeWaitConditions subject) throws InterruptedException {
        Look look = new Look(api, subject);
        if (look.facts.containsKey(GkeDeployOperation.PROGRESS) && look.facts.equals(seen.get(subject))) {
            api.awaitChange(List.of(look.deployments, look.pods), WATCH);
            look = new Look(api, subject);
        }
        seen.put(subject, look.facts);
        if (look.facts.containsKey(GkeDeployOperation.OTHER)
                || look.facts.containsKey(GkeDeployOperation.FAILED)
                || look.facts.containsKey(GkeDeployOperation.PROGRESS)) {
            return look.facts;
        }
        Map<String, String> facts = new HashMap<>(look.facts);
        facts.putAll(prover.prove(api, subject));
        return facts;
    }

    /**
     * Returns the reason why it is not certain that a Deployment serves only the restored template; empty once it is
     * certain. It is certain when its rollout is over, and no pod of another template is ready, ending or not. A pod
     * that ends still answers requests that reach it, and a Service uses it where it has no other (Kubernetes,
     * "EndpointSlices": {@code serving} is the Ready condition of a pod, even if it is {@code terminating}; KEP-1669 on
     * the users of such endpoints). A pod whose node is lost is not ready: the node controller says so, and it is not
     * waited for.
     */
    Optional<String> inTheWay(KubernetesApi api, GkeEffects act) {
        return look(api, act).inTheWay();
    }

    /**
     * Returns the same as {@link #inTheWay}, after the next change where there is a reason.
     *
     * @throws EffectException when it has another template, so that waiting does not help
     */
    Optional<String> awaitWay(KubernetesApi api, GkeEffects act) throws InterruptedException, EffectException {
        Look look = look(api, act);
        if (look.inTheWay().isPresent()) {
            api.awaitChange(List.of(look.deployments, look.pods), WATCH);
            look = look(api, act);
        }
        if (look.facts.containsKey(GkeDeployOperation.OTHER)) {
            throw EffectException.rejected(look.inTheWay().orElseThrow());
        }
        return look.inTheWay();
    }

    /**
     * Returns the name of a pod that still answers, of a Deployment that is deleted; empty if there is none. A pod names
     * the ReplicaSet that made it, even after that is gone, and a ReplicaSet is called as its Deployment and the hash of
     * its template (kubernetes, pkg/controller/deployment/sync.go, {@code getNewReplicaSet}).
     */
    Optional<String> answering(KubernetesApi api, String deployment) {
        return answering(api.list(Kind.POD, Map.of()), deployment);
    }

    /** Returns the same as {@link #answering(KubernetesApi, String)}, after the next change where there is such a pod. */
    Optional<String> awaitEnd(KubernetesApi api, String deployment) throws InterruptedException {
        KubernetesApi.Listing pods = api.list(Kind.POD, Map.of());
        if (answering(pods, deployment).isPresent()) {
            api.awaitChange(List.of(pods), WATCH);
            return answering(api, deployment);
        }
        return Optional.empty();
    }

    private static Optional<String> answering(KubernetesApi.Listing pods, String deployment) {
        return pods.items().stream()
                .filter(pod -> ReplicaSetRevisions.ownerName(pod)
                        .equals(deployment + "-" + JsonTree.at(pod, "metadata", "labels", GkeMetadata.TEMPLATE_HASH)))
                .filter(KubernetesApi::isReady)
                .map(pod -> JsonTree.at(pod, "metadata", "name"))
                .findFirst();
    }

    private Look look(KubernetesApi api, GkeEffects act) {
        return new Look(api, new GkeWaitConditions(act.name(), act.deployment(), "", ""));
    }

    /** One read. */
    private final class Look {
        private final KubernetesApi api;
        private final GkeWaitConditions subject;
        private final KubernetesApi.Listing deployments;
        private final KubernetesApi.Listing pods;
        private final Map<String, String> facts;

        /** The hash of the template that it looks for; "" where there is none. */
        private String hash = "";

        Look(KubernetesApi api, GkeWaitConditions subject) {
            this.api = api;
            this.subject = subject;
            this.deployments = api.list(Kind.DEPLOYMENT, Map.of());
            Optional<ObjectNode> deployment = deployments.items().stream()
                    .filter(d -> subject.deployment().equals(JsonTree.at(d, "metadata", "name")))
                    .filter(d -> !KubernetesApi.isBeingDeleted(d))
                    .findFirst();
            this.pods = api.list(
                    Kind.POD, deployment.map(GkeDeployPlanner::selector).orElse(Map.of("app", subject.deployment())));
            this.facts = deployment.map(this::facts).orElse(Map.of(GkeDeployOperation.FAILED, "is gone"));
        }

        private Map<String, String> facts(ObjectNode deployment) {
            JsonNode spec = deployment.path("spec");
            JsonNode status = deployment.path("status");
            if (status.path("observedGeneration").asLong()
                    < deployment.path("metadata").path("generation").asLong()) {
                return Map.of(GkeDeployOperation.PROGRESS, "the change was not noticed yet");
            }
            ReplicaSetRevisions revisions =
                    ReplicaSetRevisions.read(api, environment.label(), "", new GkeNames("", subject.deployment(), ""));
            if (!revisions.wanted().equals(subject.id())) {
                return Map.of(
                        GkeDeployOperation.OTHER,
                        revisions.wanted() + ", which runs " + ReplicaSetRevisions.digest(spec.path("template")) + ",");
            }
            Optional<ObjectNode> set = revisions.of(subject.id());
            hash = set.map(s -> JsonTree.at(s, "metadata", "labels", GkeMetadata.TEMPLATE_HASH))
                    .orElse("");
            List<ObjectNode> mine = pods.items().stream()
                    .filter(this::isMine)
                    .filter(pod -> !pod.path("metadata").has("deletionTimestamp"))
                    .toList();
            int wanted = spec.path("replicas").asInt(1);
            int updated = status.path("updatedReplicas").asInt();
            int all = status.path("replicas").asInt();
            int available = status.path("availableReplicas").asInt();
            if (updated >= wanted && all <= updated && available >= updated && set.isPresent()) {
                return digest(mine, set.get());
            }
            PodTroubles troubles = new PodTroubles(api, environment);
            String waits = condition(status, "ReplicaFailure", "True")
                    .map(why -> "its pods cannot be made: " + why)
                    .or(() -> troubles.passing(mine).map(why -> "it " + why))
                    .map(why -> "; " + why)
                    .orElse("");
            Optional<String> trouble = troubles.of(mine).or(() -> condition(status, "Progressing", "False")
                    .map(why -> "makes no progress: " + why + waits));
            return trouble.map(t -> Map.of(GkeDeployOperation.FAILED, t))
                    .orElse(Map.of(
                            GkeDeployOperation.PROGRESS,
                            updated + " of " + wanted + " pods are new, " + available + " of " + all + " are available"
                                    + waits));
        }

        Optional<String> inTheWay() {
            if (facts.containsKey(GkeDeployOperation.OTHER)) {
                return Optional.of("it is of " + facts.get(GkeDeployOperation.OTHER) + " by now");
            }
            if (facts.containsKey(GkeDeployOperation.FAILED)) {
                return Optional.of("it " + facts.get(GkeDeployOperation.FAILED));
            }
            return Optional.ofNullable(facts.get(GkeDeployOperation.PROGRESS)).or(() -> pods.items().stream()
                    .filter(pod -> !isMine(pod))
                    .filter(KubernetesApi::isReady)
                    .map(pod -> "pod " + JsonTree.at(pod, "metadata", "name") + " of another template still answers")
                    .findFirst());
        }

        private boolean isMine(ObjectNode pod) {
            return !hash.isEmpty() && hash.equals(JsonTree.at(pod, "metadata", "labels", GkeMetadata.TEMPLATE_HASH));
        }

        private static Map<String, String> digest(List<ObjectNode> pods, ObjectNode set) {
            List<String> digests =
                    pods.stream().map(ReplicaSetRevisions::digest).distinct().toList();
            return Map.of(
                    GkeDeployOperation.DIGEST,
                    digests.isEmpty()
                            ? ReplicaSetRevisions.digest(set.path("spec").path("template"))
                            : String.join(" and ", digests));
        }

        /**
         * Returns the message of a condition. {@code ReplicaFailure} alone is no end: a quota clears as pods end, and
         * kubectl rollout status gives up at the progress deadline only (kubernetes/kubectl,
         * {@code pkg/polymorphichelpers/rollout_status.go}).
         */
        private static Optional<String> condition(JsonNode status, String type, String value) {
            for (JsonNode condition : status.path("conditions")) {
                if (JsonTree.at(condition, "type").equals(type)
                        && JsonTree.at(condition, "status").equals(value)) {
                    return Optional.of(JsonTree.at(condition, "message"));
                }
            }
            return Optional.empty();
        }
    }

    /** Returns what a load balancer reports about itself, as the end of a sentence. */
    String trouble(KubernetesApi api, LoadBalancer balancer) {
        return prover.trouble(api, balancer);
    }

    /** Returns the facts about an environment. */
    Map<String, String> environment(KubernetesApi api, GkeNames names) {
        return ReplicaSetRevisions.read(api, environment.label(), "", names)
                .serving()
                .map(set -> Map.of(
                        LiveUnchangedCheck.DEPLOYMENT,
                        ReplicaSetRevisions.isOurs(set)
                                ? JsonTree.at(
                                        set.path("spec").path("template").path("metadata"),
                                        "annotations",
                                        GkeMetadata.ID)
                                : ReplicaSetRevisions.id(set)))
                .orElse(Map.of());
    }

    /** Returns the facts of an error, which tell whether a later read may succeed. */
    static Map<String, String> error(KubernetesClientException e) {
        return Map.of(LiveUnchangedCheck.ERROR, GkeFailureMapper.of(e).message());
    }
}
