package io.jenkins.plugins.pymacaron.targets.gke.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** Quotas, which count pods here, those that end too. */
final class Quota {
    private Quota() {}

    /** Returns the words of the admission plugin ResourceQuota. */
    static Optional<String> refusal(Store store, String namespace, String pod) {
        for (ObjectNode quota : store.list(Resource.ofKind("ResourceQuota"), namespace)) {
            int hard = quota.path("spec").path("hard").path("pods").asInt(Integer.MAX_VALUE);
            if (store.list(Cluster.POD, namespace).size() >= hard) {
                return Optional.of("pods \"" + pod + "\" is forbidden: exceeded quota: " + Cluster.name(quota)
                        + ", requested: pods=1, used: pods=" + hard + ", limited: pods=" + hard);
            }
        }
        return Optional.empty();
    }

    /** Checks a pod that no ReplicaSet makes. */
    static void check(Store store, Resource resource, ObjectNode object, Optional<ObjectNode> before) {
        if (resource.equals(Cluster.POD) && before.isEmpty()) {
            refusal(store, Cluster.namespace(object), Cluster.name(object)).ifPresent(why -> {
                throw new Refusal(403, "Forbidden", why);
            });
        }
    }
}
