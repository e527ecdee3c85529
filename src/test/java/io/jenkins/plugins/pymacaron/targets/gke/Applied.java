package io.jenkins.plugins.pymacaron.targets.gke;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;

/** A Deployment as other hands apply it. */
record Applied(KubernetesClient client, String namespace) {
    Applied(KubernetesClient client) {
        this(client, "hello");
    }

    void apply(ObjectNode deployment, String manager) {
        client.genericKubernetesResources(Kind.DEPLOYMENT.context())
                .inNamespace(namespace)
                .resource(Serialization.unmarshal(JsonTree.text(deployment), GenericKubernetesResource.class))
                .fieldManager(manager)
                .forceConflicts()
                .serverSideApply();
    }
}
