package io.jenkins.plugins.pymacaron.targets.cloudrun;

import java.util.HashMap;
import java.util.Map;

/** Keeps maps within the flat map of a journal. */
final class NestedParameters {
    private NestedParameters() {}

    static void put(Map<String, String> params, String prefix, Map<String, String> values) {
        values.forEach((name, value) -> params.put(prefix + "." + name, value));
    }

    static Map<String, String> below(String prefix, Map<String, String> params) {
        Map<String, String> found = new HashMap<>();
        params.forEach((name, value) -> {
            if (name.startsWith(prefix + ".")) {
                found.put(name.substring(prefix.length() + 1), value);
            }
        });
        return found;
    }
}
