package io.jenkins.plugins.pymacaron.docker;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * An image in the engine.
 *
 * @param id {@code sha256:…}
 * @param tags {@code repository:tag}
 * @param digests {@code repository@sha256:…}, of the registries it was pushed to or pulled from
 * @param created ISO 8601
 * @param size in bytes
 */
public record ImageFacts(
        String id,
        List<String> tags,
        List<String> digests,
        Map<String, String> labels,
        String created,
        String os,
        String arch,
        long size) {

    static ImageFacts of(JsonNode image) {
        return new ImageFacts(
                image.path("Id").asText(),
                DockerJson.texts(image.path("RepoTags")),
                DockerJson.texts(image.path("RepoDigests")),
                DockerJson.map(image.path("Config").path("Labels")),
                image.path("Created").asText(),
                image.path("Os").asText(),
                image.path("Architecture").asText(),
                image.path("Size").asLong());
    }

    public String label(String name) {
        return labels.getOrDefault(name, "");
    }
}
