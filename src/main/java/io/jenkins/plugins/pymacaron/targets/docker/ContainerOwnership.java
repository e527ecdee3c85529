package io.jenkins.plugins.pymacaron.targets.docker;

import io.jenkins.plugins.pymacaron.config.DeployTarget;
import io.jenkins.plugins.pymacaron.config.LiveUrl;
import io.jenkins.plugins.pymacaron.docker.ContainerFacts;
import io.jenkins.plugins.pymacaron.targets.Environment;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tells the owner of a container by its labels. An environment's own containers are those that the same configuration
 * file of the same service has made for the same slot, at an address of this environment. All others are left alone.
 *
 * <p>Containers of an earlier version do not name the file that has made them. They are adopted where the address
 * identifies it.
 */
final class ContainerOwnership {
    private final String identity;
    private final String legacy;
    private final String name;
    private final boolean first;
    /** The port of this environment; empty for a staging that takes any free port. */
    private final Optional<Integer> port;
    /** The ports of this environment and the others of its slot. */
    private final Set<Integer> named;

    ContainerOwnership(Environment environment) {
        identity = environment.id().anywhere().text();
        legacy = "docker/" + environment.config().name() + "/"
                + environment.slot().id();
        name = environment.name();
        first = environment.beside().stream()
                        .filter(config -> config.target() == DeployTarget.DOCKER)
                        .findFirst()
                        .orElse(environment.config())
                == environment.config();
        port = ListenAddress.of(environment.slot(), environment.config()).map(LiveUrl::port);
        named = environment.beside().stream()
                .filter(config -> config.target() == DeployTarget.DOCKER)
                .flatMap(config -> ListenAddress.of(environment.slot(), config).stream())
                .map(LiveUrl::port)
                .collect(Collectors.toSet());
    }

    /** Returns the value of the label of its containers. */
    String identity() {
        return identity;
    }

    /** Returns whether it serves, has served or rehearses in this very environment. */
    boolean isOwn(ContainerFacts c) {
        if (isRelated(c)) {
            return port.filter(p -> p == ListenAddress.port(c)).isPresent()
                    || isFree(c) && name.equals(c.label(DockerMetadata.ENVIRONMENT));
        }
        return isLegacy(c) && port.filter(p -> p == ListenAddress.port(c)).isPresent();
    }

    /**
     * Returns whether the same file has made it for the same slot, at an address that is no longer in this
     * configuration.
     */
    boolean isRemoved(ContainerFacts c) {
        return isRelated(c) && !isOwn(c) && !named.contains(ListenAddress.port(c)) && !isFree(c);
    }

    /** Returns whether it can belong to this service and slot, but no label says so. */
    boolean isUncertain(ContainerFacts c) {
        return isLegacy(c) && !isOwn(c) && !named.contains(ListenAddress.port(c));
    }

    /** Returns whether this environment is the one of its slot that handles what is no longer in the configuration. */
    boolean isFirst() {
        return first;
    }

    /** Returns whether a change of this environment may stop or remove it, at any port. */
    boolean mayEnd(ContainerFacts c) {
        return isRelated(c) || isOwn(c);
    }

    private boolean isRelated(ContainerFacts c) {
        return identity.equals(c.label(DockerMetadata.IDENTITY));
    }

    private boolean isLegacy(ContainerFacts c) {
        String environment = c.label(DockerMetadata.ENVIRONMENT);
        return c.label(DockerMetadata.IDENTITY).isEmpty()
                && environment.startsWith(legacy)
                && environment.substring(legacy.length()).matches("|-\\d+");
    }

    /** Returns whether its port was chosen when it was made, so that no configuration names it. */
    private static boolean isFree(ContainerFacts c) {
        return Boolean.parseBoolean(c.label(DockerMetadata.ANY_PORT));
    }
}
