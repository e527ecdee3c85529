package io.jenkins.plugins.pymacaron.targets.cloud;

import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The front between users and hosts: a name in DNS, a load balancer, an Ingress. On loopback a name is a port, and its
 * owner gets the requests.
 */
public final class Front implements AutoCloseable {
    private static final Set<String> HOP =
            Set.of("connection", "content-length", "host", "x-forwarded-host", "upgrade", "expect", "http2-settings");
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final WireServer server;
    private final Function<WireServer.Request, Optional<URI>> owner;

    private Front(int port, Function<WireServer.Request, Optional<URI>> owner) throws IOException {
        this.owner = owner;
        this.server = WireServer.start(port, this::forward);
    }

    /**
     * Begins to forward.
     *
     * @param port 0 = any
     * @param owner where a request goes, by its Host header for instance; empty is answered with 503
     */
    public static Front start(int port, Function<WireServer.Request, Optional<URI>> owner) throws IOException {
        return new Front(port, owner);
    }

    public URI url() {
        return server.url();
    }

    private Answer forward(WireServer.Request request) throws InterruptedException {
        Optional<URI> to = owner.apply(request);
        if (to.isEmpty()) {
            return Answer.of(503, "text/plain", "no environment has this name");
        }
        String query = request.query().isEmpty()
                ? ""
                : "?"
                        + String.join(
                                "&",
                                request.query().entrySet().stream()
                                        .map(e -> e.getKey() + "="
                                                + java.net.URLEncoder.encode(
                                                        e.getValue(), java.nio.charset.StandardCharsets.UTF_8))
                                        .toList());
        HttpRequest.Builder asked = HttpRequest.newBuilder(URI.create(to.get() + request.path() + query))
                .timeout(TIMEOUT)
                .method(request.method(), BodyPublishers.ofByteArray(request.body()));
        request.headers().forEach((name, value) -> {
            if (!HOP.contains(name)) {
                asked.header(name, value);
            }
        });
        asked.header("X-Forwarded-Host", request.headers().getOrDefault("host", ""));
        try {
            HttpResponse<byte[]> got = client.send(asked.build(), HttpResponse.BodyHandlers.ofByteArray());
            String type = got.headers().firstValue("content-type").orElse("application/octet-stream");
            return new Answer(got.statusCode(), Map.of("Content-Type", type), got.body());
        } catch (IOException e) {
            return Answer.of(502, "text/plain", String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
