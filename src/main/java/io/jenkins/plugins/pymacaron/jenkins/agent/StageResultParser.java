package io.jenkins.plugins.pymacaron.jenkins.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hudson.AbortException;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult;
import java.io.IOException;
import java.util.Map;

/** Reads the output of a stage's process. It comes from an agent: nothing in it is trusted to be well-formed. */
final class StageResultParser {
    private static final ObjectMapper JSON = new ObjectMapper();

    private StageResultParser() {}

    /**
     * Reads the result.
     *
     * @param stdout of the process; the text before its last line is ignored
     * @throws AbortException with one line when there is no result in it
     */
    static StageResult parse(StageOrder order, String stdout) throws AbortException {
        String text = stdout.strip();
        String line = text.substring(text.lastIndexOf('\n') + 1);
        if (line.isEmpty()) {
            throw new AbortException(Messages.StageResultParser_none(order.getTitle()));
        }
        try {
            return StageResult.fromJson(line);
        } catch (IOException e) {
            throw new AbortException(Messages.StageResultParser_unreadable(order.getTitle(), line(e.getMessage())));
        }
    }

    /** Returns one line for a log or a page. */
    static String line(String text) {
        return String.valueOf(text).replaceAll("\\s+", " ").strip();
    }

    /**
     * Returns the state for the next stage: the entries of this one laid over the known ones. A stage reports its own
     * changes only, and so several stages can run in parallel.
     */
    static String stateAfter(String earlier, StageResult result) {
        if (result.state().isEmpty()) {
            return earlier;
        }
        try {
            ObjectNode state = JSON.readTree(earlier) instanceof ObjectNode before ? before : JSON.createObjectNode();
            result.state().forEach((key, value) -> state.set(key, JSON.valueToTree(value)));
            return JSON.writeValueAsString(state);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the state of a build is no JSON any more", e);
        }
    }

    static Map<String, Map<String, String>> state(String json) throws IOException {
        return JSON.readValue(
                json,
                JSON.getTypeFactory()
                        .constructMapType(
                                Map.class,
                                JSON.constructType(String.class),
                                JSON.getTypeFactory().constructMapType(Map.class, String.class, String.class)));
    }
}
