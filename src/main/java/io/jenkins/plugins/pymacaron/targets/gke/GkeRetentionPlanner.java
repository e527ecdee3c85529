package io.jenkins.plugins.pymacaron.targets.gke;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.jenkins.plugins.pymacaron.config.GkeKeys;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Environment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Settles which objects are deleted. Only objects with our label are, and never those that the Deployment has or
 * serves.
 */
final class GkeRetentionPlanner {
    private final Environment environment;
    private final GkeNames names;
    private final KubernetesApi api;
    private final ReplicaSetRevisions revisions;
    private final boolean pulls;

    /** Makes the planner. @param pulls whether the nodes need a login to the registry */
    GkeRetentionPlanner(Environment environment, KubernetesApi api, ReplicaSetRevisions revisions, boolean pulls) {
        this.pulls = pulls;
        this.environment = environment;
        this.names = GkeNames.of(environment);
        this.api = api;
        this.revisions = revisions;
    }

    /**
     * Returns the deletions: the canary, a deployment that another one has replaced, or the first one and all that was
     * made for it.
     */
    List<GkeEffects> withdraw(Deployed failed) {
        String id = GkeNames.label(failed.deploymentId());
        List<GkeEffects> acts = new ArrayList<>();
        if (isCanary(failed)) {
            // Another run may have made its own canary of that name since.
            boolean own = List.of(id, GkeDeployParameters.NO_OWNER).contains(revisions.owner());
            return own ? canary(failed.deploymentId()) : acts;
        }
        if (revisions.wanted().equals(id)) {
            new FrontManifests(environment, names)
                    .all(Map.of("app", names.deployment()))
                    .forEach(part -> acts.add(0, GkeEffects.delete(part.kind(), part.name())));
            acts.add(GkeEffects.delete(Kind.DEPLOYMENT, names.deployment()));
            acts.add(GkeEffects.ended(names.deployment()));
            login(names, acts);
        } else if (revisions.of(id).isPresent()) {
            acts.add(GkeEffects.forget(names.deployment(), id));
        }
        secret(failed.deploymentId(), names, acts);
        return acts;
    }

    /** Returns the deletions. @param keep how many earlier deployments stay ready for a rollback */
    List<GkeEffects> retire(Deployed serving, int keep) {
        List<GkeEffects> acts = new ArrayList<>();
        String id = GkeNames.label(serving.deploymentId());
        Set<String> needed = new HashSet<>();
        needed.add(id);
        needed.add(revisions.wanted());
        int kept = 0;
        for (ObjectNode set : revisions.sets()) {
            String other = ReplicaSetRevisions.id(set);
            boolean idle = set.path("spec").path("replicas").asInt() == 0;
            if (!ReplicaSetRevisions.isOurs(set)) {
                // A template that was changed by hand still has the Secret of the deployment that it was made from.
                needed.add(JsonTree.at(set, "metadata", "labels", GkeMetadata.DEPLOYMENT));
            }
            if (needed.contains(other) || !ReplicaSetRevisions.isOurs(set)) {
                continue;
            }
            if (!idle || kept < keep) {
                kept++;
                needed.add(other);
            } else {
                acts.add(GkeEffects.forget(names.deployment(), other));
            }
        }
        for (ObjectNode secret : api.list(Kind.SECRET, label()).items()) {
            String of = JsonTree.at(secret, "metadata", "labels", GkeMetadata.DEPLOYMENT);
            String name = JsonTree.at(secret, "metadata", "name");
            if (!of.isEmpty()
                    && !needed.contains(of)
                    && !name.startsWith(names.canary().deployment())) {
                acts.add(GkeEffects.delete(Kind.SECRET, name));
            }
        }
        redirect(acts);
        return acts;
    }

    /** Deletes the redirect that is no longer wanted, once the load balancer does not use it any more. */
    private void redirect(List<GkeEffects> acts) {
        boolean gateway = environment.config().find(GkeKeys.GKE_GATEWAY).isPresent();
        Kind kind = gateway ? Kind.HTTP_ROUTE : Kind.FRONTEND_CONFIG;
        String name = gateway ? names.redirect() : names.frontend();
        boolean wanted = new FrontManifests(environment, names)
                .all(Map.of("app", names.deployment())).stream()
                        .anyMatch(part -> part.kind() == kind && part.name().equals(name));
        if (!wanted && environment.config().get(GkeKeys.GKE_INGRESS)) {
            try {
                api.find(kind, name)
                        .filter(there -> GkeNames.label(environment.label())
                                .equals(JsonTree.at(there, "metadata", "labels", GkeMetadata.ENVIRONMENT)))
                        .ifPresent(there -> acts.add(GkeEffects.delete(kind, name)));
            } catch (KubernetesClientException e) {
                // A user without a redirect needs no right to its objects.
                if (e.getCode() != 403) {
                    throw e;
                }
            }
        }
    }

    private boolean isCanary(Deployed failed) {
        return isCanary(names, failed);
    }

    /** Returns whether it was made as the canary of an environment. */
    static boolean isCanary(GkeNames names, Deployed failed) {
        return ReplicaSetRevisions.deploymentOf(failed.revision())
                .equals(names.canary().deployment());
    }

    /** Returns the deletions of a canary. */
    List<GkeEffects> canary(String deploymentId) {
        List<GkeEffects> acts = new ArrayList<>();
        acts.add(GkeEffects.delete(Kind.SERVICE, names.canary().service()));
        acts.add(GkeEffects.delete(Kind.DEPLOYMENT, names.canary().deployment()));
        secret(deploymentId, names.canary(), acts);
        login(names.canary(), acts);
        return acts;
    }

    private void secret(String deploymentId, GkeNames of, List<GkeEffects> acts) {
        if (!environment.config().envSecrets().isEmpty()) {
            acts.add(GkeEffects.delete(Kind.SECRET, of.secret(deploymentId)));
        }
    }

    private void login(GkeNames of, List<GkeEffects> acts) {
        if (pulls) {
            acts.add(GkeEffects.delete(Kind.SECRET, of.pullSecret()));
        }
    }

    private Map<String, String> label() {
        return Map.of(GkeMetadata.ENVIRONMENT, GkeNames.label(environment.label()));
    }
}
