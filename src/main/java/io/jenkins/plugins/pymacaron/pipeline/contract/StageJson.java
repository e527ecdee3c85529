package io.jenkins.plugins.pymacaron.pipeline.contract;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads and writes the JSON of {@link StageSpec} and {@link StageResult}. The reader does not trust the writer. */
public final class StageJson {
    /** Longer texts are not read. */
    static final int MAX_CHARACTERS = 16 << 20;

    /** Written texts are shortened to this size where possible. */
    static final int GOOD_SIZE = 4 << 20;

    private static final int MAX_TEXT = 4 << 20;
    private static final int MAX_DEPTH = 20;

    /** Limits JSON that is small to send but large to keep: {@code [[],[],…]} and similar. */
    private static final long MAX_TOKENS = 2_000_000;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(MAX_TEXT)
                            .maxDocumentLength(MAX_CHARACTERS)
                            .maxTokenCount(MAX_TOKENS)
                            .build())
                    // An agent's locale may support only ASCII.
                    .configure(JsonWriteFeature.ESCAPE_NON_ASCII, true)
                    .build())
            .addModules(new JavaTimeModule(), new Jdk8Module())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS, SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_EMPTY, JsonInclude.Include.ALWAYS))
            .visibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
            .visibility(PropertyAccessor.GETTER, JsonAutoDetect.Visibility.NONE)
            .visibility(PropertyAccessor.IS_GETTER, JsonAutoDetect.Visibility.NONE)
            // A later version may add fields without a new schema number.
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private StageJson() {}

    /** Returns JSON on one line. */
    static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(value.getClass().getSimpleName() + " could not be written as JSON", e);
        }
    }

    /** Reads JSON. @throws IOException in one line, if it is not such JSON of a schema up to {@code schema} */
    static <T> T read(String json, Class<T> type, int schema) throws IOException {
        String what = type.getSimpleName();
        if (json.length() > MAX_CHARACTERS) {
            throw new IOException("a " + what + " of " + json.length() + " characters is too big to be one of ours");
        }
        try {
            int found = MAPPER.readValue(json, Version.class).schema();
            if (found < 1 || found > schema) {
                throw new IOException("a " + what + " of schema " + found + ", this version knows up to " + schema);
            }
            return MAPPER.readValue(json, type);
        } catch (JsonProcessingException | RuntimeException e) {
            throw new IOException("no readable " + what + ": " + e.getClass().getSimpleName(), e);
        }
    }

    /** Returns a text from an untrusted source; empty where there is none. */
    static String text(String text) {
        return text == null ? "" : text;
    }

    /** Returns a value from an untrusted source; empty where there is none. */
    static <T> Optional<T> given(Optional<T> value) {
        return value == null ? Optional.empty() : value;
    }

    /** Copies a list from an untrusted source. */
    static <T> List<T> list(List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }

    /** Copies a map of maps from an untrusted source. */
    static Map<String, Map<String, String>> copy(Map<String, Map<String, String>> state) {
        Map<String, Map<String, String>> copy = new TreeMap<>();
        if (state != null) {
            state.forEach((name, values) -> copy.put(name, Map.copyOf(values)));
        }
        return Collections.unmodifiableMap(copy);
    }

    /** Copies a map of lists from an untrusted source. */
    static Map<String, List<String>> lists(Map<String, List<String>> lists) {
        Map<String, List<String>> copy = new TreeMap<>();
        if (lists != null) {
            lists.forEach((name, values) -> copy.put(name, List.copyOf(values)));
        }
        return Collections.unmodifiableMap(copy);
    }

    /** The part that tells whether the rest can be read. */
    private record Version(int schema) {}
}
