package io.jenkins.plugins.pymacaron.targets.gke;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.config.GkeKeys;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.gke.GkeDeployParameters.Back;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Settles, before anything happens, the changes of a deployment and their undo. */
final class GkeDeployPlanner {
    /** A sentence of a plan names this many differences. */
    private static final int SHOWN = 8;

    private final Environment environment;
    private final GkeNames names;
    private final KubernetesApi api;
    private final boolean pulls;

    /** Makes the planner. @param pulls whether the nodes need a login to the registry */
    GkeDeployPlanner(Environment environment, KubernetesApi api, boolean pulls) {
        this.environment = environment;
        this.names = GkeNames.of(environment);
        this.api = api;
        this.pulls = pulls;
    }

    /**
     * Returns the canary: one pod of its own behind a Service of its own, which shows that the candidate runs as live
     * would. The objects that an earlier run has left under their names become this run's, so its undo deletes all of
     * them.
     *
     * @param left the canary of an earlier run, if there is one
     */
    GkeDeployParameters canary(Candidate candidate, ReplicaSetRevisions left) {
        GkeNames canary = names.canary();
        DeploymentManifests manifests = new DeploymentManifests(environment, canary);
        FrontManifests front = new FrontManifests(environment, canary);
        Plan plan = plan();
        Optional<ObjectNode> there = left.deployment();
        base(plan, manifests, candidate);
        ObjectNode deployment = manifests.deployment(candidate, there, pulls, true);
        plan.apply(Kind.DEPLOYMENT, deployment, there, true);
        plan.note(deployment);
        ObjectNode service = front.service(selector(deployment), "ClusterIP", false);
        plan.apply(Kind.SERVICE, service, api.find(Kind.SERVICE, canary.service()), true);
        String key = "apply:Deployment/" + canary.deployment();
        new GkeRetentionPlanner(environment, api, left, pulls)
                .canary(candidate.deploymentId()).stream()
                        .filter(plan::hasNoUndo)
                        .forEach(act -> plan.undoneBy(key, act));
        String url = "http://" + canary.service() + "." + canary.namespace() + ":" + DeploymentManifests.PORT;
        String id = GkeNames.label(candidate.deploymentId());
        return rolling(
                candidate,
                canary,
                url,
                Optional.empty(),
                plan,
                "",
                Stream.of(left.owner(), id, GkeDeployParameters.NO_OWNER)
                        .distinct()
                        .toList());
    }

    /**
     * Returns the parameters of a candidate that is to serve.
     *
     * @param expected the deployment that has to serve when it begins; absent = not compared
     */
    GkeDeployParameters serving(Candidate candidate, ReplicaSetRevisions revisions, Optional<String> expected) {
        DeploymentManifests manifests = new DeploymentManifests(environment, names);
        FrontManifests front = new FrontManifests(environment, names);
        Plan plan = plan();
        base(plan, manifests, candidate);
        Optional<ObjectNode> there = revisions.deployment();
        ObjectNode deployment = manifests.deployment(candidate, there, pulls, false);
        String before = revisions.wanted();
        boolean first = there.isEmpty();
        plan.apply(Kind.DEPLOYMENT, deployment, there, first);
        plan.note(deployment);
        if (!first && !before.equals(GkeNames.label(candidate.deploymentId()))) {
            String key = "apply:Deployment/" + names.deployment();
            plan.undoneBy(key, GkeEffects.template(names.deployment(), before));
            if (revisions.of(GkeNames.label(candidate.deploymentId())).isEmpty()) {
                plan.undoneBy(key, GkeEffects.forget(names.deployment(), GkeNames.label(candidate.deploymentId())));
            }
        }
        front.all(selector(deployment)).forEach(part -> {
            Optional<ObjectNode> object = api.find(part.kind(), part.name());
            object.ifPresent(found -> front.keepBackends(part, found));
            plan.apply(part.kind(), part.manifest(), object, object.isEmpty());
        });
        Optional<LoadBalancer> balancer = LoadBalancer.of(environment, names);
        Optional<String> address = balancer.flatMap(b -> b.address(api));
        Optional<String> url = front.url().map(Object::toString);
        if (url.isEmpty()) {
            // The acceptance tests have no other address.
            balancer.ifPresent(b -> plan.acts.add(GkeEffects.address(b)));
        }
        String proven = revisions.serving().map(serving -> proven()).orElse("");
        return rolling(
                candidate,
                names,
                url.or(() -> address.map(ip -> "http://" + ip)).orElse("http://unknown"),
                expected,
                plan,
                proven,
                List.of(revisions.owner(), GkeNames.label(candidate.deploymentId())));
    }

