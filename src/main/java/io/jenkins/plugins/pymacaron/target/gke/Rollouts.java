package io.jenkins.plugins.pymacaron.target.gke;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.config.GkeKeys;
import io.jenkins.plugins.pymacaron.target.Candidate;
import io.jenkins.plugins.pymacaron.target.Deployed;
import io.jenkins.plugins.pymacaron.target.Environment;
import io.jenkins.plugins.pymacaron.target.gke.Rolling.Back;
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

/** Settles, before anything happens, what is to be applied for a deployment and what takes that back. */
final class Rollouts {
    /** A sentence of a plan names that many differences. */
    private static final int SHOWN = 8;

    private final Environment environment;
    private final Names names;
    private final Api api;
    private final boolean pulls;

    /** @param pulls whether the nodes need a login to the registry */
    Rollouts(Environment environment, Api api, boolean pulls) {
        this.environment = environment;
        this.names = Names.of(environment);
        this.api = api;
        this.pulls = pulls;
    }

    /** One pod of its own behind a Service of its own, which shows that the candidate runs as live would. */
    Rolling canary(Candidate candidate) {
        Names canary = names.canary();
        Manifests manifests = new Manifests(environment, canary);
        FrontManifests front = new FrontManifests(environment, canary);
        Plan plan = plan();
        Optional<ObjectNode> there = api.find(Kind.DEPLOYMENT, canary.deployment());
        base(plan, manifests, candidate);
        ObjectNode deployment = manifests.deployment(candidate, there, pulls, true);
        plan.apply(Kind.DEPLOYMENT, deployment, there, true);
        ObjectNode service = front.service(selector(deployment), "ClusterIP");
        plan.apply(Kind.SERVICE, service, api.find(Kind.SERVICE, canary.service()), true);
        String url = "http://" + canary.service() + "." + canary.namespace() + ":" + Manifests.PORT;
        return rolling(candidate, canary, url, Optional.empty(), plan, "", List.of());
    }

    /** @param expected what has to serve when it begins; absent = not compared */
    Rolling serving(Candidate candidate, Revisions revisions, Optional<String> expected) {
        Manifests manifests = new Manifests(environment, names);
        FrontManifests front = new FrontManifests(environment, names);
        Plan plan = plan();
        base(plan, manifests, candidate);
        Optional<ObjectNode> there = revisions.deployment();
        ObjectNode deployment = manifests.deployment(candidate, there, pulls, false);
        String before = revisions.wanted();
        boolean first = there.isEmpty();
        plan.apply(Kind.DEPLOYMENT, deployment, there, first);
        plan.note(deployment);
        if (!first && !before.equals(Names.label(candidate.deploymentId()))) {
            String key = "apply:Deployment/" + names.deployment();
            plan.takesBack(key, Act.template(names.deployment(), before));
            if (revisions.of(Names.label(candidate.deploymentId())).isEmpty()) {
                plan.takesBack(key, Act.forget(names.deployment(), Names.label(candidate.deploymentId())));
            }
        }
        front.all(selector(deployment)).forEach((kind, manifest) -> {
            Optional<ObjectNode> object = api.find(kind, Tree.at(manifest, "metadata", "name"));
            plan.apply(kind, manifest, object, object.isEmpty());
        });
        Optional<String> address = GkeEffector.address(api, names.ingress());
        boolean ingress = environment.config().get(GkeKeys.GKE_INGRESS);
        boolean asked = ingress && environment.config().get(GkeKeys.GKE_PROVE_INGRESS);
        Optional<String> url = front.url().map(Object::toString);
        if (url.isEmpty() && ingress) {
            // The acceptance tests have nowhere else to go.
            plan.acts.add(Act.address(names.ingress()));
        }
        boolean proven = asked && address.isPresent() && revisions.serving().isPresent();
        return rolling(
                candidate,
                names,
                url.or(() -> address.map(ip -> "http://" + ip)).orElse("http://unknown"),
                expected,
                plan,
                proven ? names.ingress() : "",
                List.of(revisions.owner(), Names.label(candidate.deploymentId())));
    }

    /** What served before serves again. */
    Rolling again(Revisions revisions, Deployed good) {
        Plan plan = plan();
        String id = Names.label(good.deploymentId());
        String now = revisions.wanted();
        // Where it has that template already, it gets the mark of this operation.
        Act act = Act.template(names.deployment(), id);
        plan.acts.add(act);
        if (!now.equals(id) && !now.isEmpty()) {
            plan.takesBack(act.effect().key(), Act.template(names.deployment(), now));
        }
        boolean proven = environment.config().get(GkeKeys.GKE_INGRESS)
                && environment.config().get(GkeKeys.GKE_PROVE_INGRESS)
                && GkeEffector.address(api, names.ingress()).isPresent();
        return new Rolling(
                good,
                Optional.empty(),
                plan.acts,
                plan.back(),
                new RolloutSubject(names.deployment(), id, names.service(), proven ? names.ingress() : ""),
                within(),
                List.of(revisions.owner(), revisions.ownerOf(id)));
    }

