package io.jenkins.plugins.pymacaron.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads docker's answers. */
final class DockerJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private DockerJson() {}

    static JsonNode parse(String text) throws IOException {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            // The text is left out, because it may contain a container's secrets.
            throw new IOException("docker answered with something other than JSON");
        }
    }

    static List<String> texts(JsonNode array) {
        List<String> all = new ArrayList<>();
        array.forEach(item -> all.add(item.asText()));
        return List.copyOf(all);
    }

    static Map<String, String> map(JsonNode object) {
        Map<String, String> all = new TreeMap<>();
        object.properties()
                .forEach(field -> all.put(field.getKey(), field.getValue().asText()));
        return Map.copyOf(all);
    }
}