    /** Returns the parameters that make an earlier deployment serve again. */
    GkeDeployParameters again(ReplicaSetRevisions revisions, Deployed good) {
        Plan plan = plan();
        String id = GkeNames.label(good.deploymentId());
        String now = revisions.wanted();
        // A Deployment that has this template already gets the mark of this operation.
        GkeEffects act = GkeEffects.template(names.deployment(), id);
        plan.acts.add(act);
        if (!now.equals(id) && !now.isEmpty()) {
            plan.undoneBy(act.effect().key(), GkeEffects.template(names.deployment(), now));
        }
        return new GkeDeployParameters(
                good,
                Optional.empty(),
                plan.acts,
                plan.back(),
                new GkeWaitConditions(names.deployment(), id, names.service(), proven()),
                within(),
                List.of(revisions.owner(), revisions.ownerOf(id)));
    }

    /** Returns the load balancer that a version is proven through, as {@link LoadBalancer#text}; "" while it has no address. */
    private String proven() {
        return LoadBalancer.of(environment, names)
                .filter(balancer -> environment.config().get(GkeKeys.GKE_PROVE_INGRESS))
                .filter(balancer -> balancer.address(api).isPresent())
                .map(LoadBalancer::text)
                .orElse("");
    }

    private void base(Plan plan, DeploymentManifests manifests, Candidate candidate) {
        if (api.get(Kind.NAMESPACE, names.namespace()).isEmpty()) {
            // The undo does not delete a namespace: others may have begun to use it.
            plan.acts.add(
                    GkeEffects.apply(Kind.NAMESPACE, manifests.namespace(), "create Namespace " + names.namespace()));
        }
        if (pulls) {
            ObjectNode login = manifests.pullSecret();
            String name = JsonTree.at(login, "metadata", "name");
            // It is applied each time: the values of Secrets are not read, so a changed value is not noticed.
            GkeEffects act = GkeEffects.apply(Kind.SECRET, login, "apply Secret " + name + ", the registry's login");
            plan.acts.add(act);
            if (api.find(Kind.SECRET, name).isEmpty()) {
                plan.undoneBy(act.effect().key(), GkeEffects.delete(Kind.SECRET, name));
            }
        }
        if (!environment.config().envSecrets().isEmpty()) {
            ObjectNode secret = manifests.secret(candidate);
            Optional<ObjectNode> there = api.find(Kind.SECRET, JsonTree.at(secret, "metadata", "name"));
            plan.apply(Kind.SECRET, secret, there, there.isEmpty());
        }
    }

    private GkeDeployParameters rolling(
            Candidate candidate,
            GkeNames of,
            String url,
            Optional<String> expected,
            Plan plan,
            String ingress,
            List<String> owners) {
        String id = GkeNames.label(candidate.deploymentId());
        Deployed deployed = new Deployed(
                environment.label(),
                candidate.deploymentId(),
                candidate.version(),
                candidate.digest(),
                candidate.commit(),
                url,
                ReplicaSetRevisions.revision(of.deployment(), candidate.deploymentId()),
                Instant.now().truncatedTo(ChronoUnit.SECONDS));
        GkeWaitConditions subject = new GkeWaitConditions(of.deployment(), id, of.service(), ingress);
        return new GkeDeployParameters(deployed, expected, plan.acts, plan.back(), subject, within(), owners);
    }

    private Plan plan() {
        return new Plan(TakeoverRemovals.of(environment.config()));
    }

    private Duration within() {
        return Duration.ofSeconds(new DeploymentManifests(environment, names).deadlineSeconds())
                .plus(environment.config().accept().readyTimeout());
    }

    static Map<String, String> selector(JsonNode deployment) {
        Map<String, String> selector = new LinkedHashMap<>();
        deployment
                .path("spec")
                .path("selector")
                .path("matchLabels")
                .properties()
                .forEach(e -> selector.put(e.getKey(), e.getValue().asText()));
        return selector;
    }

