package io.jenkins.plugins.pymacaron.targets.beanstalk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.pymacaron.targets.cloud.AnswerShape;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Calls and answers of Elastic Beanstalk against its published model (elasticbeanstalk-model.json says which): names, required
 * fields, lengths, patterns and enumerations.
 */
final class ServiceModel {
    private final JsonNode operations;

    ServiceModel() throws IOException {
        try (InputStream in = ServiceModel.class.getResourceAsStream("elasticbeanstalk-model.json")) {
            operations = new ObjectMapper().readTree(in).get("operations");
        }
    }

    Set<String> operationNames() {
        Set<String> names = new TreeSet<>();
        operations.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** Returns the faults of a form of the Query protocol; usually none. */
    List<String> problems(Map<String, String> form) {
        String action = form.getOrDefault("Action", "");
        List<String> problems = new ArrayList<>();
        Map<String, String> rest = new TreeMap<>(form);
        rest.remove("Action");
        rest.remove("Version");
        if (!operations.has(action)) {
            return List.of("no operation " + action);
        }
        JsonNode input = operations.path(action).path("input");
        if (!input.isMissingNode()) {
            check(action, "", input, rest, problems);
        }
        rest.keySet().forEach(left -> problems.add(action + " has no field " + left));
        return problems;
    }

    /** Takes out of {@code rest} what it knows. */
    private static void check(
            String action, String at, JsonNode shape, Map<String, String> rest, List<String> problems) {
        switch (shape.get("type").asText()) {
            case "structure" -> {
                shape.path("required").forEach(name -> {
                    String field = at + name.asText();
                    if (rest.keySet().stream().noneMatch(k -> k.equals(field) || k.startsWith(field + "."))) {
                        problems.add(action + " lacks " + field);
                    }
                });
                shape.get("members").properties().forEach(member -> {
                    String field = at + member.getKey();
                    boolean group = member.getValue().has("members")
                            || member.getValue().has("member");
                    // Required members of a structure are only checked where the structure is given.
                    boolean given = rest.keySet().stream().anyMatch(k -> k.equals(field) || k.startsWith(field + "."));
                    if (given) {
                        check(action, group ? field + "." : field, member.getValue(), rest, problems);
                    }
                });
            }
            case "list" -> {
                rest.remove(at.substring(0, at.length() - 1));
                for (int i = 1; i <= 200; i++) {
                    String item = at + "member." + i;
                    boolean group = shape.get("member").has("members");
                    if (rest.keySet().stream().anyMatch(k -> k.equals(item) || k.startsWith(item + "."))) {
                        check(action, group ? item + "." : item, shape.get("member"), rest, problems);
                    }
                }
            }
            default -> {
                String value = rest.remove(at);
                if (value != null) {
                    value(action + " " + at, shape, value).forEach(problems::add);
                }
            }
        }
    }

    private static List<String> value(String field, JsonNode shape, String value) {
        List<String> problems = new ArrayList<>();
        switch (shape.get("type").asText()) {
            case "string" -> {
                if (shape.has("min") && value.length() < shape.get("min").asInt()
                        || shape.has("max") && value.length() > shape.get("max").asInt()) {
                    problems.add(field + " has " + value.length() + " characters");
                }
                if (shape.has("pattern") && !value.matches(shape.get("pattern").asText())) {
                    problems.add(field + " is " + value);
                }
                boolean known = !shape.has("enum");
                for (JsonNode one : shape.path("enum")) {
                    known |= one.asText().equals(value);
                }
                if (!known) {
                    problems.add(field + " is none of the enumeration: " + value);
                }
            }
            case "integer", "long" -> {
                if (!value.matches("-?[0-9]+")
                        || shape.has("max")
                                && Long.parseLong(value) > shape.get("max").asLong()
                        || shape.has("min")
                                && Long.parseLong(value) < shape.get("min").asLong()) {
                    problems.add(field + " is " + value);
                }
            }
            case "boolean" -> {
                if (!value.matches("true|false")) {
                    problems.add(field + " is " + value);
                }
            }
            case "timestamp" -> {
                if (!value.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]+([.][0-9]+)?Z")) {
                    problems.add(field + " is " + value);
                }
            }
            default -> {}
        }
        return problems;
    }

    /** Fields of an answer that the model has not, or has as something else. */
    List<String> problems(String action, AnswerShape answer) {
        List<String> problems = new ArrayList<>();
        answer.fields().forEach((path, kind) -> {
            JsonNode shape = operations.path(action).path("output");
            for (String name : path.split("[.]")) {
                while (shape.path("type").asText().equals("list")) {
                    shape = shape.get("member");
                }
                shape = shape.path("members").path(name);
            }
            boolean group = shape.has("members") || shape.has("member");
            boolean fits =
                    switch (shape.path("type").asText()) {
                        case "timestamp" -> kind == AnswerShape.Kind.TIME;
                        case "boolean" -> kind == AnswerShape.Kind.FLAG;
                        case "integer", "long", "double" -> kind == AnswerShape.Kind.NUMBER;
                        case "" -> false;
                        default -> group == (kind == AnswerShape.Kind.GROUP) || kind == AnswerShape.Kind.GROUP;
                    };
            if (!fits) {
                problems.add(action + ": " + path + " is " + kind);
            }
        });
        return problems;
    }
}
