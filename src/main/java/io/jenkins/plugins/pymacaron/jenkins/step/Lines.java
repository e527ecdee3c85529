package io.jenkins.plugins.pymacaron.jenkins.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** A map as lines of a form: {@code NAME=value}. */
final class Lines {
    private Lines() {}

    static String of(@CheckForNull Map<?, ?> map) {
        return map == null
                ? ""
                : map.entrySet().stream()
                        .map(e -> e.getKey() + "=" + e.getValue())
                        .collect(Collectors.joining("\n"));
    }

    /** A line without a value counts as one with an empty value, which says more than to forget it. */
    static Map<String, String> parse(String lines) {
        Map<String, String> map = new LinkedHashMap<>();
        for (String line : lines.lines().map(String::strip).toList()) {
            if (!line.isEmpty()) {
                int at = line.indexOf('=');
                map.put(
                        (at < 0 ? line : line.substring(0, at)).strip(),
                        at < 0 ? "" : line.substring(at + 1).strip());
            }
        }
        return map;
    }

    /** A copy of plain strings, whatever Groovy has put into it; null for an empty one. */
    static Map<String, String> orNull(@CheckForNull Map<?, ?> given) {
        if (given == null || given.isEmpty()) {
            return null;
        }
        Map<String, String> copy = new LinkedHashMap<>();
        given.forEach((key, value) -> copy.put(String.valueOf(key), String.valueOf(value)));
        return copy;
    }
}