    /** The acts of one change, and its undo in the opposite order. */
    private static final class Plan {
        /** The usual beginning of a changed path, which a sentence leaves out. */
        private static final Pattern OBVIOUS =
                Pattern.compile("^spec\\.(template\\.spec\\.(containers\\[[^]]*]\\.)?)?");

        private final TakeoverRemovals removal;
        private final List<GkeEffects> acts = new ArrayList<>();
        private final List<Back> back = new ArrayList<>();

        Plan(TakeoverRemovals removal) {
            this.removal = removal;
        }

        /** Applies nothing where the object is as it should be. */
        void apply(Kind kind, ObjectNode manifest, Optional<ObjectNode> there, boolean made) {
            String name = JsonTree.at(manifest, "metadata", "name");
            String what = kind.title() + " " + name;
            GkeEffects act = GkeEffects.apply(
                    kind,
                    manifest,
                    there.map(t -> verb(kind, t) + what + differences(t, manifest) + taken(t, manifest))
                            .orElse("create " + what));
            boolean same = there.filter(
                            t -> AdmissionChanges.isAsApplied(t, act.manifest().orElseThrow()))
                    .isPresent();
            if (same) {
                return;
            }
            acts.add(act);
            if (made) {
                undoneBy(act.effect().key(), GkeEffects.delete(kind, name));
            } else if (kind != Kind.DEPLOYMENT && kind != Kind.SECRET) {
                JsonTree.projection(there.orElseThrow(), act.manifest().orElseThrow())
                        .map(ObjectNode.class::cast)
                        .ifPresent(old -> undoneBy(
                                act.effect().key(),
                                new GkeEffects(GkeEffects.APPLY, kind, name, Optional.of(old), "", "restore " + what)));
            }
        }

        /**
         * Sets the mark of this operation on a Deployment that is as it should be, so that an older operation leaves it
         * alone.
         */
        void note(ObjectNode deployment) {
            if (acts.stream().noneMatch(act -> act.kind() == Kind.DEPLOYMENT)) {
                acts.add(GkeEffects.apply(
                        Kind.DEPLOYMENT,
                        deployment,
                        "note on Deployment " + JsonTree.at(deployment, "metadata", "name")
                                + " that it stays as it is"));
            }
        }

        /**
         * Returns the verb: an object in front of the pods that was not made here is taken over, and the plan says so.
         */
        private static String verb(Kind kind, ObjectNode there) {
            boolean ours = there.path("metadata").path("labels").has(GkeMetadata.ENVIRONMENT);
            return ours || kind == Kind.DEPLOYMENT ? "change " : "take over ";
        }

        private static String differences(ObjectNode there, ObjectNode wanted) {
            // Labels and annotations follow from the other fields.
            List<String> found = AdmissionChanges.differences(there, wanted).stream()
                    .filter(line -> !line.matches("(.*\\.)?metadata\\.(labels|annotations)\\..*"))
                    .map(line -> OBVIOUS.matcher(line).replaceFirst(""))
                    .toList();
            if (found.isEmpty()) {
                return "";
            }
            List<String> shown = found.subList(0, Math.min(SHOWN, found.size()));
            String more = found.size() > SHOWN ? " and " + (found.size() - SHOWN) + " more" : "";
            return " (" + String.join(", ", shown) + more + ")";
        }

        private String taken(ObjectNode there, ObjectNode wanted) {
            Set<String> owners = Takeover.owners(there, wanted);
            Set<String> removed = Takeover.removed(there, wanted, removal);
            return (owners.isEmpty() ? "" : ", taking over fields of " + String.join(" and ", owners))
                    + (removed.isEmpty() ? "" : ", removing " + String.join(", ", removed));
        }

        boolean hasNoUndo(GkeEffects act) {
            return back.stream()
                    .map(Back::act)
                    .noneMatch(
                            other -> other.kind() == act.kind() && other.name().equals(act.name()));
        }

        void undoneBy(String key, GkeEffects act) {
            back.add(new Back(key, act));
        }

        /**
         * Returns the undo. Objects in front of the pods are deleted first; a Secret is needed for as long as the pods
         * that use it.
         */
        List<Back> back() {
            List<Back> all = new ArrayList<>(back);
            Collections.reverse(all);
            all.sort(Comparator.comparingInt(b -> switch (b.act().kind()) {
                case DEPLOYMENT -> 1;
                case REPLICA_SET -> 2;
                case SECRET -> 3;
                default -> 0;
            }));
            return all;
        }
    }
}
