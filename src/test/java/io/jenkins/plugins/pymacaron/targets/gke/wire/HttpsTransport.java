package io.jenkins.plugins.pymacaron.targets.gke.wire;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.pymacaron.FreePorts;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Answer;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Request;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/** HTTPS on loopback, with answers, with streams of lines and with WebSockets. */
final class HttpsTransport implements AutoCloseable {
    /** A stream that the client reads while it is written. */
    interface Lines {
        void write(String line) throws IOException;
    }

    interface Handler {
        Answer answer(Request request) throws Exception;
    }

    /** Returns whether it took the request. */
    interface Streaming {
        boolean take(Request request, Lines lines) throws IOException;
    }

    private final Authority authority = Authority.get();
    private final HttpServer server;
    private final Front front;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "kube server");
        thread.setDaemon(true);
        return thread;
    });

    HttpsTransport(Handler handler, Streaming streaming, Front.Upgrades upgrades, BooleanSupplier keeps)
            throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), FreePorts.ofServer()), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> handle(exchange, handler, streaming));
        server.start();
        front = new Front(authority.context(), server.getAddress(), threads, upgrades, keeps);
    }

    URI url() {
        return URI.create("https://127.0.0.1:" + front.port());
    }

    /** Makes it accept clients of HTTP/2, and refuse them: {@link GoAway}. */
    void http2() {
        front.http2 = true;
    }

    /** Returns threads for background work of the server; they end with it. */
    Executor threads() {
        return threads;
    }

    Authority authority() {
        return authority;
    }

    private static void handle(HttpExchange exchange, Handler handler, Streaming streaming) throws IOException {
        try (exchange) {
            // Front opens a connection for each request, and says to its own client whether that one is kept.
            exchange.getResponseHeaders().set("Connection", "close");
            Request request = read(exchange);
            boolean[] begun = new boolean[1];
            Lines lines = line -> {
                if (!begun[0]) {
                    begun[0] = true;
                    exchange.getResponseHeaders().set("Content-Type", "application/json");
                    exchange.sendResponseHeaders(200, 0);
                }
                OutputStream out = exchange.getResponseBody();
                out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
            };
            if (streaming.take(request, lines)) {
                if (!begun[0]) {
                    exchange.sendResponseHeaders(200, -1);
                }
                return;
            }
            Answer answer;
            try {
                answer = handler.answer(request);
            } catch (Exception | Error e) {
                e.printStackTrace();
                answer = Answer.of(500, "text/plain", "the handler threw: " + e);
            }
            WireServer.send(exchange, request, answer);
        }
    }

    private static Request read(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new TreeMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
        Map<String, String> query = new LinkedHashMap<>();
        String raw = exchange.getRequestURI().getRawQuery();
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            int equals = pair.indexOf('=');
            query.put(
                    equals < 0 ? pair : pair.substring(0, equals),
                    equals < 0 ? "" : URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return new Request(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                query,
                headers,
                exchange.getRequestBody().readAllBytes());
    }

    @Override
    public void close() {
        front.close();
        server.stop(0);
        threads.shutdownNow();
    }
}
