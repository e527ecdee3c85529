package io.jenkins.plugins.pymacaron.image.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.pymacaron.docker.Credentials;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Registries that lie, hang, or ask for more than they should. */
@Timeout(20 * 60)
class RegistrySessionTest {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final String PASSWORD = "s3cret password";

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private Answer blobs = exchange -> reply(exchange, 200, "other bytes");
    private Answer hello = exchange -> reply(exchange, 200, "{}");

    @TempDir
    Path temporary;

    /** Answers one request. */
    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            asked.add(
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath() + " "
                            + exchange.getRequestHeaders().getFirst("Authorization"));
            (exchange.getRequestURI().getPath().contains("/blobs/") ? blobs : hello).to(exchange);
        });
        server.start();
    }

    @AfterEach
    void stop() {
        ended.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void hang(HttpExchange exchange) throws IOException {
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exchange.close();
    }

    private RegistrySession open(Duration limit) throws Exception {
        String host = "127.0.0.1:" + server.getAddress().getPort();
        return RegistrySession.open(
                new RegistrySession.Place("the.registry", host, "team/hello", true),
                Optional.of(new Credentials("me", PASSWORD)),
                true,
                limit);
    }

    private void pull(Duration limit, String content, long size) throws Exception {
        try (RegistrySession session = open(limit)) {
            session.pull(
                    new BaseManifest.Layer(digest(content), digest("tar"), size),
                    new LayerCache(temporary.resolve("cache"), Optional.empty()));
        }
    }

    private static String digest(String content) {
        return Sha256.of(content.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void otherBytesThanThoseOfTheDigestAreRefused() throws Exception {
        pull(LONG, "other bytes", 11);
        assertThatThrownBy(() -> pull(LONG, "these bytes", 11))
                .hasMessageContaining("the.registry")
                .hasMessageContaining(digest("these bytes"))
                .message()
                .doesNotContain("\n");
        assertThat(new LayerCache(temporary.resolve("cache"), Optional.empty()).blob(digest("these bytes")))
                .isEmpty();
        assertThat(temporary.resolve("cache")).isDirectoryNotContaining("glob:**/new-*");
    }

    @Test
    void moreBytesThanAnnouncedAreRefused() {
        assertThatThrownBy(() -> pull(LONG, "other bytes", 10))
                .hasMessageContaining("a layer is larger than its manifest says");
        assertThat(asked.stream().filter(line -> line.contains("/blobs/")))
                .as("and not tried again")
                .hasSize(1);
    }

    @Test
    void aRegistryThatHangsEndsAtTheLimit() {
        hello = this::hang;

        assertThatThrownBy(() -> open(Duration.ofSeconds(1)))
                .hasMessage("the registry the.registry: the login failed: it took longer than 1 s");
    }

    /** A read ends each time a byte comes, so that the library's own limit is never reached. */
    @Test
    void aRegistryThatNeverEndsIsEndedAtTheLimit() {
        blobs = exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(1);
            exchange.getResponseBody().flush();
            hang(exchange);
        };

        Throwable failure;
        int seconds = 3;
        do {
            Duration limit = Duration.ofSeconds(seconds);
            failure = catchThrowable(() -> pull(limit, "other bytes", 1 << 20));
            seconds *= 4;
            // A busy machine needs longer for the login, which has the same limit.
        } while (failure.getMessage().contains("the login failed"));
        assertThat(failure)
                .hasMessage(
                        "the registry the.registry: pulling a layer failed: it took longer than " + seconds / 4 + " s");
    }

    /** 192.0.2.0/24 belongs to no machine (RFC 5737). */
    @Test
    void credentialsStayOnTheMachineOfTheRegistry() {
        hello = exchange -> {
            exchange.getResponseHeaders()
                    .add("WWW-Authenticate", "Bearer realm=\"http://192.0.2.1/token\",service=\"s\"");
            reply(exchange, 401, "{}");
        };

        assertThatThrownBy(() -> open(LONG))
                .hasMessageContaining("another machine")
                .hasMessageNotContaining("\n");
        assertThat(asked).noneMatch(line -> line.contains("Basic"));
    }

    /** Registries of clouds keep their blobs elsewhere. */
    @Test
    void anotherServerWithTheBlobGetsNoCredentials() throws Exception {
        HttpServer storage = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        List<String> given = new CopyOnWriteArrayList<>();
        storage.createContext("/", exchange -> {
            given.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            reply(exchange, 200, "the blob");
        });
        storage.start();
        blobs = exchange -> {
            exchange.getResponseHeaders()
                    .add("Location", "http://127.0.0.1:" + storage.getAddress().getPort() + "/blob");
            reply(exchange, 307, "");
        };
        try {
            pull(LONG, "the blob", 8);
        } finally {
            storage.stop(0);
        }

        assertThat(given).containsExactly("null");
        assertThat(asked).anyMatch(line -> line.contains("/blobs/") && line.contains("Basic"));
    }

    @Test
    void aRefusedLoginIsOneLineWithoutThePassword() {
        String basic = Base64.getEncoder().encodeToString(("me:" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        hello = exchange -> {
            exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"r\"");
            reply(exchange, 401, "{}");
        };
        blobs = exchange -> reply(
                exchange,
                403,
                "{\"errors\": [{\"code\": \"DENIED\", \"message\": \"no " + PASSWORD + "\\nno " + basic + "\"}]}");

        assertThatThrownBy(() -> pull(LONG, "other bytes", 11))
                .hasMessageStartingWith("the registry the.registry: pulling a layer failed: ")
                .message()
                .doesNotContain(PASSWORD, basic, "\n");
        assertThat(asked).as("the registry got it, and may repeat it").anyMatch(line -> line.contains(basic));
    }
}
