package io.jenkins.plugins.pymacaron.process;

import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The variables by which the pipeline itself gets credentials: of the image registry, of clouds, of clusters. */
public final class PipelineCredentials {
    /** No business of a service's tests and hooks, which do not get them. */
    public static final Set<String> WITHHELD = Set.of(
            "PYM_REGISTRY_USER",
            "PYM_REGISTRY_PASSWORD",
            "PYM_X_AUTH",
            "PYM_DEPLOYMENT_KEY",
            "PYM_AWS_ACCESS_KEY_ID",
            "PYM_AWS_SECRET_ACCESS_KEY",
            "PYM_AWS_SESSION_TOKEN",
            "PYM_GCP_KEY",
            "PYM_GCP_TOKEN",
            "PYM_KUBECONFIG");

    private static final Set<String> SECRET = Set.of(
            "PYM_REGISTRY_PASSWORD",
            "PYM_AWS_SECRET_ACCESS_KEY",
            "PYM_AWS_SESSION_TOKEN",
            "PYM_GCP_KEY",
            "PYM_GCP_TOKEN",
            "PYM_KUBECONFIG",
            // The shell's own, which a service's tests may need too.
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN");

    private PipelineCredentials() {}

    /** What of them must not show. */
    public static Stream<String> secretsIn(Map<String, String> environment) {
        return SECRET.stream().map(environment::get).filter(value -> value != null && !value.isEmpty());
    }
}
