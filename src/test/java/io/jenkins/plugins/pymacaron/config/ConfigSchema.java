package io.jenkins.plugins.pymacaron.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The JSON Schema (draft-07, which editors read) of {@code pym-config.yaml}, out of the table of keys. The kinds that a key
 * takes are found out from its own reader, so that the schema cannot say something else.
 */
final class ConfigSchema {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final Pattern RANGE = Pattern.compile("a whole number (?:from (\\d+) to (\\d+)|of at least (\\d+))");
    private static final Pattern CHOICE = Pattern.compile("one of ([^;]*)");

    /** A value of each kind, as it is written in YAML. */
    private static final Map<String, String> PROBES = new LinkedHashMap<>();

    static {
        PROBES.put("boolean", "true");
        PROBES.put("integer", "1");
        PROBES.put("number", "1.5");
        PROBES.put("string", "a");
        PROBES.put("array", "[a]");
        PROBES.put("object", "{a: b}");
    }

    private ConfigSchema() {}

    static String write() throws ConfigException, JsonProcessingException {
        ObjectNode root = JSON.createObjectNode();
        root.put("$schema", "http://json-schema.org/draft-07/schema#");
        root.put("title", "pym-config.yaml");
        root.put("description", "The configuration of a PyMacaron service and of its deployment.");
        root.put("type", "object");
        root.putArray("required").add(ServiceKeys.NAME.name());
        root.putArray("allOf").add(reference());
        ObjectNode slots = root.putObject("properties");
        slots.set(PipelineKeys.STAGING.name(), reference(PipelineKeys.STAGING));
        ObjectNode live = slots.putObject(PipelineKeys.LIVE.name());
        live.put("description", PipelineKeys.LIVE.help());
        ArrayNode either = live.putArray("anyOf");
        either.add(reference());
        either.addObject().put("type", "array").set("items", reference());
        ObjectNode keys = root.putObject("definitions").putObject("keys");
        keys.put("type", "object");
        keys.set("properties", properties(Keys.SECTIONS));
        return JSON.writeValueAsString(root) + "\n";
    }

    private static ObjectNode reference() {
        return JSON.createObjectNode().put("$ref", "#/definitions/keys");
    }

    private static ObjectNode reference(Key<?> key) {
        ObjectNode reference = JSON.createObjectNode().put("description", key.help());
        reference.putArray("allOf").add(reference());
        return reference;
    }

    private static ObjectNode properties(Iterable<Section> sections) throws ConfigException {
        ObjectNode properties = JSON.createObjectNode();
        for (Section section : sections) {
            for (Key<?> key : section.keys()) {
                if (key != PipelineKeys.STAGING && key != PipelineKeys.LIVE) {
                    properties.set(key.name(), property(key));
                }
            }
        }
        return properties;
    }

    private static ObjectNode property(Key<?> key) throws ConfigException {
        ObjectNode property = JSON.createObjectNode();
        property.put("description", key.help());
        Section block = block(key);
        if (block != null) {
            property.put("type", "object");
            property.set("properties", properties(List.of(block)));
            property.put("additionalProperties", false);
            return property;
        }
        if (!key.retired().isEmpty()) {
            property.put("deprecated", true);
            return property;
        }
        Set<String> kinds = kinds(key);
        ObjectNode kind = JSON.createObjectNode();
        ArrayNode types = kind.putArray("type");
        kinds.forEach(types::add);
        limit(kind, key.type().expected(), kinds);
        if (kinds.contains("string") && !kind.has("enum")) {
            property.setAll(kind);
        } else {
            // The name of a variable of env_secrets stands for its value, with every key.
            property.putArray("anyOf")
                    .add(kind)
                    .addObject()
                    .put("type", "string")
                    .put("pattern", "^[A-Z_][A-Z0-9_]*$");
        }
        if (!key.example().isEmpty() && !key.secret()) {
            property.putArray("examples").addPOJO(example(key).plain());
        }
        return property;
    }

    private static Section block(Key<?> key) {
        if (key == PipelineKeys.ACCEPT) {
            return PipelineKeys.ACCEPT_SECTION;
        }
        if (key == PipelineKeys.TIMEOUTS) {
            return PipelineKeys.TIMEOUTS_SECTION;
        }
        return key == PipelineKeys.RETENTION ? PipelineKeys.RETENTION_SECTION : null;
    }

    private static void limit(ObjectNode kind, String expected, Set<String> kinds) {
        Matcher range = RANGE.matcher(expected);
        if (range.find() && kinds.contains("integer")) {
            kind.put("minimum", Integer.parseInt(range.group(1) == null ? range.group(3) : range.group(1)));
            if (range.group(2) != null) {
                kind.put("maximum", Integer.parseInt(range.group(2)));
            }
        }
        Matcher choice = CHOICE.matcher(expected);
        if (choice.matches() && kinds.equals(Set.of("string"))) {
            ArrayNode choices = kind.putArray("enum");
            for (String one : choice.group(1).split(", ")) {
                choices.add(one);
            }
        }
    }

    private static Set<String> kinds(Key<?> key) throws ConfigException {
        Set<String> kinds = new TreeSet<>();
        for (Map.Entry<String, String> probe : PROBES.entrySet()) {
            if (takes(key, probe.getValue())) {
                kinds.add(probe.getKey());
            }
        }
        if (!key.example().isEmpty()) {
            kinds.add(kind(example(key)));
        }
        return kinds;
    }

    private static boolean takes(Key<?> key, String text) throws ConfigException {
        Problems problems = new Problems("f");
        Value.Mapping file = YamlReader.read("f", (key + ": " + text).getBytes(), problems);
        return SettingsReader.read(file, List.of(key), problems)
                .settings()
                .find(key)
                .isPresent();
    }

    private static Value example(Key<?> key) throws ConfigException {
        Value.Mapping file = YamlReader.read("f", (key + ": " + key.example()).getBytes(), new Problems("f"));
        return file.entries().get(key.name()).value();
    }

    private static String kind(Value value) {
        if (value instanceof Value.Items) {
            return "array";
        }
        if (value instanceof Value.Mapping) {
            return "object";
        }
        Object plain = value.plain();
        if (plain instanceof Boolean) {
            return "boolean";
        }
        if (plain instanceof BigInteger) {
            return "integer";
        }
        return plain instanceof Double ? "number" : "string";
    }
}
