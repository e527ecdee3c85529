package io.jenkins.plugins.pymacaron.targets.gke.wire;

import java.util.List;
import java.util.Optional;

/** The kinds that the server knows. */
record Resource(String group, String version, String plural, String kind, boolean namespaced) {
    static final List<Resource> ALL = List.of(
            new Resource("", "v1", "namespaces", "Namespace", false),
            new Resource("", "v1", "nodes", "Node", false),
            new Resource("", "v1", "secrets", "Secret", true),
            new Resource("", "v1", "services", "Service", true),
            new Resource("", "v1", "pods", "Pod", true),
            new Resource("", "v1", "serviceaccounts", "ServiceAccount", true),
            new Resource("", "v1", "events", "Event", true),
            new Resource("", "v1", "resourcequotas", "ResourceQuota", true),
            new Resource("apps", "v1", "deployments", "Deployment", true),
            new Resource("apps", "v1", "replicasets", "ReplicaSet", true),
            new Resource("networking.k8s.io", "v1", "ingresses", "Ingress", true),
            new Resource("coordination.k8s.io", "v1", "leases", "Lease", true),
            new Resource("cloud.google.com", "v1", "backendconfigs", "BackendConfig", true),
            new Resource("networking.gke.io", "v1beta1", "frontendconfigs", "FrontendConfig", true),
            new Resource("networking.gke.io", "v1", "managedcertificates", "ManagedCertificate", true),
            new Resource("networking.gke.io", "v1", "healthcheckpolicies", "HealthCheckPolicy", true),
            new Resource("gateway.networking.k8s.io", "v1", "gateways", "Gateway", true),
            new Resource("gateway.networking.k8s.io", "v1", "httproutes", "HTTPRoute", true));

    String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    static Optional<Resource> of(String group, String version, String plural) {
        return ALL.stream()
                .filter(r -> r.group.equals(group) && r.version.equals(version) && r.plural.equals(plural))
                .findFirst();
    }

    static Resource ofKind(String kind) {
        return ALL.stream().filter(r -> r.kind.equals(kind)).findFirst().orElseThrow();
    }
}
