package io.jenkins.plugins.pymacaron.jenkins.agent;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The result of a stage as its process wrote it. It comes from an agent: nothing in it is believed to be well-formed. */
final class ResultText {
    private static final int DEEPEST = 100;
    private static final int LONGEST = 16 << 20;
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxStringLength(LONGEST)
                    .build())
            .build());

    private final ObjectNode root;

    private ResultText(ObjectNode root) {
        this.root = root;
    }

    /**
     * @param stdout of the process; what stands before its last line is ignored
     * @throws AbortException with one line when there is no result in it
     */
    static ResultText parse(StageOrder order, String stdout) throws AbortException {
        String text = stdout.strip();
        String line = text.substring(text.lastIndexOf('\n') + 1);
        if (line.isEmpty()) {
            throw new AbortException(Messages.ResultText_none(order.getTitle()));
        }
        if (line.length() > LONGEST) {
            throw new AbortException(Messages.ResultText_long(order.getTitle(), LONGEST >> 20));
        }
        try {
            if (JSON.readTree(line) instanceof ObjectNode root) {
                if (root.path("schema").asInt() != 1) {
                    throw new AbortException(Messages.ResultText_schema(order.getTitle()));
                }
                return new ResultText(root);
            }
        } catch (JsonProcessingException e) {
            // said below
        }
        throw new AbortException(Messages.ResultText_none(order.getTitle()));
    }

    /** Text at a field, empty if there is none. */
    @NonNull
    String text(String field) {
        return root.path(field).asText("");
    }

    /** One line for a log or a page. */
    String line(String field) {
        return text(field).replaceAll("\\s+", " ").strip();
    }

    JsonNode node(String field) {
        return root.path(field);
    }

    Optional<JsonNode> object(String field) {
        return Optional.of(root.path(field)).filter(JsonNode::isObject);
    }

    List<JsonNode> list(String field) {
        List<JsonNode> all = new ArrayList<>();
        if (root.path(field).isArray()) {
            root.path(field).forEach(all::add);
        }
        return all;
    }

    /** As maps, lists and plain values, for a Pipeline. */
    Object plain(String field) {
        return JSON.convertValue(root.path(field), Object.class);
    }

    /** What the next stage is told: the whole of what this one hands on, or what it was told itself if it says nothing. */
    String stateOver(String earlier) {
        return root.path("state") instanceof ObjectNode state ? state.toString() : earlier;
    }

    /** Only what is shown later: the report of the tests and the log around it. Empty if there is neither. */
    Optional<byte[]> forReport() {
        ObjectNode kept = JSON.createObjectNode();
        for (String field : List.of("report", "log", "gap", "plan", "warnings", "previous")) {
            if (!root.path(field).isMissingNode() && !root.path(field).isNull()) {
                kept.set(field, root.path(field));
            }
        }
        try {
            return kept.isEmpty() ? Optional.empty() : Optional.of(JSON.writeValueAsBytes(kept));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was read as JSON cannot be written as such", e);
        }
    }
}
