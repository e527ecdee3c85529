package io.jenkins.plugins.pymacaron.targets.cloudrun;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.pymacaron.http.WholeAnswer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A proxy on a port of this machine alone, for a service that not everybody may call: it adds the ID token that the
 * service requires. So neither probes nor the project's own tests need a token.
 *
 * <p>The token goes into {@code X-Serverless-Authorization}, since the service itself reads its own token from
 * {@code Authorization}; Cloud Run reads the former header first, and removes its signature (Cloud Run documentation,
 * "Authenticating service-to-service").
 */
final class IdTokenProxy implements AutoCloseable {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    private static final Duration REQUEST_LIMIT = Duration.ofMinutes(5);
    /** Cloud Run itself passes on 32 MiB of an answer (its documentation, "Quotas and limits", HTTP/1). */
    private static final int LARGEST = 64 << 20;

    /** Tests may send many requests at once, and requests without an answer must not keep out the others. */
    private static final int AT_ONCE = 128;

    private static final Duration IDLE = Duration.ofSeconds(10);
    /** The headers of one connection, and those that the client sets itself. */
    private static final Set<String> OWN = Set.of(
            "host", "connection", "content-length", "transfer-encoding", "expect", "upgrade", "keep-alive", "te");

    private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD", "DELETE", "OPTIONS");

    /** Makes a token; called for each request, so that a token that is about to end is made anew. */
    @FunctionalInterface
    interface Token {
        String make() throws IOException;
    }

    private final URI to;
    private final Token token;
    private final Duration limit;
    private final HttpServer server;
    private final ThreadPoolExecutor threads;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(CONNECT_LIMIT).build();

    IdTokenProxy(URI to, Token token) throws IOException {
        this(to, token, REQUEST_LIMIT);
    }

    /** Starts the proxy. @param limit for a whole answer */
    IdTokenProxy(URI to, Token token, Duration limit) throws IOException {
        this.limit = limit;
        this.to = to;
        this.token = token;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        threads = new ThreadPoolExecutor(
                AT_ONCE, AT_ONCE, IDLE.toSeconds(), TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "pymacaron door to " + to.getHost());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        server.setExecutor(threads);
        server.createContext("/", this::pass);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void pass(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                answer(exchange, WholeAnswer.ask(client, request(exchange), LARGEST, limit));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException | IllegalArgumentException e) {
                byte[] line = ("cannot reach " + to + ": " + e.getMessage())
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(502, line.length);
                exchange.getResponseBody().write(line);
            }
        }
    }

    private HttpRequest request(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        byte[] body = exchange.getRequestBody().readNBytes(LARGEST);
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(to + exchange.getRequestURI().toString()))
                .timeout(limit)
                .method(
                        method,
                        body.length == 0 && WITHOUT_BODY.contains(method)
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        copy(exchange.getRequestHeaders(), request::header);
        return request.setHeader("X-Serverless-Authorization", "Bearer " + token.make())
                .build();
    }

    private static void answer(HttpExchange exchange, WholeAnswer found) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        copy(found.headers().map(), headers::add);
        boolean none = found.body().length == 0;
        exchange.sendResponseHeaders(found.status(), none ? -1 : found.body().length);
        if (!none) {
            exchange.getResponseBody().write(found.body());
        }
    }

    private static void copy(Map<String, List<String>> from, java.util.function.BiConsumer<String, String> to) {
        from.forEach((name, values) -> {
            if (!OWN.contains(name.toLowerCase(Locale.ROOT)) && !name.startsWith(":")) {
                values.forEach(value -> to.accept(name, value));
            }
        });
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
