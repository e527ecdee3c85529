package io.jenkins.plugins.pymacaron.targets.gke;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Compares objects of Kubernetes as trees of JSON: their differences, and the earlier values of changed fields. */
final class JsonTree {
    private static final Pattern AMOUNT = Pattern.compile("(^|\\.)resources\\.(limits|requests)\\.");

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
    private static final int SHORT = 16;
    private static final int LONGEST_VALUE = 60;

    private JsonTree() {}

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    static JsonNode of(Object value) {
        return JSON.valueToTree(value);
    }

    static ObjectNode parse(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (JsonProcessingException | ClassCastException e) {
            throw new IllegalArgumentException("no object of JSON", e);
        }
    }

    static String text(JsonNode tree) {
        return tree.toString();
    }

    /** Returns the text below the path, "" where there is none. */
    static String at(JsonNode tree, String... path) {
        JsonNode found = tree;
        for (String name : path) {
            found = found.path(name);
        }
        return found.asText("");
    }

    /** Returns a hash that is the same for trees that differ only in the order of their fields. */
    static String hash(JsonNode tree) {
        try {
            Object sorted = JSON.treeToValue(tree, Object.class);
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of()
                    .formatHex(digest.digest(JSON.writeValueAsString(sorted).getBytes(StandardCharsets.UTF_8)))
                    .substring(0, SHORT);
        } catch (JsonProcessingException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Returns the differences between the object and the wanted one, as {@code path: old -> new} each. A field that is
     * there and not wanted belongs to others, or is a default.
     */
    static List<String> differences(JsonNode there, JsonNode wanted) {
        List<String> found = new ArrayList<>();
        compare("", there, wanted, found);
        return found;
    }

    private static void compare(String path, JsonNode there, JsonNode wanted, List<String> found) {
        if (wanted.isObject()) {
            for (Map.Entry<String, JsonNode> field : wanted.properties()) {
                String below = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
                compare(below, there.path(field.getKey()), field.getValue(), found);
            }
        } else if (wanted.isArray()) {
            for (int i = 0; i < wanted.size(); i++) {
                JsonNode element = wanted.get(i);
                String name = JsonTree.at(element, "name");
                compare(
                        path + "[" + (name.isEmpty() ? Integer.toString(i) : name) + "]",
                        counterpart(there, element, i),
                        element,
                        found);
            }
        } else if (there.isMissingNode() || !isSame(path, there.asText(""), wanted.asText())) {
            found.add(path + ": " + shown(there) + " -> " + shown(wanted));
        }
    }

    /** Compares amounts by their size: an API server stores 1024Mi as 1Gi and 1000m as 1. */
    private static boolean isSame(String path, String there, String wanted) {
        return there.equals(wanted)
                || AMOUNT.matcher(path).find()
                        && amount(there).isPresent()
                        && amount(there).equals(amount(wanted));
    }

    private static Optional<BigDecimal> amount(String text) {
        try {
            return Optional.of(Quantity.getAmountInBytes(Quantity.parse(text)).stripTrailingZeros());
        } catch (IllegalArgumentException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static JsonNode counterpart(JsonNode there, JsonNode element, int index) {
        String name = JsonTree.at(element, "name");
        if (name.isEmpty()) {
            return there.path(index);
        }
        for (JsonNode other : there) {
            if (name.equals(JsonTree.at(other, "name"))) {
                return other;
            }
        }
        return there.path("none");
    }

    private static String shown(JsonNode value) {
        String text = value.isMissingNode() ? "none" : value.asText();
        return text.length() > LONGEST_VALUE ? text.substring(0, LONGEST_VALUE) + "…" : text;
    }

    /**
     * Returns the current values of the wanted fields, which can be applied to restore them; empty where there are
     * none.
     */
    static Optional<JsonNode> projection(JsonNode there, JsonNode wanted) {
        if (there.isMissingNode()) {
            return Optional.empty();
        }
        if (wanted.isObject()) {
            ObjectNode result = object();
            wanted.properties().forEach(field -> projection(there.path(field.getKey()), field.getValue())
                    .ifPresent(value -> result.set(field.getKey(), value)));
            return Optional.of(result);
        }
        if (wanted.isArray()) {
            ArrayNode result = JSON.createArrayNode();
            there.forEach(result::add);
            return Optional.of(result);
        }
        return Optional.of(there);
    }
}
