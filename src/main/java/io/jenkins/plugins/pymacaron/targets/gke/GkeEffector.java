package io.jenkins.plugins.pymacaron.targets.gke;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.EffectException;
import io.jenkins.plugins.pymacaron.operation.Effector;
import io.jenkins.plugins.pymacaron.operation.Lookup;
import io.jenkins.plugins.pymacaron.targets.Expectation;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import io.jenkins.plugins.pymacaron.targets.cloud.Calls;
import java.util.Map;
import java.util.Optional;

/**
 * Applies {@link GkeEffects}s by the Kubernetes API. Each effect can be applied twice with the same result. An undo is found
 * only when its mark is written: that gives the Deployment another version, so that the API server refuses a request for
 * the version before which is carried out late.
 */
final class GkeEffector implements Effector {
    private final GkeClient connection;
    private final SecretValues values;
    private final GkeStateReader reader;
    private final Calls calls = new Calls(GkeFailureMapper::of);

    GkeEffector(GkeClient connection, SecretValues values, GkeStateReader reader) {
        this.reader = reader;
        this.connection = connection;
        this.values = values;
    }

    @Override
    public Lookup find(Effect effect) throws InterruptedException {
        try {
            KubernetesApi api = connection.api();
            return calls.look(() -> found(api, effect, GkeEffects.of(effect)));
        } catch (TargetException e) {
            return Lookup.unknown(e.getMessage());
        }
    }

    private Lookup found(KubernetesApi api, Effect effect, GkeEffects act) {
        if (Expectation.isOf(effect)) {
            ReplicaSetRevisions now = compared(api, effect);
            if (isOver(effect, act, now)) {
                return Lookup.present(Map.of());
            }
            if (marks(act) && !Expectation.isFenced(effect, now.mark())) {
                // Another operation may have come to the same state: applying this effect says so.
                return effect.fencedUntil().isPresent() && reached(api, act) instanceof Lookup.Present
                        ? Lookup.UNFENCED
                        : Lookup.ABSENT;
            }
        }
        return reached(api, act);
    }

    private Lookup reached(KubernetesApi api, GkeEffects act) {
        return switch (act.verb()) {
            case GkeEffects.APPLY -> {
                ObjectNode wanted = act.manifest().orElseThrow();
                yield reached(api.find(act.kind(), act.name())
                        .filter(there -> AdmissionChanges.isAsApplied(there, wanted))
                        .isPresent());
            }
            case GkeEffects.DELETE -> reached(api.find(act.kind(), act.name()).isEmpty());
            case GkeEffects.TEMPLATE -> reached(revisions(api, act).wanted().equals(act.deployment()));
            case GkeEffects.SERVES -> reached(reader.inTheWay(api, act).isEmpty());
            case GkeEffects.ENDED -> reached(reader.answering(api, act.name()).isEmpty());
            case GkeEffects.FORGET ->
                reached(revisions(api, act).of(act.deployment()).isEmpty());
            case GkeEffects.ADDRESS ->
                new LoadBalancer(act.kind(), act.name())
                        .address(api)
                        .map(ip -> Lookup.present(Map.of(GkeEffects.ADDRESS, ip)))
                        .orElse(Lookup.ABSENT);
            default -> throw new IllegalArgumentException(act.verb());
        };
    }

    /** Returns the names of what it compares: of the environment, or of the canary. */
    private GkeNames names(Effect effect) {
        String deployment = effect.args().getOrDefault(GkeEffects.COMPARED, connection.deployment());
        return new GkeNames(connection.namespace(), deployment, "");
    }

    /** Reads the deployment whose template the compared Deployment has, and the operation that set it. */
    private ReplicaSetRevisions compared(KubernetesApi api, Effect effect) {
        return ReplicaSetRevisions.read(api, connection.environment(), "", names(effect));
    }

    /** Returns the mark. Without a Deployment, no other operation can have left a mark. */
    private static String mark(ReplicaSetRevisions now, Effect effect) {
        return now.deployment().isPresent()
                ? now.mark()
                : Expectation.mark(effect).orElse("");
    }

    /** Returns whether it writes its mark. */
    private static boolean marks(GkeEffects act) {
        return act.kind() == Kind.DEPLOYMENT
                && !act.verb().equals(GkeEffects.DELETE)
                && !act.verb().equals(GkeEffects.ENDED);
    }

