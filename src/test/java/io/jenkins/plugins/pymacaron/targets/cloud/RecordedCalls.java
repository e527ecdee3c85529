package io.jenkins.plugins.pymacaron.targets.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The knowledge of a file of recorded calls about each operation: the fields of all its answers. Files are those of
 * {@code pymdeploy --record}, or published examples in the same form.
 */
public final class RecordedCalls {
    private static final ObjectMapper JSON = new ObjectMapper();

    private RecordedCalls() {}

    /** Answers that were no error, by {@link #operation}. */
    public static Map<String, AnswerShape> read(Path file) throws IOException {
        Map<String, AnswerShape> shapes = new TreeMap<>();
        for (String line : Files.readAllLines(file)) {
            JsonNode call = JSON.readTree(line);
            if (call.path("status").asInt() / 100 == 2) {
                AnswerShape shape = AnswerShape.of(call.at("/answer/body").asText());
                shapes.merge(operation(call), shape, AnswerShape::with);
            }
        }
        return shapes;
    }

    /**
     * Returns the action of a form, the target of a JSON call, or method and path, in which names and ids are
     * {@code *}: every part after a plural, as in {@code /v2/projects/P/locations/L/services}.
     */
    static String operation(JsonNode call) {
        String body = call.at("/request/body").asText();
        if (body.matches("(?s)(.*&)?Action=.*")) {
            return call.path("service").asText() + " " + body.replaceFirst("(?s)^(?:.*&)?Action=(\\w+).*$", "$1");
        }
        String target = call.at("/request/headers/x-amz-target").asText();
        if (!target.isEmpty()) {
            return call.path("service").asText() + " " + target.substring(target.lastIndexOf('.') + 1);
        }
        String path =
                call.path("url").asText().replaceFirst("^[a-z]+://[^/]+", "").replaceFirst("[?].*$", "");
        return call.path("service").asText() + " " + call.path("method").asText() + " "
                + path.replaceAll("((?:^|/)[a-z]+s)/[^/:]+", "$1/*");
    }
}
