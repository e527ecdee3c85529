package io.jenkins.plugins.pymacaron.jenkins.agent;

import java.util.LinkedHashMap;
import java.util.Map;

/** Copies maps of Groovy into plain ones: their texts may be GStrings, which cannot be stored in files. */
final class PlainMaps {
    private PlainMaps() {}

    static LinkedHashMap<String, String> strings(Map<?, ?> given) {
        LinkedHashMap<String, String> texts = new LinkedHashMap<>();
        if (given != null) {
            given.forEach((key, value) -> {
                if (value != null) {
                    texts.put(String.valueOf(key).trim(), String.valueOf(value).trim());
                }
            });
        }
        return texts;
    }
}
