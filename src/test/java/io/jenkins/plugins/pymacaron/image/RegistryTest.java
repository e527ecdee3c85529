package io.jenkins.plugins.pymacaron.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests behaviour of real registries that the tests' registry lacks: tokens, redirects, indexes, nonsense. */
@Timeout(20 * 60)
class RegistryTest {
    private static final String DIGEST = "sha256:" + "ab".repeat(32);
    private static final String CHILD = "sha256:" + "cd".repeat(32);
    private static final String CONFIG = "sha256:" + "ef".repeat(32);

    private final List<String> requests = new ArrayList<>();
    private HttpServer server;
    private HttpServer storage;
    private String host;
    private Registry registry;

    @TempDir
    Path config;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        storage = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        host = "127.0.0.1:" + server.getAddress().getPort();
        String auth = Base64.getEncoder().encodeToString("me:pass".getBytes(StandardCharsets.UTF_8));
        Files.writeString(
                config.resolve("config.json"), "{\"auths\": {\"" + host + "\": {\"auth\": \"" + auth + "\"}}}");
        registry = new Registry(new Docker(new Processes(SecretMask.NONE, line -> {}), Optional.of(config)));
        server.createContext("/", this::answer);
        storage.createContext("/", exchange -> {
            requests.add("storage " + exchange.getRequestHeaders().getFirst("Authorization"));
            reply(exchange, 200, "{\"config\": {\"Labels\": {\"a\": \"b\"}}}");
        });
        server.start();
        storage.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        storage.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        if (path.equals("/token")) {
            reply(exchange, authorization.startsWith("Basic ") ? 200 : 401, "{\"token\": \"T\"}");
        } else if (!authorization.equals("Bearer T")) {
            exchange.getResponseHeaders()
                    .add(
                            "WWW-Authenticate",
                            "Bearer realm=\"http://" + host + "/token\",service=\"s\",scope=\"repository:a/b:pull\"");
            reply(exchange, 401, "");
        } else if (path.endsWith("/manifests/1.0")) {
            exchange.getResponseHeaders().add("Docker-Content-Digest", DIGEST);
            reply(exchange, 200, "");
        } else if (path.endsWith("/manifests/odd")) {
            exchange.getResponseHeaders().add("Docker-Content-Digest", "../../etc");
            reply(exchange, 200, "");
        } else if (path.endsWith("/manifests/busy")) {
            reply(exchange, 503, "");
        } else if (path.endsWith("/manifests/" + DIGEST)) {
            reply(
                    exchange,
                    200,
                    "{\"manifests\": [{\"digest\": \"x\", \"platform\": {\"os\": \"linux\", \"architecture\":"
                            + " \"arm64\"}}, {\"digest\": \"" + CHILD
                            + "\", \"platform\": {\"os\": \"linux\", \"architecture\": \"amd64\"}}]}");
        } else if (path.endsWith("/manifests/" + CHILD)) {
            reply(exchange, 200, "{\"config\": {\"digest\": \"" + CONFIG + "\"}}");
        } else if (path.endsWith("/manifests/sha256:huge")) {
            reply(exchange, 200, " ".repeat(5 << 20));
        } else if (path.endsWith("/blobs/" + CONFIG)) {
            exchange.getResponseHeaders()
                    .add("Location", "http://127.0.0.1:" + storage.getAddress().getPort() + "/x");
            reply(exchange, 307, "");
        } else {
            reply(exchange, 404, "");
        }
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        boolean silent = bytes.length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, silent ? -1 : bytes.length);
        if (!silent) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    @Test
    void bytesOfAnotherDigestAreRefused() {
        assertThatThrownBy(() -> registry.read(host + "/a/b", DIGEST, "linux/amd64"))
                .hasMessage("its registry gives other bytes than those of " + DIGEST);
    }

    @Test
    void aTokenIsAskedForOnce() throws Exception {
        assertThat(registry.look(host + "/a/b", "1.0").digest()).contains(DIGEST);
        assertThat(registry.look(host + "/a/b", "none").absent()).isTrue();
        assertThat(requests)
                .containsExactly(
                        "HEAD /v2/a/b/manifests/1.0",
                        "GET /token?service=s&scope=repository%3Aa%2Fb%3Apull",
                        "HEAD /v2/a/b/manifests/1.0",
                        "HEAD /v2/a/b/manifests/none");
    }

    @Test
    void labelsAreReadThroughIndexAndRedirectWithoutOurCredentials() throws Exception {
        assertThat(registry.labels(host + "/a/b", DIGEST, "linux/amd64")).isEqualTo(Map.of("a", "b"));
        assertThat(requests).last().isEqualTo("storage null");
    }

    @Test
    void troubleIsNotAbsence() throws Exception {
        assertThat(registry.look(host + "/a/b", "busy"))
                .isEqualTo(
                        new Registry.Lookup(Optional.empty(), Optional.of("the registry " + host + " answered 503")));
        assertThat(registry.look(host + "/a/b", "odd").trouble())
                .hasValueSatisfying(why -> assertThat(why).contains("does not tell the digest"));
        assertThatThrownBy(() -> registry.labels(host + "/a/b", "sha256:huge", "linux/amd64"))
                .hasMessageContaining("larger than");
        Files.writeString(config.resolve("config.json"), "{}");
        Registry stranger = new Registry(new Docker(new Processes(SecretMask.NONE, line -> {}), Optional.of(config)));
        assertThat(stranger.look(host + "/a/b", "1.0").trouble())
                .contains("the registry " + host + " refuses to tell about a/b (401)");
    }

    @Test
    void namesAreReadAsDockerReadsThem() {
        assertThat(RegistryName.of("hello").api()).isEqualTo("https://registry-1.docker.io/v2/library/hello");
        assertThat(RegistryName.of("team/hello").api()).isEqualTo("https://registry-1.docker.io/v2/team/hello");
        assertThat(RegistryName.of("gcr.io/p/hello").api()).isEqualTo("https://gcr.io/v2/p/hello");
        assertThat(RegistryName.of("localhost:5000/a").api()).isEqualTo("http://localhost:5000/v2/a");
        assertThat(RegistryName.of("[::1]:5000/a").loopback()).isTrue();
        assertThat(RegistryName.of("127.0.0.1.example.org/a").api()).startsWith("https://");
    }
}
