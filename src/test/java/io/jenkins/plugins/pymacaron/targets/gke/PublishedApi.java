package io.jenkins.plugins.pymacaron.targets.gke;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Request;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Calls and answers held against a published model, of which the resource has an extract and names the source. */
final class PublishedApi {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode model;

    private PublishedApi(JsonNode model) {
        this.model = model;
    }

    static PublishedApi read(String resource) throws IOException {
        try (InputStream in = PublishedApi.class.getResourceAsStream(resource)) {
            return new PublishedApi(JSON.readTree(in));
        }
    }

    /** Returns the parts of a call that the model does not know: its path, its method, the names of its parameters. */
    Set<String> problems(Request request) {
        String asked = request.method() + " " + request.path();
        Optional<Map.Entry<String, JsonNode>> operation = model.path("operations").properties().stream()
                .filter(known -> pattern(known.getKey()).matcher(asked).matches())
                .findFirst();
        if (operation.isEmpty()) {
            return Set.of(asked + " is not known");
        }
        Set<String> known = new TreeSet<>();
        operation.get().getValue().forEach(name -> known.add(name.asText()));
        Set<String> problems = new TreeSet<>();
        request.query().keySet().stream()
                .filter(name -> !known.contains(name))
                .forEach(name -> problems.add(asked + " has no parameter " + name));
        return problems;
    }

    private static Pattern pattern(String operation) {
        return Pattern.compile(operation
                .replace("{path}", ".*")
                .replaceAll("\\{[a-z]+}", "[^/]+")
                .replaceFirst("/$", "/?"));
    }

    /** Returns the kind of an object, as the model names it; empty for one that it does not have. */
    Optional<String> definition(JsonNode object) {
        String kind =
                object.path("apiVersion").asText() + " " + object.path("kind").asText();
        return Optional.of(model.path("kinds").path(kind).asText()).filter(name -> !name.isEmpty());
    }

    /** Returns unknown and missing fields, and those of another form. */
    Set<String> problems(String definition, JsonNode object) {
        Set<String> problems = new TreeSet<>();
        check("", JsonTree.object().put("ref", definition), object, problems);
        return problems;
    }

    private void check(String path, JsonNode schema, JsonNode value, Set<String> problems) {
        if (value.isNull()) {
            return;
        }
        if (schema.has("ref")) {
            check(path, model.path("definitions").path(schema.get("ref").asText()), value, problems);
            return;
        }
        switch (schema.path("type").asText()) {
            case "object" -> object(path, schema, value, problems);
            case "array" -> list(path, schema, value, problems);
            case "boolean" -> expect(value.isBoolean(), path, "is no boolean", problems);
            case "integer" -> expect(value.isIntegralNumber(), path, "is no integer", problems);
            case "string" -> text(path, schema, value, problems);
            default -> {
                // a part that the extract leaves out
            }
        }
    }

    private void object(String path, JsonNode schema, JsonNode value, Set<String> problems) {
        if (!value.isObject()) {
            problems.add(path + " is no object");
            return;
        }
        schema.path("required")
                .forEach(name -> expect(value.has(name.asText()), path + "." + name.asText(), "is missing", problems));
        boolean open = !schema.has("properties") && !schema.has("additionalProperties");
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            String below = path + "." + field.getKey();
            JsonNode known = schema.path("properties").path(field.getKey());
            if (!known.isMissingNode()) {
                check(below, known, field.getValue(), problems);
            } else if (schema.has("additionalProperties")) {
                check(below, schema.get("additionalProperties"), field.getValue(), problems);
            } else if (!open) {
                problems.add(below + " is not known");
            }
        }
    }

    private void list(String path, JsonNode schema, JsonNode value, Set<String> problems) {
        if (!value.isArray()) {
            problems.add(path + " is no list");
            return;
        }
        for (JsonNode element : value) {
            // By these server-side apply tells elements apart, and it refuses one without.
            schema.path("keys")
                    .forEach(key -> expect(
                            element.has(key.asText()), path + "[]." + key.asText(), "is a key and missing", problems));
            check(path + "[]", schema.path("items"), element, problems);
        }
    }

    private static void text(String path, JsonNode schema, JsonNode value, Set<String> problems) {
        if (schema.path("format").asText().equals("int-or-string") && value.isIntegralNumber()) {
            return;
        }
        String text = value.asText();
        expect(value.isTextual(), path, "is no text", problems);
        expect(text.length() <= schema.path("maxLength").asInt(Integer.MAX_VALUE), path, "is too long", problems);
        expect(
                !schema.has("pattern")
                        || Pattern.compile(schema.get("pattern").asText())
                                .matcher(text)
                                .find(),
                path,
                "has another form: " + text,
                problems);
        expect(
                !schema.has("enum") || schema.get("enum").toString().contains("\"" + text + "\""),
                path,
                "has no such value: " + text,
                problems);
        expect(
                !schema.path("format").asText().equals("date-time") || text.matches("[0-9-]{10}T[0-9:.]{8,}Z"),
                path,
                "is no time: " + text,
                problems);
    }

    private static void expect(boolean holds, String path, String what, Set<String> problems) {
        if (!holds) {
            problems.add(path + " " + what);
        }
    }
}