    private static boolean isOver(Effect effect, GkeEffects act, ReplicaSetRevisions now) {
        return !isLost(act, now.owner()) && Expectation.isOver(effect, now.owner(), mark(now, effect));
    }

    /**
     * Returns whether the Deployment is gone, so that its template cannot be restored: no other deployment has come,
     * nothing serves.
     */
    private static boolean isLost(GkeEffects act, String owner) {
        return act.verb().equals(GkeEffects.TEMPLATE) && owner.equals(GkeDeployParameters.NO_OWNER);
    }

    private static Lookup reached(boolean there) {
        return there ? Lookup.present(Map.of()) : Lookup.ABSENT;
    }

    private ReplicaSetRevisions revisions(KubernetesApi api, GkeEffects act) {
        return ReplicaSetRevisions.read(
                api, connection.environment(), "", new GkeNames(connection.namespace(), act.name(), ""));
    }

    @Override
    public Map<String, String> apply(Effect effect) throws EffectException, InterruptedException {
        GkeEffects act = GkeEffects.of(effect);
        KubernetesApi api;
        try {
            api = connection.api();
        } catch (TargetException e) {
            throw EffectException.retry(e.getMessage());
        }
        return calls.change(() -> {
            // Read before the comparison: an object that changes after it has another version, and is left alone.
            // A ReplicaSet is found in a list: the documented rights of the login have no get of one.
            Optional<ObjectNode> there = Expectation.isOf(effect) && act.kind() != Kind.REPLICA_SET
                    ? api.get(act.kind(), act.name())
                    : Optional.empty();
            if (Expectation.isOf(effect)) {
                ReplicaSetRevisions now = compared(api, effect);
                if (isLost(act, now.owner())) {
                    throw EffectException.rejected("Deployment " + act.name() + " was deleted meanwhile, and nothing"
                            + " serves: deploy again");
                }
                String subject = "Deployment " + names(effect).deployment();
                if (!Expectation.holds(effect, subject, now.owner(), mark(now, effect))) {
                    return Map.of();
                }
            }
            Optional<String> mark = Expectation.mark(effect);
            switch (act.verb()) {
                case GkeEffects.APPLY -> apply(api, act, there, mark);
                case GkeEffects.DELETE -> delete(api, act, there);
                case GkeEffects.TEMPLATE -> template(api, act, there, mark);
                case GkeEffects.SERVES -> awaitServing(api, act);
                case GkeEffects.ENDED -> awaitEnded(api, act);
                case GkeEffects.FORGET -> forget(api, act);
                case GkeEffects.ADDRESS -> {
                    return Map.of(GkeEffects.ADDRESS, address(api, new LoadBalancer(act.kind(), act.name())));
                }
                default -> throw new IllegalArgumentException(act.verb());
            }
            return Map.of();
        });
    }

    /**
     * Applies a manifest.
     *
     * @param compared the object that was compared; empty where there was none, or nothing is compared
     */
    private void apply(KubernetesApi api, GkeEffects act, Optional<ObjectNode> compared, Optional<String> mark)
            throws EffectException {
        ObjectNode manifest = act.manifest().orElseThrow().deepCopy();
        Optional<ObjectNode> there = compared.isPresent() ? compared : api.get(act.kind(), act.name());
        if (there.filter(KubernetesApi::isBeingDeleted).isPresent()) {
            // An apply would change an object that is about to go: the load balancer of an Ingress, for instance, takes
            // minutes.
            throw EffectException.retry(act.kind().title() + " " + act.name() + " is still being deleted");
        }
        if (act.kind() == Kind.DEPLOYMENT) {
            Optional<ObjectNode> taken = there.flatMap(t -> Takeover.of(t, manifest, values.removal()))
                    .map(object -> api.replace(Kind.DEPLOYMENT, object));
            there = taken.isPresent() ? taken : there;
            mark.ifPresent(text -> note(manifest, text));
        }
        if (compared.isPresent()) {
            there.ifPresent(object -> KubernetesApi.pin(manifest, object));
        }
        api.apply(act.kind(), act.kind() == Kind.SECRET ? values.into(manifest) : manifest);
    }

    /** Notes the operation and the file that have changed it. */
    private void note(ObjectNode manifest, String mark) {
        manifest.withObject("/metadata")
                .withObject("/annotations")
                .put(GkeMetadata.LIVE, mark)
                .put(GkeMetadata.FILE, connection.file());
    }

