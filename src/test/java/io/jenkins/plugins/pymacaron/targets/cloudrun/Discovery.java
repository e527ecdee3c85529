package io.jenkins.plugins.pymacaron.targets.cloudrun;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The names and types in Google's published description of an API, by an excerpt of it. */
final class Discovery {
    private final JsonNode document;

    /** @param excerpt for instance {@code run-v2.json} */
    Discovery(String excerpt) {
        try (InputStream in = Discovery.class.getResourceAsStream(excerpt)) {
            document = new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the possible parameters in the query of a method, in addition to those of every method. */
    List<String> query(String method) {
        List<String> names = new ArrayList<>();
        document.path("methods").path(method).path("query").forEach(name -> names.add(name.asText()));
        return names;
    }

    /**
     * Returns the value as the service keeps it: enums by name, what only the service sets left out.
     *
     * @throws Refusal for a field that there is not, or of another type
     */
    ObjectNode input(String schema, JsonNode value, String at) throws Refusal {
        return (ObjectNode) read(schema, value, at, true);
    }

    /** @throws Refusal when the server itself answers what the real one could not */
    void output(String schema, JsonNode value) throws Refusal {
        read(schema, value, "answer", false);
    }

    private JsonNode read(String type, JsonNode value, String at, boolean input) throws Refusal {
        if (type.startsWith("[")) {
            return array(type.substring(1, type.length() - 1), value, at, input);
        }
        if (type.startsWith("{")) {
            expect(value.isObject(), at, type);
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                read(type.substring(1, type.length() - 1), field.getValue(), at + "." + field.getKey(), input);
            }
            return value;
        }
        if (type.startsWith("enum ")) {
            return constant(List.of(type.substring(5).split(" ")), value, at);
        }
        switch (type) {
            case "string" -> expect(value.isTextual(), at, type);
            case "integer" -> expect(value.isIntegralNumber(), at, type);
            case "number" -> expect(value.isNumber(), at, type);
            case "boolean" -> expect(value.isBoolean(), at, type);
            case "any" -> {}
            default -> {
                return object(type, value, at, input);
            }
        }
        return value;
    }

    private JsonNode object(String schema, JsonNode value, String at, boolean input) throws Refusal {
        expect(value.isObject(), at, schema);
        JsonNode known = document.path("schemas").path(schema);
        ObjectNode kept = ((ObjectNode) value).objectNode();
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            String type = known.path(field.getKey()).asText();
            if (type.isEmpty()) {
                throw Refusal.invalid("Invalid JSON payload received. Unknown name \"" + field.getKey() + "\" at '" + at
                        + "': Cannot find field.");
            }
            boolean output = type.startsWith("output ");
            String plain = output ? type.substring(7) : type;
            JsonNode read = read(plain, field.getValue(), at + "." + field.getKey(), input);
            if (!output || !input) {
                kept.set(field.getKey(), read);
            }
        }
        return kept;
    }

    private JsonNode array(String element, JsonNode value, String at, boolean input) throws Refusal {
        expect(value.isArray(), at, "list");
        ArrayNode kept = ((ArrayNode) value).arrayNode();
        for (int i = 0; i < value.size(); i++) {
            kept.add(read(element, value.get(i), at + "[" + i + "]", input));
        }
        return kept;
    }

    /** A client that asks for {@code enum-encoding=int} also writes numbers; those used here count from 0 in this order. */
    private static JsonNode constant(List<String> names, JsonNode value, String at) throws Refusal {
        if (value.isInt() && value.asInt() >= 0 && value.asInt() < names.size()) {
            return TextNode.valueOf(names.get(value.asInt()));
        }
        expect(value.isTextual() && names.contains(value.asText()), at, "enum");
        return value;
    }

    private static void expect(boolean good, String at, String type) throws Refusal {
        if (!good) {
            throw Refusal.invalid("Invalid value at '" + at + "' (" + type + ")");
        }
    }
}
