package io.jenkins.plugins.pymacaron.docker;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A format for docker's listings: a line of JSON for each row, so that no value can be mistaken for a separator.
 * {@code json} is a function of docker's templates (Docker CLI, "Format command and log output").
 */
final class ListingFormat {
    private ListingFormat() {}

    /** Returns the format. @param fields placeholders, such as {@code .Names} */
    static String of(List<String> fields) {
        return fields.stream().map(field -> "{{json " + field + "}}").collect(Collectors.joining(",", "[", "]"));
    }

    /** Returns the placeholder of a label; "" where a row has none of that name. */
    static String label(String name) {
        return "(.Label \"" + name + "\")";
    }

    /** Returns the arrays that a listing by {@link #of} has printed. */
    static List<JsonNode> read(String output) throws IOException {
        List<JsonNode> all = new ArrayList<>();
        for (String line : output.lines().toList()) {
            all.add(DockerJson.parse(line));
        }
        return all;
    }
}
