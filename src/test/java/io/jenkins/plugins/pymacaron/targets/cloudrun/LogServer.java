package io.jenkins.plugins.pymacaron.targets.cloudrun;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Answer;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The one call of Cloud Logging that is used, entries.list, over what the containers of revisions have written. */
final class LogServer {
    /** "Presently, the only permitted values are": orderBy. */
    private static final List<String> ORDERS = List.of("", "timestamp asc", "timestamp desc");

    private static final Pattern TERM = Pattern.compile("([A-Za-z_.]+)(=|>=)\"([^\"]*)\"");
    private static final int MOST = 1000;
    private static final int DEFAULT = 50;

    private final Discovery discovery = new Discovery("logging-v2.json");
    private final BinaryOperator<String> logs;

    /** @param logs what the revision of a service has written so far */
    LogServer(BinaryOperator<String> logs) {
        this.logs = logs;
    }

    Answer answer(JsonNode body) throws Refusal {
        ObjectNode asked = discovery.input("ListLogEntriesRequest", body, "request");
        if (asked.path("resourceNames").isEmpty()) {
            throw Refusal.invalid("At least one resource name must be specified.");
        }
        String order = asked.path("orderBy").asText();
        if (!ORDERS.contains(order)) {
            throw Refusal.invalid("Invalid order_by: " + order);
        }
        int size = asked.path("pageSize").asInt();
        if (size < 0 || size > MOST) {
            throw Refusal.invalid("page_size must be between 0 and " + MOST);
        }
        Map<String, String> terms = terms(asked.path("filter").asText());
        String revision = terms.getOrDefault("resource.labels.revision_name", "");
        List<String> lines =
                new ArrayList<>(logs.apply(terms.getOrDefault("resource.labels.service_name", ""), revision)
                        .lines()
                        .toList());
        Instant now = Instant.now();
        List<ObjectNode> entries = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            entries.add(entry(terms, now.minusMillis(lines.size() - i), lines.get(i)));
        }
        if (order.endsWith("desc")) {
            Collections.reverse(entries);
        }
        ObjectNode found = JsonNodeFactory.instance.objectNode();
        ArrayNode list = found.putArray("entries");
        entries.stream().limit(size == 0 ? DEFAULT : size).forEach(list::add);
        discovery.output("ListLogEntriesResponse", found);
        return Answer.json(200, found.toString());
    }

    private static ObjectNode entry(Map<String, String> terms, Instant at, String line) {
        ObjectNode entry = JsonNodeFactory.instance.objectNode();
        entry.put("insertId", at.toString())
                .put("timestamp", at.toString())
                .put("receiveTimestamp", at.toString())
                .put("logName", "projects/my-project/logs/run.googleapis.com%2Fstderr")
                .put("textPayload", line);
        ObjectNode resource = entry.putObject("resource").put("type", "cloud_run_revision");
        ObjectNode labels = resource.putObject("labels");
        terms.forEach((name, value) -> {
            if (name.startsWith("resource.labels.")) {
                labels.put(name.substring("resource.labels.".length()), value);
            }
        });
        return entry;
    }

    /** Returns the part of the query language that is used: comparisons that all have to hold. */
    private static Map<String, String> terms(String filter) throws Refusal {
        Map<String, String> terms = new HashMap<>();
        for (String text : filter.split(" AND ")) {
            Matcher term = TERM.matcher(text);
            boolean time = text.startsWith("timestamp");
            if (!term.matches() || time == term.group(2).equals("=")) {
                throw Refusal.invalid("Unparseable filter: syntax error at " + text);
            }
            if (time) {
                parse(term.group(3));
            } else {
                terms.put(term.group(1), term.group(3));
            }
        }
        if (!"cloud_run_revision".equals(terms.get("resource.type"))) {
            throw Refusal.invalid("nothing else writes logs here");
        }
        return terms;
    }

    private static void parse(String time) throws Refusal {
        try {
            Instant.parse(time);
        } catch (DateTimeParseException e) {
            throw Refusal.invalid("Unparseable filter: invalid timestamp " + time);
        }
    }
}
