package io.jenkins.plugins.pymacaron.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.pymacaron.process.Command;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Manages volumes of an engine as notes: the text is in their labels, and each name exists once. */
public final class Volumes {
    private final Docker docker;

    Volumes(Docker docker) {
        this.docker = docker;
    }

    /** Makes a volume unless there is one of that name, which then stays as it is, with its own labels. */
    public void create(String name, Map<String, String> labels) throws IOException, InterruptedException {
        Command create = Command.of("volume", "create").within(Docker.SHORT);
        for (Map.Entry<String, String> label : labels.entrySet()) {
            create = create.and(List.of("--label", label.getKey() + "=" + label.getValue()));
        }
        docker.query("creating the volume " + name, create.and(List.of("--", name)));
    }

    /**
     * Returns the value of {@code label} of the volumes that have all of {@code labels}, by their names; "" where the
     * label is missing.
     */
    public Map<String, String> listed(Map<String, String> labels, String label)
            throws IOException, InterruptedException {
        Map<String, String> found = new TreeMap<>();
        Optional<EngineApi.Answer> answer = docker.read("/volumes?" + EngineApi.labelled(labels));
        if (answer.isPresent()) {
            for (JsonNode volume : answer.get().json().path("Volumes")) {
                found.put(
                        volume.path("Name").asText(),
                        volume.path("Labels").path(label).asText());
            }
            return found;
        }
        Command list = Command.of(
                        "volume", "ls", "--format", ListingFormat.of(List.of(".Name", ListingFormat.label(label))))
                .within(Docker.SHORT);
        for (JsonNode volume :
                ListingFormat.read(docker.query("listing volumes", list.and(Docker.labelFilters(labels))))) {
            found.put(volume.path(0).asText(), volume.path(1).asText());
        }
        return found;
    }

    /** Removes a volume; nothing happens where there is none. */
    public void remove(String name) throws IOException, InterruptedException {
        remove(List.of(name));
    }

    /** Removes volumes as the other method does, in one call. */
    public void remove(Collection<String> names) throws IOException, InterruptedException {
        if (!names.isEmpty()) {
            docker.query(
                    "removing the volume " + String.join(", ", names),
                    Command.of("volume", "rm", "--force", "--")
                            .and(List.copyOf(names))
                            .within(Docker.SHORT));
        }
    }
}
