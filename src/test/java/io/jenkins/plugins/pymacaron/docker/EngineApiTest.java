package io.jenkins.plugins.pymacaron.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads by the socket: of an engine that answers badly, and of the real one, which says the same by both ways. */
@Timeout(5 * 60)
class EngineApiTest {
    private Path directory;
    private ServerSocketChannel server;

    @BeforeEach
    void listen() throws Exception {
        // The path of a socket has to be short (unix(7): 108 bytes), and that of a temporary directory may be long.
        directory = Files.createTempDirectory(Path.of("/tmp"), "pym");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(directory.resolve("s")));
    }

    @AfterEach
    void end() throws Exception {
        server.close();
        Files.deleteIfExists(directory.resolve("s"));
        Files.delete(directory);
    }

    private Optional<EngineApi.Answer> answered(String answer) throws Exception {
        CompletableFuture<Void> serving = CompletableFuture.runAsync(() -> {
            try (SocketChannel channel = server.accept()) {
                channel.read(ByteBuffer.allocate(1024));
                channel.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        Optional<EngineApi.Answer> read = api().get("/x");
        serving.join();
        return read;
    }

    private EngineApi api() {
        return EngineApi.at("unix://" + directory.resolve("s")).orElseThrow();
    }

    @Test
    void anAnswerIsReadToItsEnd() throws Exception {
        assertThat(answered("HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n[{\"Name\":\"é\"}]\n")
                        .orElseThrow()
                        .each("Name"))
                .containsExactly("é");
    }

    @Test
    void onlyAnEngineSaysThatSomethingIsNotThere() throws Exception {
        String head = "HTTP/1.0 404 Not Found\r\n\r\n";

        assertThat(answered(head + "{\"message\":\"No such container: x\"}"))
                .hasValueSatisfying(answer -> assertThat(answer.found()).isFalse());
        assertThat(answered(head + "{\"message\":\"no such image: x: No such image: x\"}"))
                .hasValueSatisfying(answer -> assertThat(answer.found()).isFalse());
        assertThat(answered(head + "{\"message\":\"page not found\"}")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.0 200 OK",
                "HTTP/1.0 200 OK\r\n\r\n[{\"Name\":",
                "HTTP/1.0 200 OK\r\nContent-Length: 20\r\n\r\n[]",
                "HTTP/1.0 500 Internal Server Error\r\n\r\n{\"message\":\"no\"}",
                "HTTP/1.0 403 Forbidden\r\n\r\n{}",
                "SSH-2.0-OpenSSH_9.2\r\n\r\n"
            })
    void theClientIsAskedWhereTheAnswerIsNotOneToRelyOn(String answer) throws Exception {
        assertThat(answered(answer)).isEmpty();
    }

    @Test
    void theClientIsAskedWhereNothingListens() throws Exception {
        server.close();

        assertThat(api().get("/x")).isEmpty();
        assertThat(EngineApi.at("tcp://127.0.0.1:2375")).isEmpty();
        assertThat(EngineApi.at("ssh://machine")).isEmpty();
    }

    @Test
    void anInterruptEndsTheWait() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> api().get("/x")).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    /** Otherwise it would look like an engine that does not answer, and the client would be asked too. */
    @Test
    void anInterruptAmidAnAnswerEndsTheWait() throws Exception {
        Thread asking = Thread.currentThread();
        CompletableFuture<Boolean> serving = CompletableFuture.supplyAsync(() -> {
            try (SocketChannel channel = server.accept()) {
                channel.read(ByteBuffer.allocate(1024));
                channel.write(ByteBuffer.wrap("HTTP/1.0 200 OK\r\n".getBytes(StandardCharsets.UTF_8)));
                asking.interrupt();
                return channel.read(ByteBuffer.allocate(1)) < 0;
            } catch (IOException e) {
                // It has not read all before it closed the connection.
                return true;
            }
        });

        assertThatThrownBy(() -> api().get("/x")).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(serving.join()).as("the connection is closed").isTrue();
    }

    @Test
    void bothWaysSayTheSame() throws Exception {
        Processes processes = new Processes(SecretMask.NONE, line -> {});
        Docker byApi = RealDocker.docker(RealDocker.log());
        Docker byClient = new Docker(
                processes, Optional.empty(), RealDocker.clients().findFirst().orElseThrow());
        String name = RealDocker.unique("pym-api");
        Map<String, String> labels = Map.of("pym-api", name, "pym-empty", "");
        String id = byClient.containers()
                .create(ContainerSpec.of(RealDocker.base())
                        .named(name)
                        .labelled(labels)
                        .onHostNetwork()
                        .running(List.of("true")));
        try {
            byClient.volumes().create(name, labels);

            assertThat(byApi.read("/_ping")).as("no JSON").isEmpty();
            assertThat(byApi.read("/info")).as("the socket is in use").isPresent();
            assertThat(byApi.engine()).isEqualTo(byClient.engine());
            assertThat(byApi.engineId()).isNotEmpty().isEqualTo(byClient.engineId());
            for (Map<String, String> some : List.of(Map.of("pym-api", name), labels, Map.of("pym-api", ""))) {
                assertThat(byApi.containers().labelled(some))
                        .isNotEmpty()
                        .isEqualTo(byClient.containers().labelled(some));
                assertThat(byApi.containers().listed(some, labels.keySet()))
                        .isNotEmpty()
                        .isEqualTo(byClient.containers().listed(some, labels.keySet()));
                assertThat(byApi.volumes().listed(some, "pym-api"))
                        .isNotEmpty()
                        .isEqualTo(byClient.volumes().listed(some, "pym-api"));
            }
            assertThat(byApi.containers().inspect(name))
                    .isEqualTo(byClient.containers().inspect(id));
            assertThat(byApi.containers().inspect(name + "-not")).isEmpty();
            assertThat(byApi.images().inspect(RealDocker.base())).isPresent();
            assertThat(byApi.images().inspect(RealDocker.base()))
                    .isEqualTo(byClient.images().inspect(RealDocker.base()));
            assertThat(byApi.images().inspect("no/such:image")).isEmpty();
            String image =
                    byApi.images().inspect(RealDocker.base()).orElseThrow().id();
            assertThat(byApi.containers().ofImage(image)).contains(name);
        } finally {
            byClient.containers().remove(id);
            byClient.volumes().remove(name);
        }
    }
}
