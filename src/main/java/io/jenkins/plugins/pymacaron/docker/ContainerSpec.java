package io.jenkins.plugins.pymacaron.docker;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The specification of a container to make.
 *
 * @param image a tag, a digest or an id
 * @param name empty lets the engine choose one
 * @param environment variables, some of which may be secret: all of them reach the docker client by its environment or
 *     its standard input, never by its arguments
 * @param network "host", "none", "bridge" or a network's name
 * @param published a port to publish, for a network other than "host"
 * @param restart the restart policy: "no", "on-failure:3", "unless-stopped", "always"
 * @param command in place of the image's own; empty for the image's own
 * @param user in place of the image's own, "1000:1000"; empty for the image's own
 */
public record ContainerSpec(
        String image,
        Optional<String> name,
        Map<String, String> environment,
        Map<String, String> labels,
        String network,
        Optional<Published> published,
        String restart,
        List<String> command,
        Optional<String> user) {

    /**
     * A published port.
     *
     * @param container the port within
     * @param host the port outside; empty lets the engine choose one
     * @param bind the address to listen on: "127.0.0.1", or "0.0.0.0" to be reached from elsewhere
     */
    public record Published(int container, Optional<Integer> host, String bind) {}

    public ContainerSpec {
        environment = Map.copyOf(environment);
        labels = Map.copyOf(labels);
        command = List.copyOf(command);
    }

    public static ContainerSpec of(String image) {
        return new ContainerSpec(
                image,
                Optional.empty(),
                Map.of(),
                Map.of(),
                "bridge",
                Optional.empty(),
                "no",
                List.of(),
                Optional.empty());
    }

    public ContainerSpec named(String newName) {
        return new ContainerSpec(
                image, Optional.of(newName), environment, labels, network, published, restart, command, user);
    }

    public ContainerSpec with(Map<String, String> variables) {
        return new ContainerSpec(
                image, name, sum(environment, variables), labels, network, published, restart, command, user);
    }

    public ContainerSpec labelled(Map<String, String> more) {
        return new ContainerSpec(
                image, name, environment, sum(labels, more), network, published, restart, command, user);
    }

    /**
     * Returns the container on the network of the machine. The image is told, since other servers that it starts must
     * not use a port that is taken there.
     */
    public ContainerSpec onHostNetwork() {
        return on("host").with(Map.of("PYM_SHARED_NETWORK", "1"));
    }

    public ContainerSpec on(String newNetwork) {
        return new ContainerSpec(
                image, name, environment, labels, newNetwork, Optional.empty(), restart, command, user);
    }

    public ContainerSpec publishing(Published port) {
        return new ContainerSpec(image, name, environment, labels, network, Optional.of(port), restart, command, user);
    }

    public ContainerSpec restarting(String policy) {
        return new ContainerSpec(image, name, environment, labels, network, published, policy, command, user);
    }

    public ContainerSpec running(List<String> newCommand) {
        return new ContainerSpec(image, name, environment, labels, network, published, restart, newCommand, user);
    }

    public ContainerSpec as(String newUser) {
        return new ContainerSpec(
                image, name, environment, labels, network, published, restart, command, Optional.of(newUser));
    }

    private static Map<String, String> sum(Map<String, String> some, Map<String, String> more) {
        Map<String, String> all = new TreeMap<>(some);
        all.putAll(more);
        return all;
    }

    /** Leaves out the values of variables. */
    @Override
    public String toString() {
        return "ContainerSpec[" + image + " " + name.orElse("") + " " + environment.keySet() + " " + labels + " "
                + network + "]";
    }
}
