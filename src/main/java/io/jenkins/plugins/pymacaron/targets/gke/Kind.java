package io.jenkins.plugins.pymacaron.targets.gke;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

/** The kinds of objects that are read or written, in their current API versions. */
enum Kind {
    NAMESPACE("", "v1", "namespaces", "Namespace"),
    SECRET("", "v1", "secrets", "Secret"),
    SERVICE("", "v1", "services", "Service"),
    POD("", "v1", "pods", "Pod"),
    EVENT("", "v1", "events", "Event"),
    DEPLOYMENT("apps", "v1", "deployments", "Deployment"),
    REPLICA_SET("apps", "v1", "replicasets", "ReplicaSet"),
    INGRESS("networking.k8s.io", "v1", "ingresses", "Ingress"),
    SERVICE_ACCOUNT("", "v1", "serviceaccounts", "ServiceAccount"),
    LEASE("coordination.k8s.io", "v1", "leases", "Lease"),
    /** GKE's settings of a load balancer's backend: https://cloud.google.com/kubernetes-engine/docs/how-to/ingress-configuration */
    BACKEND_CONFIG("cloud.google.com", "v1", "backendconfigs", "BackendConfig"),
    /** The settings of the load balancer itself: the same page. */
    FRONTEND_CONFIG("networking.gke.io", "v1beta1", "frontendconfigs", "FrontendConfig"),
    /** https://cloud.google.com/kubernetes-engine/docs/how-to/managed-certs, whose v1beta1 PyMacaron's own tools use. */
    CERTIFICATE("networking.gke.io", "v1", "managedcertificates", "ManagedCertificate"),
    /** kubernetes-sigs/gateway-api, config/crd/standard; the same in GKE's {@code --gateway-api=standard}. */
    GATEWAY("gateway.networking.k8s.io", "v1", "gateways", "Gateway"),
    HTTP_ROUTE("gateway.networking.k8s.io", "v1", "httproutes", "HTTPRoute"),
    /** GoogleCloudPlatform/gke-gateway-api, config/crd. */
    HEALTH_CHECK_POLICY("networking.gke.io", "v1", "healthcheckpolicies", "HealthCheckPolicy");

    private final String group;
    private final String version;
    private final String plural;
    private final String title;

    Kind(String group, String version, String plural, String title) {
        this.group = group;
        this.version = version;
        this.plural = plural;
        this.title = title;
    }

    String group() {
        return group;
    }

    String plural() {
        return plural;
    }

    /** Returns the word of {@code kind:} and of sentences. */
    String title() {
        return title;
    }

    String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    boolean namespaced() {
        return this != NAMESPACE;
    }

    ResourceDefinitionContext context() {
        return new ResourceDefinitionContext.Builder()
                .withGroup(group)
                .withVersion(version)
                .withPlural(plural)
                .withKind(title)
                .withNamespaced(namespaced())
                .build();
    }
}
