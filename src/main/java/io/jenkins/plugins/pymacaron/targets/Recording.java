package io.jenkins.plugins.pymacaron.targets;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.http.WholeAnswer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Writes the calls of a run and their answers to a file, one JSON object a line, without secrets. {@link Redaction}
 * removes the values that are secret by the name of their field, only the headers in {@link #HEADERS} are kept, and the
 * run's own mask is applied to the whole line. Calls for tokens are not given to it. In this way one real run becomes a
 * test of the servers that stand for a cloud.
 *
 * <p>A client hands in each exchange by {@link #add}; the clients of all clouds get the recording from
 * {@link TargetContext#recording()}.
 */
public final class Recording {
    /** The variable that names the file. */
    public static final String VARIABLE = "PYM_RECORD";

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Set<String> HEADERS = Set.of(
            "content-type",
            "content-length",
            "date",
            "etag",
            "location",
            "retry-after",
            "x-amz-target",
            "x-amz-bucket-region",
            "x-amz-checksum-sha256",
            "x-amz-checksum-mode",
            "x-amz-checksum-type",
            "x-amzn-requestid",
            "audit-id");

    private final Optional<Path> file;
    private final UnaryOperator<String> mask;
    private final Consumer<String> log;
    private boolean failed;

    private Recording(Optional<Path> file, UnaryOperator<String> mask, Consumer<String> log) {
        this.file = file;
        this.mask = mask;
        this.log = log;
    }

    /** Returns a recording that keeps nothing. */
    public static Recording none() {
        return new Recording(Optional.empty(), text -> text, line -> {});
    }

    /**
     * Returns a recording into a file.
     *
     * @param mask removes the secrets that the run knows at that time
     * @param log gets one line if the file cannot be written, which does not end the run
     */
    public static Recording into(Path file, UnaryOperator<String> mask, Consumer<String> log) {
        return new Recording(Optional.of(file), mask, log);
    }

    /** Returns the recording that {@link #VARIABLE} asks for. */
    static Recording of(Map<String, String> inherited, UnaryOperator<String> mask, Consumer<String> log) {
        String file = inherited.getOrDefault(VARIABLE, "");
        return file.isEmpty() ? none() : into(Path.of(file), mask, log);
    }

    /** Returns whether anything is kept; without it no client has to keep bodies. */
    public boolean isOn() {
        return file.isPresent();
    }

    /**
     * A call and its answer.
     *
     * @param service for instance {@code elasticbeanstalk} or {@code run}
     * @param headers of the request, in upper or lower case
     * @param status 0 where there was no answer
     */
    public record Exchange(
            String service,
            String method,
            URI url,
            Map<String, String> headers,
            byte[] request,
            int status,
            Map<String, String> answerHeaders,
            byte[] answer,
            Duration took) {}

    /** Appends the exchange; any thread may call it. */
    public synchronized void add(Exchange e) {
        if (file.isEmpty() || failed) {
            return;
        }
        try {
            ObjectNode line = JSON.createObjectNode();
            line.put("at", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
            line.put("service", e.service());
            line.put("method", e.method());
            line.put("url", Redaction.url(e.url()));
            line.set("request", part(e.headers(), e.request()));
            line.put("status", e.status());
            line.set("answer", part(e.answerHeaders(), e.answer()));
            line.put("millis", e.took().toMillis());
            append(mask.apply(JSON.writeValueAsString(line)) + "\n");
        } catch (IOException trouble) {
            failed = true;
            log.accept("Cannot record calls in " + file.get() + ": " + trouble.getMessage());
        }
    }

    /** Appends the exchange of a {@link WholeAnswer}. @param body of the request, "" for none */
    public void add(String service, HttpRequest request, String body, WholeAnswer answer, Duration took) {
        if (isOn()) {
            add(new Exchange(
                    service,
                    request.method(),
                    request.uri(),
                    first(request.headers()),
                    body.getBytes(StandardCharsets.UTF_8),
                    answer.status(),
                    first(answer.headers()),
                    answer.body(),
                    took));
        }
    }

    private static Map<String, String> first(HttpHeaders headers) {
        Map<String, String> first = new TreeMap<>();
        headers.map().forEach((name, values) -> first.put(name, values.isEmpty() ? "" : values.get(0)));
        return first;
    }

    private static ObjectNode part(Map<String, String> headers, byte[] body) throws JsonProcessingException {
        Map<String, String> kept = new TreeMap<>();
        headers.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (HEADERS.contains(lower)) {
                kept.put(lower, value);
            }
        });
        ObjectNode part = JSON.createObjectNode();
        part.set("headers", JSON.valueToTree(kept));
        part.put("bytes", body.length);
        Redaction.body(kept.getOrDefault("content-type", ""), body).ifPresent(text -> part.put("body", text));
        return part;
    }

    private void append(String line) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file.orElseThrow(),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }
}
