package io.jenkins.plugins.pymacaron.targets.docker;

import java.util.HashMap;
import java.util.Map;

/**
 * All inputs of a new container except its environment variables, whose values the journal must not hold.
 *
 * @param image an image id or {@code repository@digest}
 * @param port the port of the service, as its users see it
 * @param probePort a second port on loopback for this container alone; 0 = none, {@code port} is its own
 * @param keepAlive whether the engine starts it again when it ends or the machine restarts
 * @param labels see {@link DockerMetadata}
 */
record ContainerCreation(
        String container, String image, int port, int probePort, boolean keepAlive, Map<String, String> labels) {
    private static final String LABEL = "label:";

    Map<String, String> toArgs() {
        Map<String, String> args = new HashMap<>();
        args.put("container", container);
        args.put("image", image);
        args.put("port", Integer.toString(port));
        args.put("probePort", Integer.toString(probePort));
        args.put("keepAlive", Boolean.toString(keepAlive));
        labels.forEach((name, value) -> args.put(LABEL + name, value));
        return Map.copyOf(args);
    }

    static ContainerCreation read(Map<String, String> args) {
        Map<String, String> labels = new HashMap<>();
        args.forEach((name, value) -> {
            if (name.startsWith(LABEL)) {
                labels.put(name.substring(LABEL.length()), value);
            }
        });
        return new ContainerCreation(
                args.get("container"),
                args.get("image"),
                Integer.parseInt(args.get("port")),
                Integer.parseInt(args.get("probePort")),
                Boolean.parseBoolean(args.get("keepAlive")),
                Map.copyOf(labels));
    }
}
