package io.jenkins.plugins.pymacaron.target.gke;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.jenkins.plugins.pymacaron.operation.EffectException;
import io.jenkins.plugins.pymacaron.target.Environment;
import io.jenkins.plugins.pymacaron.target.Unchanged;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sees what {@link Roll} waits for. While nothing changes, reading waits on a watch, so that a change is seen as soon as
 * the API server tells it.
 */
final class RolloutReader {
    /** Shorter than an observer's patience with one reading. */
    private static final Duration WATCH = Duration.ofSeconds(10);

    private final Environment environment;
    private final Prover prover;
    private final Map<RolloutSubject, Map<String, String>> seen = new ConcurrentHashMap<>();

    RolloutReader(Environment environment, Prover prover) {
        this.environment = environment;
        this.prover = prover;
    }

    Map<String, String> read(Api api, RolloutSubject subject) throws InterruptedException {
        Look look = new Look(api, subject);
        if (look.facts.containsKey(Roll.PROGRESS) && look.facts.equals(seen.get(subject))) {
            api.awaitChange(List.of(look.deployments, look.pods), WATCH);
            look = new Look(api, subject);
        }
        seen.put(subject, look.facts);
        if (look.facts.containsKey(Roll.OTHER)
                || look.facts.containsKey(Roll.FAILED)
                || look.facts.containsKey(Roll.PROGRESS)) {
            return look.facts;
        }
        Map<String, String> facts = new HashMap<>(look.facts);
        facts.putAll(prover.prove(api, subject));
        return facts;
    }

    /**
     * Why it is not certain that a Deployment serves nothing but what it was given back; empty once it is. Its rollout is
     * over, and no pod of another template is ready, ending or not: one that ends answers what reaches it, and a Service
     * turns to it where it has no other (Kubernetes, "EndpointSlices": {@code serving} is the Ready condition of a pod,
     * whether or not it is {@code terminating}; KEP-1669 on who uses such endpoints). A pod whose node is lost is not ready:
     * the node controller says so, and it is not waited for.
     */
    Optional<String> inTheWay(Api api, Act act) {
        return look(api, act).inTheWay();
    }

    /**
     * As {@link #inTheWay}, after the next change where there is something.
     *
     * @throws EffectException when it has another template, so that waiting is no use
     */
    Optional<String> awaitWay(Api api, Act act) throws InterruptedException, EffectException {
        Look look = look(api, act);
        if (look.inTheWay().isPresent()) {
            api.awaitChange(List.of(look.deployments, look.pods), WATCH);
            look = look(api, act);
        }
        if (look.facts.containsKey(Roll.OTHER)) {
            throw EffectException.rejected(look.inTheWay().orElseThrow());
        }
        return look.inTheWay();
    }

    private Look look(Api api, Act act) {
        return new Look(api, new RolloutSubject(act.name(), act.deployment(), "", ""));
    }

    /** One reading. */
    private final class Look {
        private final Api api;
        private final RolloutSubject subject;
        private final Api.Listing deployments;
        private final Api.Listing pods;
        private final Map<String, String> facts;

        /** Of the template that it looks for; "" where there is none. */
        private String hash = "";

        Look(Api api, RolloutSubject subject) {
            this.api = api;
            this.subject = subject;
            this.deployments = api.list(Kind.DEPLOYMENT, Map.of());
            Optional<ObjectNode> deployment = deployments.items().stream()
                    .filter(d -> subject.deployment().equals(Tree.at(d, "metadata", "name")))
                    .filter(d -> !Api.isBeingDeleted(d))
                    .findFirst();
            this.pods =
                    api.list(Kind.POD, deployment.map(Rollouts::selector).orElse(Map.of("app", subject.deployment())));
            this.facts = deployment.map(this::facts).orElse(Map.of(Roll.FAILED, "is gone"));
        }

        private Map<String, String> facts(ObjectNode deployment) {
            JsonNode spec = deployment.path("spec");
            JsonNode status = deployment.path("status");
            if (status.path("observedGeneration").asLong()
                    < deployment.path("metadata").path("generation").asLong()) {
                return Map.of(Roll.PROGRESS, "the change was not noticed yet");
            }
            Revisions revisions = Revisions.read(api, environment.label(), "", new Names("", subject.deployment(), ""));
            if (!revisions.wanted().equals(subject.id())) {
                return Map.of(
                        Roll.OTHER,
                        revisions.wanted() + ", which runs " + Revisions.digest(spec.path("template")) + ",");
            }
            Optional<ObjectNode> set = revisions.of(subject.id());
            hash = set.map(s -> Tree.at(s, "metadata", "labels", Marks.TEMPLATE_HASH))
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
            return trouble.map(t -> Map.of(Roll.FAILED, t))
                    .orElse(Map.of(
                            Roll.PROGRESS,
                            updated + " of " + wanted + " pods are new, " + available + " of " + all + " are available"
                                    + waits));
        }

        Optional<String> inTheWay() {
            if (facts.containsKey(Roll.OTHER)) {
                return Optional.of("it is of " + facts.get(Roll.OTHER) + " by now");
            }
            if (facts.containsKey(Roll.FAILED)) {
                return Optional.of("it " + facts.get(Roll.FAILED));
            }
            return Optional.ofNullable(facts.get(Roll.PROGRESS)).or(() -> pods.items().stream()
                    .filter(pod -> !isMine(pod))
                    .filter(Api::isReady)
                    .map(pod -> "pod " + Tree.at(pod, "metadata", "name") + " of another template still answers")
                    .findFirst());
        }

        private boolean isMine(ObjectNode pod) {
            return !hash.isEmpty() && hash.equals(Tree.at(pod, "metadata", "labels", Marks.TEMPLATE_HASH));
        }

        private static Map<String, String> digest(List<ObjectNode> pods, ObjectNode set) {
            List<String> digests =
                    pods.stream().map(Revisions::digest).distinct().toList();
            return Map.of(
                    Roll.DIGEST,
                    digests.isEmpty()
                            ? Revisions.digest(set.path("spec").path("template"))
                            : String.join(" and ", digests));
        }

        /**
         * The message of a condition. {@code ReplicaFailure} alone is no end: a quota clears as pods end, and kubectl
         * rollout status gives up at the progress deadline only (kubernetes/kubectl, {@code pkg/polymorphichelpers/rollout_status.go}).
         */
        private static Optional<String> condition(JsonNode status, String type, String value) {
            for (JsonNode condition : status.path("conditions")) {
                if (Tree.at(condition, "type").equals(type)
                        && Tree.at(condition, "status").equals(value)) {
                    return Optional.of(Tree.at(condition, "message"));
                }
            }
            return Optional.empty();
        }
    }

    /** What is to be known of an environment. */
    Map<String, String> environment(Api api, Names names) {
        return Revisions.read(api, environment.label(), "", names)
                .serving()
                .map(set -> Map.of(
                        Unchanged.DEPLOYMENT,
                        Revisions.isOurs(set)
                                ? Tree.at(set.path("spec").path("template").path("metadata"), "annotations", Marks.ID)
                                : Revisions.id(set)))
                .orElse(Map.of());
    }

    /** Whether an API server that says this may say something else later. */
    static Map<String, String> error(KubernetesClientException e) {
        return Map.of(Unchanged.ERROR, Failures.of(e).message());
    }
}
