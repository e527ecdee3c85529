package io.jenkins.plugins.pymacaron.targets.cloud;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.pymacaron.FreePorts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server on loopback that answers as a handler says, and remembers what it was asked. */
public final class WireServer implements AutoCloseable {
    /**
     * A request, read to its end.
     *
     * @param headers by name in lower case, the first value each
     * @param query decoded
     */
    public record Request(
            String method, String path, Map<String, String> query, Map<String, String> headers, byte[] body) {
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        /** Returns all its parts on one line, for a server that repeats what it was told. */
        public String said() {
            Map<String, String> form = form();
            return (headers + " " + (form.isEmpty() ? text() : form)).replaceAll("\\s+", " ");
        }

        /** Returns the fields of a form in the body; none if the body is something else, as an uploaded archive is. */
        public Map<String, String> form() {
            boolean isForm = headers.getOrDefault("content-type", "").startsWith("application/x-www-form-urlencoded");
            return isForm ? decode(text()) : Map.of();
        }
    }

    /** @param headers beside Content-Length */
    public record Answer(int status, Map<String, String> headers, byte[] body) {
        /**
         * The number of bytes of the body that are sent before the connection breaks; 0 for no answer at all. It is not
         * sent itself.
         */
        public static final String CUT = "cut";

        public Answer cut(int bytes) {
            Map<String, String> all = new LinkedHashMap<>(headers);
            all.put(CUT, Integer.toString(bytes));
            return new Answer(status, all, body);
        }

        public static Answer of(int status, String type, String body) {
            return new Answer(status, Map.of("Content-Type", type), body.getBytes(StandardCharsets.UTF_8));
        }

        public static Answer json(int status, String body) {
            return of(status, "application/json", body);
        }

        public static Answer xml(int status, String body) {
            return of(status, "text/xml", body);
        }
    }

    /** The part between a client and a server, such as the effect of a network on answers. */
    @FunctionalInterface
    public interface Between {
        Between NOTHING = (request, server) -> server.answer(request);

        Answer answer(Request request, Handler server) throws Exception;
    }

    /** Decides; what it throws is answered with 500 and kept in {@link #troubles}. */
    @FunctionalInterface
    public interface Handler {
        Answer answer(Request request) throws Exception;
    }

    /** The streaming of answers that do not end, for a watch. Returns whether it took the request. */
    @FunctionalInterface
    public interface Streaming {
        boolean take(Request request, HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;

    /** Nothing, at first. */
    public volatile Between between = Between.NOTHING;

    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "wire server");
        thread.setDaemon(true);
        return thread;
    });

    /** The requests in the order in which they came. */
    public final List<Request> requests = new CopyOnWriteArrayList<>();

    /** Stack traces of handlers that threw: no test passes with one. */
    public final List<String> troubles = new CopyOnWriteArrayList<>();

    private WireServer(int port, Handler handler, Streaming streaming) throws IOException {
        server = HttpServer.create(
                new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port == 0 ? FreePorts.ofServer() : port), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> handle(exchange, handler, streaming));
        server.start();
    }

    public static WireServer start(Handler handler) throws IOException {
        return start(0, handler);
    }

    /** @param port 0 = any */
    public static WireServer start(int port, Handler handler) throws IOException {
        return new WireServer(port, handler, (request, exchange) -> false);
    }

    /** @param streaming asked first */
    public static WireServer start(int port, Handler handler, Streaming streaming) throws IOException {
        return new WireServer(port, handler, streaming);
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port());
    }

    public int port() {
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange, Handler handler, Streaming streaming) throws IOException {
        try (exchange) {
            Request request = read(exchange);
            requests.add(request);
            if (streaming.take(request, exchange)) {
                return;
            }
            Answer answer;
            try {
                answer = between.answer(request, handler);
            } catch (Exception | Error e) {
                StringWriter trace = new StringWriter();
                e.printStackTrace(new PrintWriter(trace, true));
                troubles.add(request.method() + " " + request.path() + ": " + trace);
                answer = Answer.of(500, "text/plain", "the handler threw: " + e);
            }
            send(exchange, request, answer);
        }
    }

    /** Sends the answer, or as much of it as {@link Answer#CUT} says. The exchange is to be closed then. */
    public static void send(HttpExchange exchange, Request request, Answer answer) throws IOException {
        int cut = Integer.parseInt(answer.headers().getOrDefault(Answer.CUT, "-1"));
        if (cut == 0) {
            return;
        }
        answer.headers().forEach((name, value) -> {
            if (!name.equals(Answer.CUT)) {
                exchange.getResponseHeaders().set(name, value);
            }
        });
        boolean head = request.method().equals("HEAD");
        exchange.sendResponseHeaders(answer.status(), head || answer.body().length == 0 ? -1 : answer.body().length);
        if (!head && answer.body().length > 0) {
            int length = cut < 0 ? answer.body().length : Math.min(cut, answer.body().length);
            exchange.getResponseBody().write(answer.body(), 0, length);
            exchange.getResponseBody().flush();
        }
    }

    private static Request read(HttpExchange exchange) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        exchange.getRequestBody().transferTo(body);
        Map<String, String> headers = new TreeMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), values.get(0)));
        URI uri = exchange.getRequestURI();
        return new Request(
                exchange.getRequestMethod(),
                uri.getPath(),
                decode(uri.getRawQuery() == null ? "" : uri.getRawQuery()),
                headers,
                body.toByteArray());
    }

    private static Map<String, String> decode(String pairs) {
        Map<String, String> decoded = new LinkedHashMap<>();
        for (String pair : pairs.split("&")) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                decoded.put(
                        URLDecoder.decode(name, StandardCharsets.UTF_8),
                        URLDecoder.decode(value, StandardCharsets.UTF_8));
            }
        }
        return decoded;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
