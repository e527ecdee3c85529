package io.jenkins.plugins.pymacaron.jenkins.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Converts between a map and lines of a form: {@code name=value}. */
public final class KeyValueLines {
    private KeyValueLines() {}

    @NonNull
    public static String of(@NonNull Map<String, String> map) {
        return map.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).collect(Collectors.joining("\n"));
    }

    /** Reads lines. A line without a value counts as one with an empty value, which a check can name. */
    @NonNull
    public static Map<String, String> parse(@NonNull String lines) {
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
}
