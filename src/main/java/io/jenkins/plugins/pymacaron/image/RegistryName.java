package io.jenkins.plugins.pymacaron.image;

import io.jenkins.plugins.pymacaron.image.layers.RegistrySession;

/**
 * A repository in a registry, as docker understands its name (docker/distribution, reference/normalize.go).
 *
 * @param registry {@code host[:port]}; "docker.io" for Docker Hub
 * @param path of the repository in that registry
 */
record RegistryName(String registry, String path) {
    private static final String HUB = "docker.io";

    static RegistryName of(String repository) {
        int slash = repository.indexOf('/');
        String first = slash < 0 ? "" : repository.substring(0, slash);
        if (first.contains(".") || first.contains(":") || first.equals("localhost")) {
            String path = repository.substring(slash + 1);
            return first.equals("index.docker.io") ? new RegistryName(HUB, path) : new RegistryName(first, path);
        }
        return new RegistryName(HUB, repository);
    }

    /** Returns the address of its API. Docker accepts registries on loopback without TLS; so does this class. */
    String api() {
        if (registry.equals(HUB)) {
            return "https://registry-1.docker.io/v2/" + (path.contains("/") ? path : "library/" + path);
        }
        return (loopback() ? "http://" : "https://") + registry + "/v2/" + path;
    }

    /** Returns the same for a client that knows nothing of Docker Hub. */
    RegistrySession.Place place() {
        boolean hub = registry.equals(HUB);
        return new RegistrySession.Place(
                registry,
                hub ? "registry-1.docker.io" : registry,
                hub && !path.contains("/") ? "library/" + path : path,
                loopback());
    }

    boolean loopback() {
        String host = registry.startsWith("[") ? registry.replaceFirst("].*", "]") : registry.replaceFirst(":.*", "");
        return host.equals("localhost") || host.matches("127(\\.\\d{1,3}){3}") || host.equals("[::1]");
    }
}
