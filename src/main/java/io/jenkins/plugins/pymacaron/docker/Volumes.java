package io.jenkins.plugins.pymacaron.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.process.Finished;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The volumes of an engine, as far as they are notes on it: what their labels say, and that each name exists once. */
public final class Volumes {
    private final Docker docker;

    Volumes(Docker docker) {
        this.docker = docker;
    }

    /** Makes it unless there is one of that name, which then stays as it is, with its own labels. */
    public void create(String name, Map<String, String> labels) throws IOException, InterruptedException {
        Command create = Command.of("volume", "create").within(Docker.SHORT);
        for (Map.Entry<String, String> label : labels.entrySet()) {
            create = create.and(List.of("--label", label.getKey() + "=" + label.getValue()));
        }
        docker.query("creating the volume " + name, create.and(List.of("--", name)));
    }

    /** By name, the labels of those that have these; an empty value means any. */
    public Map<String, Map<String, String>> labelled(Map<String, String> labels)
            throws IOException, InterruptedException {
        Command list = Command.of("volume", "ls", "--quiet").within(Docker.SHORT);
        List<String> names = docker.query("listing volumes", list.and(Docker.labelFilters(labels)))
                .lines()
                .toList();
        Map<String, Map<String, String>> found = new TreeMap<>();
        for (String name : names) {
            Finished one =
                    docker.attempt(Command.of("volume", "inspect", "--", name).within(Docker.SHORT));
            // One may have gone since it was listed.
            for (JsonNode volume : one.ok() ? Json.parse(one.output()) : Json.parse("[]")) {
                Map<String, String> all = new TreeMap<>();
                volume.path("Labels")
                        .properties()
                        .forEach(e -> all.put(e.getKey(), e.getValue().asText()));
                found.put(name, all);
            }
        }
        return found;
    }

    /** Nothing happens where there is none. */
    public void remove(String name) throws IOException, InterruptedException {
        docker.query(
                "removing the volume " + name,
                Command.of("volume", "rm", "--force", "--", name).within(Docker.SHORT));
    }
}
