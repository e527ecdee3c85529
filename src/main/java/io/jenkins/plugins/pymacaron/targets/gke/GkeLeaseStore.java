package io.jenkins.plugins.pymacaron.targets.gke;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.jenkins.plugins.pymacaron.targets.Lease;
import io.jenkins.plugins.pymacaron.targets.LeaseStore;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import io.jenkins.plugins.pymacaron.targets.cloud.Calls;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps the lease in a Lease object of Kubernetes, which has a version that a write compares. It needs the namespace,
 * and makes it where it does not exist yet.
 */
final class GkeLeaseStore implements LeaseStore {
    private final GkeClient connection;
    private final GkeNames names;
    private final DeploymentManifests manifests;
    private final Calls calls = new Calls(GkeFailureMapper::of);

    GkeLeaseStore(GkeClient connection, GkeNames names, DeploymentManifests manifests) {
        this.connection = connection;
        this.names = names;
        this.manifests = manifests;
    }

    @Override
    public Optional<Lease> read() throws TargetException, InterruptedException {
        return object().map(GkeLeaseStore::text).flatMap(Lease::parse);
    }

    private Optional<ObjectNode> object() throws TargetException, InterruptedException {
        KubernetesApi api = connection.api();
        return calls.read("read the lease of " + names.deployment(), () -> api.get(Kind.LEASE, names.lease()));
    }

    private static String text(ObjectNode object) {
        return object.path("metadata")
                .path("annotations")
                .path(GkeMetadata.LEASE)
                .asText("");
    }

    /**
     * Writes the lease. A write whose answer got lost is looked up and, where it was not made, made again, as each
     * other change is.
     */
    @Override
    public boolean write(Optional<Lease> before, Optional<Lease> lease) throws TargetException, InterruptedException {
        KubernetesApi api = connection.api();
        return calls.read("write the lease of " + names.deployment(), () -> attempt(api, before, lease));
    }

    private boolean attempt(KubernetesApi api, Optional<Lease> before, Optional<Lease> lease) {
        Optional<ObjectNode> there = api.get(Kind.LEASE, names.lease());
        Optional<Lease> found = there.map(GkeLeaseStore::text).flatMap(Lease::parse);
        if (found.equals(lease) && there.isPresent() == lease.isPresent()) {
            return true;
        }
        if (!found.equals(before)) {
            return false;
        }
        try {
            if (lease.isEmpty()) {
                // Another run may have taken it since it was read: its owner may have slept for longer than it lasts.
                api.delete(Kind.LEASE, there.orElseThrow());
            } else if (there.isPresent()) {
                ObjectNode changed = there.get().deepCopy();
                changed.withObject("/metadata")
                        .withObject("/annotations")
                        .put(GkeMetadata.LEASE, lease.get().text());
                changed.withObject("/spec").put("holderIdentity", lease.get().owner());
                api.replace(Kind.LEASE, changed);
            } else {
                if (api.get(Kind.NAMESPACE, names.namespace()).isEmpty()) {
                    api.apply(Kind.NAMESPACE, manifests.namespace());
                }
                api.create(Kind.LEASE, made(lease.get()));
            }
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == 409) {
                return false;
            }
            throw e;
        }
    }

    private ObjectNode made(Lease lease) {
        return DeploymentManifests.object(
                Kind.LEASE,
                names.namespace(),
                names.lease(),
                manifests.environmentLabel(),
                Map.of(GkeMetadata.LEASE, lease.text()),
                Map.of("spec", Map.of("holderIdentity", lease.owner())));
    }

    @Override
    public Duration settle() {
        return Duration.ZERO;
    }
}
