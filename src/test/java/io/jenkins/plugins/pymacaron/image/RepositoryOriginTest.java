package io.jenkins.plugins.pymacaron.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.pymacaron.image.SourceTree.Pushed;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20 * 60)
class RepositoryOriginTest {
    private static String basic(String pair) {
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void credentialsAreTakenOutOfTheUrl() {
        assertThat(RepositoryOrigin.of("https://h.example/a.git", Optional.of("T")))
                .isEqualTo(new RepositoryOrigin(
                        "https://h.example/a.git", "https://h.example/", Optional.of(basic("x-token-auth:T"))));
        assertThat(RepositoryOrigin.of("https://me:p%40ss@h.example:8443/a", Optional.empty()))
                .isEqualTo(new RepositoryOrigin(
                        "https://h.example:8443/a", "https://h.example:8443/", Optional.of(basic("me:p@ss"))));
        assertThat(RepositoryOrigin.of("https://old@h.example/a", Optional.of("T"))
                        .url())
                .isEqualTo("https://h.example/a");
        assertThat(RepositoryOrigin.of("git@h.example:a/b.git", Optional.empty()))
                .isEqualTo(new RepositoryOrigin("git@h.example:a/b.git", "", Optional.empty()));
    }

    @Test
    void localAddresses() {
        assertThat(Stream.of("/a", "../a", "a/b", "file:///a").map(url -> RepositoryOrigin.of(url, Optional.empty())))
                .allMatch(RepositoryOrigin::local);
        assertThat(Stream.of("git@h:a", "ssh://h/a", "https://h/a")
                        .map(url -> RepositoryOrigin.of(url, Optional.empty())))
                .noneMatch(RepositoryOrigin::local);
    }

    /** A static ("dumb") git server with a password, which also looks at what other users of the machine can see. */
    @Test
    void theTokenReachesOnlyTheServer(@TempDir Path temporary) throws Exception {
        Path directory = temporary.toRealPath();
        Repository bare = Repository.service(directory.resolve("bare"));
        bare.git("update-server-info");
        String token = "t0ken-s3cret";
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
                all.map(process -> process.info().commandLine().orElse("")).forEach(seen::add);
            }
            String expected = basic("x-token-auth:" + token).substring("Authorization: ".length());
            Path file = bare.path()
                    .resolve(".git")
                    .resolve(exchange.getRequestURI().getPath().substring("/a.git/".length()));
            if (!expected.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"git\"");
                exchange.sendResponseHeaders(401, -1);
            } else if (!Files.isRegularFile(file)) {
                exchange.sendResponseHeaders(404, -1);
            } else {
                byte[] content = Files.readAllBytes(file);
                exchange.sendResponseHeaders(200, content.length == 0 ? -1 : content.length);
                exchange.getResponseBody().write(content);
            }
            exchange.close();
        });
        server.start();
        try {
            Repository working =
                    Repository.service(directory.resolve("w")).write("x", "").commit("unpushed");
            working.git(
                    "remote",
                    "add",
                    "origin",
                    "http://127.0.0.1:" + server.getAddress().getPort() + "/a.git");
            Processes processes = new Processes(SecretMask.NONE, line -> {});

            try (SourceTree source = SourceTree.ofPushed(
                    processes, working.path(), new Pushed(Optional.empty(), Optional.empty(), Optional.of(token)))) {
                assertThat(source.commit()).isEqualTo(bare.head());
                assertThat(source.root().resolve(".git/config")).content().doesNotContain(token, "Authorization");
            }
            assertThat(seen).anyMatch(line -> line.contains("git")).noneMatch(line -> line.contains(token));
            assertThatThrownBy(() -> SourceTree.ofPushed(
                            processes,
                            working.path(),
                            new Pushed(Optional.empty(), Optional.empty(), Optional.of("wrong"))))
                    .hasMessageContaining(
                            "wants other credentials. Set up a key or a credential helper for git on this");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aTokenIsForHttp(@TempDir Path directory) throws Exception {
        Repository working = Repository.service(directory.resolve("w"));
        working.git("remote", "add", "origin", directory.toString());

        assertThatThrownBy(() -> SourceTree.ofPushed(
                        new Processes(SecretMask.NONE, line -> {}),
                        working.path(),
                        new Pushed(Optional.empty(), Optional.empty(), Optional.of("T"))))
                .hasMessageContaining("--x-auth is for a repository at http(s)");
        assertThat(new Pushed(Optional.empty(), Optional.empty(), Optional.of("T0KEN")).toString())
                .doesNotContain("T0KEN");
    }
}
