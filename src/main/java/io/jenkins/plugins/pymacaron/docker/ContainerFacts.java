package io.jenkins.plugins.pymacaron.docker;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The engine's facts about a container. Its environment, which contains secrets, is left out. A listing tells id, name,
 * image, status and labels alone.
 */
public record ContainerFacts(
        String id, String name, Map<String, String> labels, Origin origin, State state, Network network) {

    /**
     * The image and the settings that it was made of.
     *
     * @param image the reference
     * @param imageId {@code sha256:…}
     * @param created the time when it was made
     * @param restart the restart policy
     */
    public record Origin(String image, String imageId, Instant created, String restart) {}

    /**
     * The state of its process.
     *
     * @param status "created", "running", "paused", "restarting", "removing", "exited" or "dead"
     * @param exitCode of its last end; 0 while it runs for the first time
     * @param error the engine's message about a failure; usually empty
     * @param oomKilled whether it was ended because it used too much memory
     * @param startedAt of its last start; empty if it never started
     * @param health "starting", "healthy" or "unhealthy"; empty if the image has no health check
     */
    public record State(
            String status,
            int exitCode,
            String error,
            boolean oomKilled,
            int restarts,
            Optional<Instant> startedAt,
            Optional<String> health) {}

    /**
     * Its network.
     *
     * @param mode as the engine names it
     * @param ports published ports by the port within
     * @param address of its own, on the first network that gives it one; empty on that of the machine
     */
    public record Network(String mode, Map<Integer, Integer> ports, Optional<String> address) {}

    private static final int LISTED = 4;

    static ContainerFacts of(JsonNode container) {
        JsonNode state = container.path("State");
        JsonNode config = container.path("Config");
        Map<Integer, Integer> ports = new TreeMap<>();
        container.path("NetworkSettings").path("Ports").properties().forEach(port -> {
            JsonNode outside = port.getValue().path(0).path("HostPort");
            if (!outside.isMissingNode() && port.getKey().endsWith("/tcp")) {
                ports.put(Integer.valueOf(port.getKey().replace("/tcp", "")), outside.asInt());
            }
        });
        String health = state.path("Health").path("Status").asText("");
        return new ContainerFacts(
                container.path("Id").asText(),
                container.path("Name").asText().replaceFirst("^/", ""),
                DockerJson.map(config.path("Labels")),
                new Origin(
                        config.path("Image").asText(),
                        container.path("Image").asText(),
                        instant(container.path("Created")).orElse(Instant.EPOCH),
                        container
                                .path("HostConfig")
                                .path("RestartPolicy")
                                .path("Name")
                                .asText()),
                new State(
                        state.path("Status").asText(),
                        state.path("ExitCode").asInt(),
                        state.path("Error").asText(),
                        state.path("OOMKilled").asBoolean(),
                        container.path("RestartCount").asInt(),
                        instant(state.path("StartedAt")),
                        health.isEmpty() ? Optional.empty() : Optional.of(health)),
                new Network(
                        container.path("HostConfig").path("NetworkMode").asText(),
                        Map.copyOf(ports),
                        address(container.path("NetworkSettings").path("Networks"))));
    }

    /** Reads a row of a listing. @param row id, names, image and state, and then a value for each of {@code labels} */
    static ContainerFacts listed(JsonNode row, List<String> labels) {
        Map<String, String> known = new TreeMap<>();
        for (int i = 0; i < labels.size(); i++) {
            known.put(labels.get(i), row.path(LISTED + i).asText());
        }
        List<String> names = List.of(row.path(1).asText().split(","));
        return brief(
                row.path(0).asText(),
                names,
                row.path(2).asText(),
                row.path(LISTED - 1).asText(),
                known);
    }

    /** Reads the same as {@link #listed} from an item of the API's list. */
    static ContainerFacts read(JsonNode container, List<String> labels) {
        Map<String, String> known = new TreeMap<>();
        for (String label : labels) {
            known.put(label, container.path("Labels").path(label).asText());
        }
        // Each name begins with a slash here.
        List<String> names = DockerJson.texts(container.path("Names")).stream()
                .map(name -> name.replaceFirst("^/", ""))
                .toList();
        return brief(
                container.path("Id").asText(),
                names,
                container.path("Image").asText(),
                container.path("State").asText(),
                known);
    }

    private static ContainerFacts brief(
            String id, List<String> names, String image, String state, Map<String, String> labels) {
        labels.values().removeIf(String::isEmpty);
        return new ContainerFacts(
                id,
                ownName(names),
                Map.copyOf(labels),
                new Origin(image, "", Instant.EPOCH, ""),
                new State(state, 0, "", false, 0, Optional.empty(), Optional.empty()),
                new Network("", Map.of(), Optional.empty()));
    }

    /** Returns the container's own name. A listing also names the links that others have to it, each with a slash. */
    private static String ownName(List<String> names) {
        return names.stream().filter(name -> name.indexOf('/') < 0).findFirst().orElse(String.join(",", names));
    }

    private static Optional<String> address(JsonNode networks) {
        for (JsonNode network : networks) {
            String address = network.path("IPAddress").asText("");
            if (!address.isEmpty()) {
                return Optional.of(address);
            }
        }
        return Optional.empty();
    }

    public boolean running() {
        return state.status.equals("running");
    }

    public String label(String key) {
        return labels.getOrDefault(key, "");
    }

    /** Returns the time; the engine writes the year 1 for "never". */
    private static Optional<Instant> instant(JsonNode text) {
        try {
            Instant instant = Instant.parse(text.asText());
            return instant.isAfter(Instant.EPOCH) ? Optional.of(instant) : Optional.empty();
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