    /** Deletes an object only if it is ours: a name alone proves nothing. */
    private void delete(KubernetesApi api, GkeEffects act, Optional<ObjectNode> compared) throws EffectException {
        Optional<ObjectNode> there = (compared.isPresent() ? compared : api.get(act.kind(), act.name()))
                .filter(object -> !KubernetesApi.isBeingDeleted(object));
        if (there.isPresent()) {
            String environment = JsonTree.at(there.get(), "metadata", "labels", GkeMetadata.ENVIRONMENT);
            if (!environment.equals(GkeNames.label(connection.environment()))) {
                throw EffectException.rejected(act.kind().title() + " " + act.name() + " is not ours");
            }
            api.delete(act.kind(), there.get());
        }
    }

    /**
     * Sets an earlier template, as kubectl rollout undo does, but with the manager of our own applies: otherwise fields
     * that only the old template has would never go away again.
     */
    private void template(KubernetesApi api, GkeEffects act, Optional<ObjectNode> compared, Optional<String> mark)
            throws EffectException {
        ReplicaSetRevisions revisions = revisions(api, act);
        ObjectNode set = revisions
                .of(act.deployment())
                .orElseThrow(() -> EffectException.rejected("the ReplicaSet of " + act.deployment() + " is gone"));
        ObjectNode there = compared.or(revisions::deployment).orElseThrow();
        ObjectNode wanted = JsonTree.object();
        wanted.put("apiVersion", Kind.DEPLOYMENT.apiVersion()).put("kind", Kind.DEPLOYMENT.title());
        ObjectNode metadata = wanted.putObject("metadata").put("name", act.name());
        metadata.put("namespace", connection.namespace());
        metadata.set("labels", there.path("metadata").path("labels"));
        ObjectNode spec = there.path("spec").deepCopy();
        if (!Takeover.ownsReplicas(there)) {
            spec.remove("replicas");
        }
        ObjectNode template = set.path("spec").path("template").deepCopy();
        ObjectNode below = (ObjectNode) template.path("metadata");
        below.remove("creationTimestamp");
        ((ObjectNode) below.path("labels")).remove(GkeMetadata.TEMPLATE_HASH);
        spec.set("template", template);
        wanted.set("spec", spec);
        mark.ifPresent(text -> note(wanted, text));
        compared.ifPresent(object -> KubernetesApi.pin(wanted, object));
        api.apply(Kind.DEPLOYMENT, wanted);
    }

    /** Waits until the template serves; the driver tries again until the effect's time is over. */
    private void awaitServing(KubernetesApi api, GkeEffects act) throws EffectException, InterruptedException {
        Optional<String> inTheWay = reader.awaitWay(api, act);
        if (inTheWay.isPresent()) {
            throw EffectException.retry(inTheWay.get());
        }
    }

    /** Waits until no pod answers; the driver tries again until the effect's time is over. */
    private void awaitEnded(KubernetesApi api, GkeEffects act) throws EffectException, InterruptedException {
        if (api.get(Kind.DEPLOYMENT, act.name())
                .filter(there -> !KubernetesApi.isBeingDeleted(there))
                .isPresent()) {
            throw EffectException.rejected("Deployment " + act.name() + " was not deleted, so its pods do not end");
        }
        Optional<String> pod = reader.awaitEnd(api, act.name());
        if (pod.isPresent()) {
            throw EffectException.retry("pod " + pod.get() + " still answers");
        }
    }

    /**
     * Deletes a ReplicaSet. The pods of a deployment end at once with their ReplicaSet, even if no others answer; so
     * the ReplicaSet must have no pods before. A later deployment may use it again: then it has another version.
     */
    private void forget(KubernetesApi api, GkeEffects act) throws EffectException {
        ReplicaSetRevisions revisions = revisions(api, act);
        for (ObjectNode set : revisions.all(act.deployment())) {
            if (revisions.wanted().equals(act.deployment())) {
                throw EffectException.rejected("Deployment " + act.name() + " still has its template");
            }
            if (set.path("spec").path("replicas").asInt() > 0) {
                throw EffectException.retry(
                        "its pods are still needed, as long as no others of Deployment " + act.name() + " are ready");
            }
            api.delete(Kind.REPLICA_SET, set);
        }
    }

    private String address(KubernetesApi api, LoadBalancer balancer) throws EffectException {
        Optional<String> found = balancer.address(api);
        if (found.isEmpty()) {
            throw EffectException.retry(balancer + " has no address yet" + reader.trouble(api, balancer));
        }
        return found.get();
    }
}
