package io.jenkins.plugins.pymacaron.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads from an engine at a socket of this machine (Docker Engine API), without the start of a process of the client.
 * It changes nothing: every change is made by the client. A read that fails here for any reason
 * is made again by the client, whose messages users know.
 */
final class EngineApi {
    private static final String SCHEME = "unix://";
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final int MOST = 64 << 20;
    private static final int PART = 1 << 16;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([0-9]{3}) .*", Pattern.DOTALL);
    private static final Pattern LENGTH = Pattern.compile("\r\ncontent-length: *([0-9]{1,9}) *\r\n");
    private static final Pattern NO_SUCH = Pattern.compile("no such (?:container|image)", Pattern.CASE_INSENSITIVE);
    private static final String END_OF_HEAD = "\r\n\r\n";
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    private final UnixDomainSocketAddress address;

    private EngineApi(UnixDomainSocketAddress address) {
        this.address = address;
    }

    /** Returns the reader. @param endpoint as docker names it; empty for one that is no socket of this machine */
    static Optional<EngineApi> at(String endpoint) {
        if (!endpoint.startsWith(SCHEME)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new EngineApi(UnixDomainSocketAddress.of(Path.of(endpoint.substring(SCHEME.length())))));
        } catch (InvalidPathException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    /** Returns the filter of a listing for things with all of these labels; an empty value matches any. */
    static String labelled(Map<String, String> labels) {
        return filter(
                "label",
                labels.entrySet().stream()
                        .map(label -> label.getKey() + (label.getValue().isEmpty() ? "" : "=" + label.getValue()))
                        .toList());
    }

    /** Returns the filter of a listing, a map of lists in JSON. */
    static String filter(String name, List<String> values) {
        ObjectNode filters = JsonNodeFactory.instance.objectNode();
        values.forEach(filters.putArray(name)::add);
        return "filters=" + URLEncoder.encode(filters.toString(), StandardCharsets.UTF_8);
    }

    /**
     * An answer about one thing or a list.
     *
     * @param json a missing node where the engine says that there is no such thing
     */
    record Answer(JsonNode json) {
        boolean found() {
            return !json.isMissingNode();
        }

        /** Returns this field of each item of a list. */
        List<String> each(String field) {
            List<String> all = new ArrayList<>();
            json.forEach(item -> all.add(item.path(field).asText()));
            return all;
        }
    }

    /**
     * Asks.
     *
     * @param path without the version of the API: all fields that are read here have been there since 1.24
     * @return empty where the client has to be asked instead
     */
    Optional<Answer> get(String path) throws InterruptedException {
        try {
            return read(exchange(path));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<Answer> read(byte[] answer) throws IOException {
        String text = new String(answer, StandardCharsets.UTF_8);
        int end = text.indexOf(END_OF_HEAD);
        if (end < 0) {
            throw new EOFException("no head");
        }
        String head = text.substring(0, end + 2);
        String body = text.substring(end + END_OF_HEAD.length());
        Matcher length = LENGTH.matcher(head.toLowerCase(Locale.ROOT));
        if (length.find() && Integer.parseInt(length.group(1)) != body.getBytes(StandardCharsets.UTF_8).length) {
            throw new EOFException("a part of the body");
        }
        Matcher status = STATUS.matcher(head);
        int code = status.matches() ? Integer.parseInt(status.group(1)) : 0;
        if (code == NOT_FOUND) {
            // Another server than an engine may not know the path at all; an engine explains itself.
            return NO_SUCH.matcher(DockerJson.parse(body).path("message").asText())
                            .lookingAt()
                    ? Optional.of(new Answer(JsonNodeFactory.instance.missingNode()))
                    : Optional.empty();
        }
        return code == OK ? Optional.of(new Answer(DockerJson.parse(body))) : Optional.empty();
    }

    /**
     * Returns the whole answer. It has no chunks, which HTTP/1.0 does not know, and ends where the engine closes the
     * connection (RFC 9112, 6.3 and 7.1).
     */
    private byte[] exchange(String path) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + WITHIN.toNanos();
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            if (!channel.connect(address)) {
                throw new IOException("the socket is busy");
            }
            SelectionKey key = channel.register(selector, SelectionKey.OP_WRITE);
            ByteBuffer request =
                    ByteBuffer.wrap(("GET " + path + " HTTP/1.0\r\nHost: docker\r\nAccept: application/json\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            while (request.hasRemaining()) {
                await(selector, deadline);
                channel.write(request);
            }
            key.interestOps(SelectionKey.OP_READ);
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            ByteBuffer part = ByteBuffer.allocate(PART);
            while (true) {
                await(selector, deadline);
                int read = channel.read(part.clear());
                if (read < 0) {
                    return all.toByteArray();
                }
                all.write(part.array(), 0, read);
                if (all.size() > MOST) {
                    throw new IOException("an answer that is too large");
                }
            }
        }
    }

    private static void await(Selector selector, long deadline) throws IOException, InterruptedException {
        selector.select(
                Math.max(1, Duration.ofNanos(deadline - System.nanoTime()).toMillis()));
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted while the engine was asked");
        }
        if (selector.selectedKeys().isEmpty() && System.nanoTime() > deadline) {
            throw new SocketTimeoutException("no answer");
        }
        selector.selectedKeys().clear();
    }
}
