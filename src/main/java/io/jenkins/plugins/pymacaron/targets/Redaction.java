package io.jenkins.plugins.pymacaron.targets;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Removes from the traffic between clouds and clients all values that are secret by their place: tokens, keys,
 * passwords, and all values of environment variables and of Kubernetes' Secrets and ConfigMaps. Shape, names and types
 * stay. Content that is neither JSON nor XML nor a form is left out as a whole.
 */
final class Redaction {
    static final String STARS = "****";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LARGEST = 1 << 20;

    private static final Pattern SECRET = Pattern.compile(
            "(?i).*(token|secret|passw|credential|authorization|assertion|signature|cookie|private.?key|api.?key|access.?key|key.?data"
                    + "|last-applied-configuration|payload).*");
    /** The tokens by which the next page of a list is asked for. */
    private static final Pattern PAGE = Pattern.compile("(?i)(next|page|nextpage|continue)_?-?token");
    /** All fields in these, but for their names, are values. */
    private static final Set<String> VARIABLES =
            Set.of("env", "envvars", "environment", "data", "stringdata", "binarydata");

    private static final String PROPERTIES = "aws:elasticbeanstalk:application:environment";
    private static final Pattern ELEMENT = Pattern.compile("<([A-Za-z]+)>([^<]*)</");
    private static final Pattern MEMBER = Pattern.compile("<member>(?:(?!<member>).)*?</member>", Pattern.DOTALL);
    private static final Pattern VALUE = Pattern.compile("<Value>[^<]*</Value>");

    private Redaction() {}

    /** Returns the redacted body. @param type of the content, by its header; empty where nothing of it may be kept */
    static Optional<String> body(String type, byte[] body) {
        String kind = type.toLowerCase(Locale.ROOT);
        if (body.length == 0 || body.length > LARGEST) {
            return Optional.empty();
        }
        String text = new String(body, StandardCharsets.UTF_8);
        if (kind.contains("json")) {
            return json(text);
        }
        if (kind.contains("xml")) {
            return Optional.of(xml(text));
        }
        return kind.startsWith("application/x-www-form-urlencoded") ? Optional.of(form(text)) : Optional.empty();
    }

    static String url(URI url) {
        String query = url.getRawQuery();
        String all = url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort())
                + url.getRawPath();
        return query == null ? all : all + "?" + form(query);
    }

    private static boolean isSecret(String name) {
        return SECRET.matcher(name).matches() && !PAGE.matcher(name).matches();
    }

    private static Optional<String> json(String text) {
        try {
            return Optional.of(JSON.writeValueAsString(clean(JSON.readTree(text), false)));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** Returns the redacted node. @param values whether all leaves but names are removed */
    private static JsonNode clean(JsonNode node, boolean values) {
        if (node instanceof ObjectNode object) {
            ObjectNode left = JSON.createObjectNode();
            object.properties().forEach(field -> {
                String name = field.getKey();
                JsonNode inner = field.getValue();
                boolean isName = values && (name.equals("name") || name.equals("key"));
                boolean hidden = values && !isName || isSecret(name);
                left.set(
                        name,
                        inner.isContainerNode()
                                ? clean(inner, hidden || VARIABLES.contains(name.toLowerCase(Locale.ROOT)))
                                : hidden && !inner.isNull() ? TextNode.valueOf(STARS) : inner);
            });
            return left;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode left = JSON.createArrayNode();
            array.forEach(item -> left.add(item.isContainerNode() ? clean(item, values) : leaf(item, values)));
            return left;
        }
        return leaf(node, values);
    }

    private static JsonNode leaf(JsonNode node, boolean hidden) {
        return hidden ? TextNode.valueOf(STARS) : node;
    }

    private static String xml(String text) {
        String left = ELEMENT.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        isSecret(found.group(1)) ? "<" + found.group(1) + ">" + STARS + "</" : found.group()));
        return MEMBER.matcher(left)
                .replaceAll(found -> Matcher.quoteReplacement(
                        found.group().contains("<Namespace>" + PROPERTIES)
                                ? VALUE.matcher(found.group()).replaceAll("<Value>" + STARS + "</Value>")
                                : found.group()));
    }

    private static String form(String text) {
        Map<String, String> pairs = new LinkedHashMap<>();
        Set<String> hidden = new HashSet<>();
        for (String pair : text.split("&")) {
            int equals = pair.indexOf('=');
            String name = URLDecoder.decode(equals < 0 ? pair : pair.substring(0, equals), StandardCharsets.UTF_8);
            String value = equals < 0 ? "" : URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8);
            pairs.put(name, value);
            if (isSecret(name)) {
                hidden.add(name);
            } else if (name.endsWith(".Namespace") && value.startsWith(PROPERTIES)) {
                hidden.add(name.substring(0, name.length() - "Namespace".length()) + "Value");
            }
        }
        List<String> left = new ArrayList<>();
        pairs.forEach((name, value) -> left.add(URLEncoder.encode(name, StandardCharsets.UTF_8)
                + (value.isEmpty()
                        ? ""
                        : "=" + (hidden.contains(name) ? STARS : URLEncoder.encode(value, StandardCharsets.UTF_8)))));
        return String.join("&", left);
    }
}
