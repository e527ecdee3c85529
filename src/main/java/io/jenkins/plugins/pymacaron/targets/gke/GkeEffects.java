package io.jenkins.plugins.pymacaron.targets.gke;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.operation.Effect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One change of one object, as operations keep it in their parameters.
 *
 * @param verb see the constants
 * @param manifest the manifest to apply, for {@link #APPLY}
 * @param deployment the id of a deployment, for {@link #TEMPLATE}, {@link #SERVES} and {@link #FORGET}; else ""
 */
record GkeEffects(
        String verb, Kind kind, String name, Optional<ObjectNode> manifest, String deployment, String sentence) {
    /** The object is as the manifest says. */
    static final String APPLY = "apply";

    /** The object is gone. */
    static final String DELETE = "delete";

    /** The Deployment has the template of an earlier deployment, which its ReplicaSet has kept. */
    static final String TEMPLATE = "template";

    /** The rollout of a restored template is over, and no pod of another one answers: nothing is changed. */
    static final String SERVES = "serves";

    /** No pod of a deleted Deployment answers any more: nothing is changed. */
    static final String ENDED = "ended";

    /** The ReplicaSet of a deployment that does not serve is gone. */
    static final String FORGET = "forget";

    /** The address of the Ingress or Gateway is known: nothing is changed, but the operation needs it. */
    static final String ADDRESS = "address";

    /**
     * The API shows a change at once when it has answered. A request whose answer was lost may be carried out later, but
     * it names the version of the object that it changes, which an undo changes too.
     */
    private static final Duration SETTLE = Duration.ofSeconds(5);

    /**
     * An undo changes the version of no object but the Deployment, and a creation names no version. Such a request is
     * awaited: the API server ends each request after a minute (kube-apiserver, {@code --request-timeout}, default
     * {@code 1m0s}).
     */
    static final Duration AWAITED = Duration.ofSeconds(65);

    /** GKE takes minutes to make a load balancer. */
    private static final Duration ADDRESS_WITHIN = Duration.ofMinutes(20);

    /** Pods of a deleted Deployment end after their grace period, and are found by the garbage collector before. */
    private static final Duration ENDED_WITHIN = Duration.ofMinutes(10);

    private static final String MANIFEST = "manifest";
    private static final String KIND = "kind";
    private static final String NAME = "name";
    static final String DEPLOYMENT = "deployment";

    /** See {@link #compared}. */
    static final String COMPARED = "compared";

    static GkeEffects apply(Kind kind, ObjectNode manifest, String sentence) {
        ObjectNode marked = manifest.deepCopy();
        ObjectNode metadata = (ObjectNode) marked.get("metadata");
        metadata.withObject("/annotations").put(GkeMetadata.APPLIED, JsonTree.hash(manifest));
        return new GkeEffects(
                APPLY, kind, JsonTree.at(manifest, "metadata", "name"), Optional.of(marked), "", sentence);
    }

    static GkeEffects delete(Kind kind, String name) {
        return new GkeEffects(DELETE, kind, name, Optional.empty(), "", "delete " + kind.title() + " " + name);
    }

    static GkeEffects ended(String name) {
        return new GkeEffects(
                ENDED,
                Kind.DEPLOYMENT,
                name,
                Optional.empty(),
                "",
                "see that no pod of Deployment " + name + " answers any more");
    }

    static GkeEffects template(String name, String deployment) {
        return new GkeEffects(
                TEMPLATE,
                Kind.DEPLOYMENT,
                name,
                Optional.empty(),
                deployment,
                "give Deployment " + name + " the template of " + deployment + " again");
    }

    static GkeEffects serves(String name, String deployment) {
        return new GkeEffects(
                SERVES,
                Kind.DEPLOYMENT,
                name,
                Optional.empty(),
                deployment,
                "see that only " + deployment + " serves in Deployment " + name);
    }

    static GkeEffects forget(String name, String deployment) {
        return new GkeEffects(
                FORGET, Kind.REPLICA_SET, name, Optional.empty(), deployment, "delete the ReplicaSet of " + deployment);
    }

    static GkeEffects address(LoadBalancer balancer) {
        return new GkeEffects(
                ADDRESS, balancer.kind(), balancer.name(), Optional.empty(), "", "learn the address of " + balancer);
    }

    /** Returns the effect, which compares its expectation with a Deployment; without this, with the one that serves. */
    static Effect compared(Effect effect, String deployment) {
        Map<String, String> args = new HashMap<>(effect.args());
        args.put(COMPARED, deployment);
        return new Effect(effect.key(), effect.verb(), args, effect.settle(), effect.within(), effect.sentence());
    }

    boolean deletesDeployment() {
        return verb.equals(DELETE) && kind == Kind.DEPLOYMENT;
    }

    Effect effect() {
        String key = verb + ":" + kind.title() + "/" + name + (deployment.isEmpty() ? "" : "/" + deployment);
        Map<String, String> args = Map.of(
                KIND,
                kind.name(),
                NAME,
                name,
                DEPLOYMENT,
                deployment,
                MANIFEST,
                manifest.map(JsonTree::text).orElse(""));
        Duration settle = verb.equals(APPLY) && kind != Kind.DEPLOYMENT ? AWAITED : SETTLE;
        Effect effect = new Effect(key, verb, args, settle, sentence);
        if (verb.equals(ENDED)) {
            return effect.within(ENDED_WITHIN);
        }
        // A deletion of a load balancer in progress takes as long as its creation.
        return verb.equals(ADDRESS) || kind == Kind.INGRESS || kind == Kind.GATEWAY
                ? effect.within(ADDRESS_WITHIN)
                : effect;
    }

    /** Returns the effect for a Deployment that does not exist yet. */
    Effect creation() {
        return settled(AWAITED);
    }

    /** Returns the effect for an undo: to carry it out twice is the same as once, so a lost request is not awaited. */
    Effect repeatable() {
        return settled(SETTLE);
    }

    private Effect settled(Duration settle) {
        Effect effect = effect();
        return new Effect(effect.key(), effect.verb(), effect.args(), settle, effect.within(), effect.sentence());
    }

    static GkeEffects of(Effect effect) {
        Map<String, String> args = effect.args();
        return new GkeEffects(
                effect.verb(),
                Kind.valueOf(args.get(KIND)),
                args.get(NAME),
                Optional.of(args.get(MANIFEST)).filter(m -> !m.isEmpty()).map(JsonTree::parse),
                args.get(DEPLOYMENT),
                effect.sentence());
    }

    static String write(List<GkeEffects> acts) {
        return JsonTree.text(JsonTree.of(acts.stream()
                .map(act -> Map.of(
                        "verb",
                        act.verb,
                        KIND,
                        act.kind.name(),
                        NAME,
                        act.name,
                        MANIFEST,
                        act.manifest.<JsonNode>map(m -> m).orElseGet(JsonTree::object),
                        DEPLOYMENT,
                        act.deployment,
                        "sentence",
                        act.sentence))
                .toList()));
    }

    static List<GkeEffects> read(String json) {
        List<GkeEffects> acts = new ArrayList<>();
        ArrayNode list = (ArrayNode) JsonTree.parse("{\"acts\":" + json + "}").get("acts");
        for (JsonNode act : list) {
            acts.add(new GkeEffects(
                    JsonTree.at(act, "verb"),
                    Kind.valueOf(JsonTree.at(act, KIND)),
                    JsonTree.at(act, NAME),
                    Optional.of((ObjectNode) act.get(MANIFEST)).filter(m -> !m.isEmpty()),
                    JsonTree.at(act, DEPLOYMENT),
                    JsonTree.at(act, "sentence")));
        }
        return acts;
    }
}
