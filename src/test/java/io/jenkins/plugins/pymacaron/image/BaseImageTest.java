package io.jenkins.plugins.pymacaron.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Resolves base images by a registry that answers each request with one digest. */
class BaseImageTest {
    private static final String ANSWERED = "sha256:" + "a".repeat(64);

    private final Registry registry = new Registry(
            new Docker(new Processes(SecretMask.NONE, line -> {}), Optional.empty(), "/nonexistent/docker"));

    private HttpServer server;
    private String repository;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("Docker-Content-Digest", ANSWERED);
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        repository = "127.0.0.1:" + server.getAddress().getPort() + "/team/base";
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aTagIsTheDigestThatTheRegistryTells() throws Exception {
        assertThat(BaseImage.inRegistry(registry, repository + ":1").reference())
                .isEqualTo(repository + "@" + ANSWERED);
        assertThat(BaseImage.inRegistry(registry, repository + "@" + ANSWERED).digest())
                .isEqualTo(ANSWERED);
    }

    @Test
    void anotherImageThanThatOfTheDigestIsRefused() {
        String name = repository + "@sha256:" + "b".repeat(64);

        assertThatThrownBy(() -> BaseImage.inRegistry(registry, name))
                .hasMessage("docker_base: the registry answers with " + ANSWERED + " for " + name
                        + ". Another image is not used; ask the operator of the registry.");
    }
}
