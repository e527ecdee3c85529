package io.jenkins.plugins.pymacaron.target.gke;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.jenkins.plugins.pymacaron.config.GkeKeys;
import io.jenkins.plugins.pymacaron.target.Deployed;
import io.jenkins.plugins.pymacaron.target.Environment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Settles what is to be deleted. Only what has our label is, and never what the Deployment has or serves. */
final class Retirement {
    private final Environment environment;
    private final Names names;
    private final Api api;
    private final Revisions revisions;
    private final boolean pulls;

    /** @param pulls whether the nodes need a login to the registry */
    Retirement(Environment environment, Api api, Revisions revisions, boolean pulls) {
        this.pulls = pulls;
        this.environment = environment;
        this.names = Names.of(environment);
        this.api = api;
        this.revisions = revisions;
    }

    /** The canary, a deployment that another one has replaced, or the first one and all that was made for it. */
    List<Act> withdraw(Deployed failed) {
        String id = Names.label(failed.deploymentId());
        List<Act> acts = new ArrayList<>();
        if (Revisions.deploymentOf(failed.revision()).equals(names.canary().deployment())) {
            canary(acts);
            secret(failed, names.canary(), acts);
            login(names.canary(), acts);
            return acts;
        }
        if (revisions.wanted().equals(id)) {
            new FrontManifests(environment, names)
                    .all(Map.of("app", names.deployment()))
                    .forEach((kind, manifest) -> acts.add(0, Act.delete(kind, Tree.at(manifest, "metadata", "name"))));
            acts.add(Act.delete(Kind.DEPLOYMENT, names.deployment()));
            login(names, acts);
        } else if (revisions.of(id).isPresent()) {
            acts.add(Act.forget(names.deployment(), id));
        }
        secret(failed, names, acts);
        return acts;
    }

    /** @param keep how many earlier deployments stay ready to go back to */
    List<Act> retire(Deployed serving, int keep) {
        List<Act> acts = new ArrayList<>();
        String id = Names.label(serving.deploymentId());
        Set<String> needed = new HashSet<>();
        needed.add(id);
        needed.add(revisions.wanted());
        int kept = 0;
        for (ObjectNode set : revisions.sets()) {
            String other = Revisions.id(set);
            boolean idle = set.path("spec").path("replicas").asInt() == 0;
            if (!Revisions.isOurs(set)) {
                // Changed by hand, it still has the Secret of the deployment that it was made from.
                needed.add(Tree.at(set, "metadata", "labels", Marks.DEPLOYMENT));
            }
            if (needed.contains(other) || !Revisions.isOurs(set)) {
                continue;
            }
            if (!idle || kept < keep) {
                kept++;
                needed.add(other);
            } else {
                acts.add(Act.forget(names.deployment(), other));
            }
        }
        for (ObjectNode secret : api.list(Kind.SECRET, label()).items()) {
            String of = Tree.at(secret, "metadata", "labels", Marks.DEPLOYMENT);
            String name = Tree.at(secret, "metadata", "name");
            if (!of.isEmpty()
                    && !needed.contains(of)
                    && !name.startsWith(names.canary().deployment())) {
                acts.add(Act.delete(Kind.SECRET, name));
            }
        }
        redirect(acts);
        return acts;
    }

    /** Of a redirect that is no longer wanted, once the Ingress does not name it any more. */
    private void redirect(List<Act> acts) {
        FrontManifests front = new FrontManifests(environment, names);
        boolean wanted = front.all(Map.of("app", names.deployment())).containsKey(Kind.FRONTEND_CONFIG);
        if (!wanted && environment.config().get(GkeKeys.GKE_INGRESS)) {
            try {
                api.find(Kind.FRONTEND_CONFIG, names.frontend())
                        .filter(there -> Names.label(environment.label())
                                .equals(Tree.at(there, "metadata", "labels", Marks.ENVIRONMENT)))
                        .ifPresent(there -> acts.add(Act.delete(Kind.FRONTEND_CONFIG, names.frontend())));
            } catch (KubernetesClientException e) {
                // Who has never had one needs no right to them.
                if (e.getCode() != 403) {
                    throw e;
                }
            }
        }
    }

    private void canary(List<Act> acts) {
        acts.add(Act.delete(Kind.SERVICE, names.canary().service()));
        acts.add(Act.delete(Kind.DEPLOYMENT, names.canary().deployment()));
    }

    private void secret(Deployed failed, Names of, List<Act> acts) {
        if (!environment.config().envSecrets().isEmpty()) {
            acts.add(Act.delete(Kind.SECRET, of.secret(failed.deploymentId())));
        }
    }

    private void login(Names of, List<Act> acts) {
        if (pulls) {
            acts.add(Act.delete(Kind.SECRET, of.pullSecret()));
        }
    }

    private Map<String, String> label() {
        return Map.of(Marks.ENVIRONMENT, Names.label(environment.label()));
    }
}
