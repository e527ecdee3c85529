package io.jenkins.plugins.pymacaron.report;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Reads and writes {@code summary.json}: times and durations as ISO 8601 text; absent and empty values are left out.
 */
final class SummaryJson {
    /** A summary is a few KiB; this program never writes a larger one. */
    private static final long MAX_BYTES = 4L << 20;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModules(new JavaTimeModule(), new Jdk8Module())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS, SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_EMPTY, JsonInclude.Include.ALWAYS))
            // Only the components of a record are written: methods such as Counts.total() are derived.
            .visibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
            .visibility(PropertyAccessor.GETTER, JsonAutoDetect.Visibility.NONE)
            .visibility(PropertyAccessor.IS_GETTER, JsonAutoDetect.Visibility.NONE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            // A later version may add fields without a new schema number.
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private static final int BUFFER = 64 << 10;

    private SummaryJson() {}

    static String text(RunSummary summary) {
        try {
            return MAPPER.writeValueAsString(summary) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a summary could not be written as JSON", e);
        }
    }

    static void write(Path file, RunSummary summary) throws IOException {
        byte[] bytes = text(summary).getBytes(StandardCharsets.UTF_8);
        replace(file, out -> out.write(bytes));
    }

    /** Writes the content of a file in parts, since the whole may be larger than the memory. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Replaces a file by a sibling that is complete and on the disk before it gets the name. */
    static void replace(Path file, Content content) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        Files.createDirectories(directory);
        // createTempFile is not used: its mode 0600 would stay, and a report is for all readers.
        Path temporary = directory.resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            try (FileChannel channel =
                            FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER)) {
                content.writeTo(out);
                out.flush();
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    static RunSummary read(Path file) throws IOException {
        byte[] bytes;
        try (var in = Files.newInputStream(file)) {
            bytes = in.readNBytes((int) MAX_BYTES + 1);
        }
        if (bytes.length > MAX_BYTES) {
            throw new IOException(file + " is bigger than " + (MAX_BYTES >> 20) + " MiB, so it is no summary of ours.");
        }
        try {
            JsonNode tree = MAPPER.readTree(bytes);
            int schema = tree == null ? 0 : tree.path("schema").asInt();
            if (schema < 1 || schema > RunSummary.SCHEMA) {
                throw new IOException(file + " has schema " + schema + ", this version reads up to " + RunSummary.SCHEMA
                        + ". Read it with the version that wrote it.");
            }
            return MAPPER.treeToValue(tree, RunSummary.class);
        } catch (JsonProcessingException | RuntimeException e) {
            throw new IOException(
                    file + " is no readable summary: " + e.getClass().getSimpleName(), e);
        }
    }
}
