package io.jenkins.plugins.pymacaron.operation;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.zip.CRC32C;

/**
 * Converts entries to bytes and back. A line is the JSON array {@code ["crc",n,entry]}: the CRC-32C of the text after
 * the first comma, in eight hex digits, and the number of the line, so that a torn, changed, lost or swapped line is
 * recognised. Schemas differ in the entries only, never in this frame.
 */
final class JournalFormat {
    static final int SCHEMA = 1;
    private static final int GUARD = "[\"01234567\",".length();
    private static final ObjectMapper JSON = mapper();

    /**
     * The content of a journal.
     *
     * @param length the number of valid bytes; a last line that was not written whole follows them
     */
    record Read(List<Entry> entries, int length) {}

    private JournalFormat() {}

    private static ObjectMapper mapper() {
        SimpleModule module = new SimpleModule();
        asText(module, Instant.class, Instant::parse);
        asText(module, Duration.class, Duration::parse);
        ObjectMapper mapper = JsonMapper.builder()
                .addModule(module)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                .build();
        mapper.getFactory()
                .setStreamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(20).build());
        return mapper;
    }

    private static <T> void asText(SimpleModule module, Class<T> type, Function<String, T> parse) {
        module.addSerializer(type, new StdSerializer<>(type) {
            private static final long serialVersionUID = 1L;

            @Override
            public void serialize(T value, JsonGenerator to, SerializerProvider provider) throws IOException {
                to.writeString(value.toString());
            }
        });
        module.addDeserializer(type, new StdDeserializer<>(type) {
            private static final long serialVersionUID = 1L;

            @Override
            public T deserialize(JsonParser from, DeserializationContext context) throws IOException {
                String text = from.getText();
                try {
                    return parse.apply(text);
                } catch (DateTimeException e) {
                    throw context.weirdStringException(text, type, e.getMessage());
                }
            }
        });
    }

    static byte[] line(int number, Entry entry) {
        try {
            byte[] body = (number + "," + JSON.writeValueAsString(entry)).getBytes(StandardCharsets.UTF_8);
            byte[] guard = ("[\"" + crc(body, 0, body.length) + "\",").getBytes(StandardCharsets.US_ASCII);
            byte[] line = new byte[guard.length + body.length + 2];
            System.arraycopy(guard, 0, line, 0, guard.length);
            System.arraycopy(body, 0, line, guard.length, body.length);
            line[line.length - 2] = ']';
            line[line.length - 1] = '\n';
            return line;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records of text are JSON", e);
        }
    }

    private static String crc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return String.format(Locale.ROOT, "%08x", crc.getValue());
    }

    /**
     * Reads all lines; only the last may be damaged, since only the last can have been on its way to the disk.
     *
     * @param name the name of the journal in messages
     */
    static Read read(String name, byte[] bytes) throws JournalException {
        List<Entry> entries = new ArrayList<>();
        int from = 0;
        while (from < bytes.length) {
            int end = from;
            while (end < bytes.length && bytes[end] != '\n') {
                end++;
            }
            boolean whole = end < bytes.length && sound(bytes, from, end);
            if (!whole && end + 1 < bytes.length) {
                throw corrupt(name, entries.size() + 1, "it was changed after it was written");
            }
            if (!whole) {
                break;
            }
            entries.add(entry(name, entries.size() + 1, bytes, from, end));
            from = end + 1;
        }
        return new Read(entries, from);
    }

    private static boolean sound(byte[] bytes, int from, int end) {
        int body = from + GUARD;
        if (end - from < GUARD + 2 || bytes[end - 1] != ']') {
            return false;
        }
        String guard = "[\"" + crc(bytes, body, end - 1 - body) + "\",";
        return guard.equals(new String(bytes, from, GUARD, StandardCharsets.ISO_8859_1));
    }

    private static Entry entry(String name, int number, byte[] bytes, int from, int end) throws JournalException {
        try {
            JsonNode line = JSON.readTree(bytes, from, end - from);
            if (line.path(1).asInt() != number) {
                throw corrupt(name, number, "it is line " + line.path(1).asText() + " of what was written");
            }
            int schema = number == 1 ? line.path(2).path("schema").asInt(SCHEMA) : SCHEMA;
            if (schema != SCHEMA) {
                throw new JournalException(name + " was written by another version of this software (schema " + schema
                        + ", this one reads " + SCHEMA + "); finish it with that version");
            }
            return JSON.treeToValue(line.path(2), Entry.class);
        } catch (JournalException e) {
            throw e;
        } catch (IOException e) {
            throw corrupt(name, number, "it is not understood");
        }
    }

    static JournalException corrupt(String name, int number, String why) {
        return new JournalException("line " + number + " of " + name + " is corrupt: " + why
                + "; look by hand at what the lines before it made, then delete the file");
    }
}
