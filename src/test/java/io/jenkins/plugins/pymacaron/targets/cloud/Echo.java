package io.jenkins.plugins.pymacaron.targets.cloud;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Answer;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Between;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Handler;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Request;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A cloud that does all that it is asked for, and repeats everything it was ever told wherever its answers have words for
 * people: events, conditions, warnings.
 */
public final class Echo implements Between {
    /** Before what it repeats. */
    public static final String MARKER = "I have heard: ";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern MESSAGE = Pattern.compile("(<Message>)([^<]*)(</Message>)");

    /** Some bodies are archives, and large. */
    private static final int MOST = 4_000;

    private final Set<String> heard = new LinkedHashSet<>();

    @Override
    public Answer answer(Request request, Handler server) throws Exception {
        String all = hear(request);
        Answer answer = server.answer(request);
        String type = answer.headers().getOrDefault("Content-Type", "");
        if (answer.status() >= 300 || answer.body().length == 0) {
            return answer;
        }
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        if (type.contains("xml")) {
            return said(
                    answer,
                    MESSAGE.matcher(text)
                            .replaceAll(found -> Matcher.quoteReplacement(
                                    found.group(1) + found.group(2) + " " + escaped(all) + found.group(3))),
                    all);
        }
        return type.contains("json") ? said(answer, inJson(text, all), all) : answer;
    }

    /** Beside headers, of which some clients and proxies make lines of their logs (RFC 7234, 5.5). */
    private static Answer said(Answer answer, String text, String all) {
        Map<String, String> headers = new LinkedHashMap<>(answer.headers());
        headers.put("Warning", "299 - \"" + all.replaceAll("[^ -~]", "?").replace("\"", "'") + "\"");
        return new Answer(answer.status(), headers, text.getBytes(StandardCharsets.UTF_8));
    }

    private String hear(Request request) {
        String said = request.headers().getOrDefault("authorization", "") + " " + request.said();
        synchronized (heard) {
            if (said.length() < MOST) {
                heard.add(said);
            }
            // The first texts, such as the secrets of the service, and the last ones.
            String all = String.join(" | ", heard);
            int length = all.length();
            return MARKER + (length < 2 * MOST ? all : all.substring(0, MOST) + " … " + all.substring(length - MOST));
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String inJson(String text, String all) throws JsonProcessingException {
        JsonNode root = JSON.readTree(text);
        repeat(root, all);
        return JSON.writeValueAsString(root);
    }

    private static void repeat(JsonNode node, String all) {
        if (node instanceof ObjectNode object) {
            // A condition of Kubernetes or of Cloud Run, which may have a message.
            boolean condition = object.has("type") && (object.has("status") || object.has("state"));
            if (object.path("message").isTextual() || condition) {
                object.put("message", object.path("message").asText() + " " + all);
            }
        }
        node.forEach(child -> repeat(child, all));
    }
}