    private void base(Plan plan, Manifests manifests, Candidate candidate) {
        if (api.get(Kind.NAMESPACE, names.namespace()).isEmpty()) {
            // Nobody takes a namespace back: others may have begun to use it.
            plan.acts.add(Act.apply(Kind.NAMESPACE, manifests.namespace(), "create Namespace " + names.namespace()));
        }
        if (pulls) {
            ObjectNode login = manifests.pullSecret();
            String name = Tree.at(login, "metadata", "name");
            // Each time: the values of Secrets are not looked at, so that nobody knows whether this is another one.
            Act act = Act.apply(Kind.SECRET, login, "apply Secret " + name + ", the registry's login");
            plan.acts.add(act);
            if (api.find(Kind.SECRET, name).isEmpty()) {
                plan.takesBack(act.effect().key(), Act.delete(Kind.SECRET, name));
            }
        }
        if (!environment.config().envSecrets().isEmpty()) {
            ObjectNode secret = manifests.secret(candidate);
            Optional<ObjectNode> there = api.find(Kind.SECRET, Tree.at(secret, "metadata", "name"));
            plan.apply(Kind.SECRET, secret, there, there.isEmpty());
        }
    }

    private Rolling rolling(
            Candidate candidate,
            Names of,
            String url,
            Optional<String> expected,
            Plan plan,
            String ingress,
            List<String> owners) {
        String id = Names.label(candidate.deploymentId());
        Deployed deployed = new Deployed(
                environment.label(),
                candidate.deploymentId(),
                candidate.version(),
                candidate.digest(),
                candidate.commit(),
                url,
                Revisions.revision(of.deployment(), candidate.deploymentId()),
                Instant.now().truncatedTo(ChronoUnit.SECONDS));
        RolloutSubject subject = new RolloutSubject(of.deployment(), id, of.service(), ingress);
        return new Rolling(deployed, expected, plan.acts, plan.back(), subject, within(), owners);
    }

    private Plan plan() {
        return new Plan(Removal.of(environment.config()));
    }

    private Duration within() {
        return Duration.ofSeconds(new Manifests(environment, names).deadlineSeconds())
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

    /** The acts of one change, and the way back in the opposite order. */
    private static final class Plan {
        /** Where everything is that can change. */
        private static final Pattern OBVIOUS =
                Pattern.compile("^spec\\.(template\\.spec\\.(containers\\[[^]]*]\\.)?)?");

        private final Removal removal;
        private final List<Act> acts = new ArrayList<>();
        private final List<Back> back = new ArrayList<>();

        Plan(Removal removal) {
            this.removal = removal;
        }

        /** Nothing where it is as it should be. */
        void apply(Kind kind, ObjectNode manifest, Optional<ObjectNode> there, boolean made) {
            String name = Tree.at(manifest, "metadata", "name");
            String what = kind.title() + " " + name;
            Act act = Act.apply(
                    kind,
                    manifest,
                    there.map(t -> verb(kind, t) + what + differences(t, manifest) + taken(t, manifest))
                            .orElse("create " + what));
            boolean same = there.filter(
                            t -> Admitted.isAsApplied(t, act.manifest().orElseThrow()))
                    .isPresent();
            if (same) {
                return;
            }
            acts.add(act);
            if (made) {
                takesBack(act.effect().key(), Act.delete(kind, name));
            } else if (kind != Kind.DEPLOYMENT && kind != Kind.SECRET) {
                Tree.projection(there.orElseThrow(), act.manifest().orElseThrow())
                        .map(ObjectNode.class::cast)
                        .ifPresent(old -> takesBack(
                                act.effect().key(),
                                new Act(Act.APPLY, kind, name, Optional.of(old), "", "change " + what + " back")));
            }
        }

        /** Where the Deployment is as it should be, it gets the mark of this operation, so that an older one leaves it alone. */
        void note(ObjectNode deployment) {
            if (acts.stream().noneMatch(act -> act.kind() == Kind.DEPLOYMENT)) {
                acts.add(Act.apply(
                        Kind.DEPLOYMENT,
                        deployment,
                        "note on Deployment " + Tree.at(deployment, "metadata", "name") + " that it stays as it is"));
            }
        }

        /** What stands before the pods and was not made here is taken over, and the plan says so. */
        private static String verb(Kind kind, ObjectNode there) {
            boolean ours = there.path("metadata").path("labels").has(Marks.ENVIRONMENT);
            return ours || kind == Kind.DEPLOYMENT ? "change " : "take over ";
        }

        private static String differences(ObjectNode there, ObjectNode wanted) {
            // Labels and annotations follow from the rest.
            List<String> found = Admitted.differences(there, wanted).stream()
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

        void takesBack(String key, Act act) {
            back.add(new Back(key, act));
        }

        /** What stands before the pods goes first; a Secret is needed for as long as the pods that use it. */
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
