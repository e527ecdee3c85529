package io.jenkins.plugins.pymacaron.targets.gke;

import io.jenkins.plugins.pymacaron.config.GoogleKeys;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.targets.Environment;
import java.util.List;
import java.util.Map;

/**
 * The names of all objects, as PyMacaron's pymgke has them.
 *
 * @param deployment the name of the Deployment, and the first part of all others
 * @param container the name of the container in its pods
 */
record GkeNames(String namespace, String deployment, String container) {
    private static final int LONGEST_LABEL = 63;
    private static final int HASH = 8;
    private static final String CONTAINER = "container-";

    static GkeNames of(Environment environment) {
        PymConfig config = environment.config();
        return new GkeNames(
                config.find(GoogleKeys.GKE_NAMESPACE).orElse(config.name()),
                config.name() + "-" + environment.slot().id(),
                CONTAINER + config.name());
    }

    /** Returns the name of the cluster where the configuration names none. */
    static String cluster(Environment environment) {
        return environment
                .config()
                .find(GoogleKeys.GKE_CLUSTER)
                .orElse(environment.config().name() + "-" + environment.slot().id());
    }

    /** Returns the names of a canary that runs beside the deployment, with a Service of its own. */
    GkeNames canary() {
        return new GkeNames(namespace, deployment + "-canary", container);
    }

    /** Returns whether it is the service's own among the containers of a pod: a mesh adds others, even in front. */
    static boolean isContainer(String name) {
        return name.startsWith(CONTAINER);
    }

    String service() {
        return deployment + "-service";
    }

    String backend() {
        return deployment + "-backend";
    }

    String frontend() {
        return deployment + "-frontend";
    }

    String ingress() {
        return deployment + "-ingress";
    }

    String gateway() {
        return deployment + "-gateway";
    }

    String route() {
        return deployment + "-route";
    }

    String redirect() {
        return deployment + "-redirect";
    }

    String staticIp() {
        return deployment + "-ip";
    }

    String lease() {
        return "pymacaron-" + deployment;
    }

    String pullSecret() {
        return deployment + "-pull";
    }

    /** Returns the names that Kubernetes restricts more than others; the canary's are the longest. */
    Map<Kind, List<String>> strict() {
        return Map.of(
                Kind.NAMESPACE,
                List.of(namespace),
                Kind.SERVICE,
                List.of(service(), canary().service()),
                Kind.POD,
                List.of(container));
    }

    static String certificate(String host) {
        return host + "-certificate";
    }

    /**
     * Returns the name of the Secret with the keyed hash at the end of the deployment's id, so that another value is
     * another Secret.
     */
    String secret(String deploymentId) {
        String hash = deploymentId.substring(deploymentId.lastIndexOf('-') + 1);
        return deployment + "-env-" + hash.substring(Math.max(0, hash.length() - HASH));
    }

    /**
     * Returns a label's value: {@code gke.hello.live} for {@code gke/hello/live}; characters that labels cannot have
     * are replaced.
     */
    static String label(String text) {
        String good = text.replace('/', '.').replaceAll("[^A-Za-z0-9._-]", "-");
        String cut = good.length() > LONGEST_LABEL ? good.substring(good.length() - LONGEST_LABEL) : good;
        return cut.replaceAll("^[^A-Za-z0-9]+|[^A-Za-z0-9]+$", "");
    }
}
