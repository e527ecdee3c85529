package io.jenkins.plugins.pymacaron.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.http.DrippingServer;
import io.jenkins.plugins.pymacaron.http.WholeAnswer;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Answer;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20 * 60)
class RegistryHttpTest {
    @Test
    void aRegistryThatDripsIsNotWaitedForWithoutEnd() throws Exception {
        Docker docker = new Docker(new Processes(SecretMask.NONE, line -> {}), Optional.empty());
        try (DrippingServer server = new DrippingServer()) {
            RegistryName name = RegistryName.of(server.url().getAuthority() + "/team/hello");
            assertThatThrownBy(() ->
                            new RegistryHttp(docker, Duration.ofMillis(300)).ask(name, "GET", "/manifests/1", 1 << 20))
                    .hasMessageContaining("no whole answer within 300 ms");
        }
    }

    /** A registry on loopback without TLS makes us ask for a token elsewhere, without TLS too. */
    @Test
    void credentialsAreNotSentToATokenServiceElsewhereWithoutTls(@TempDir Path config) throws Exception {
        Optional<InetAddress> elsewhere = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst();
        assumeTrue(elsewhere.isPresent(), "only loopback");
        List<String> asked = new CopyOnWriteArrayList<>();
        HttpServer tokens = HttpServer.create(new InetSocketAddress(elsewhere.get(), 0), 0);
        tokens.createContext("/", exchange -> {
            asked.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            exchange.sendResponseHeaders(500, -1);
            exchange.close();
        });
        tokens.start();
        String realm = "http://" + elsewhere.get().getHostAddress() + ":"
                + tokens.getAddress().getPort() + "/token";
        try (WireServer registry = WireServer.start(request ->
                new Answer(401, Map.of("WWW-Authenticate", "Bearer realm=\"" + realm + "\""), new byte[0]))) {
            String host = registry.url().getAuthority();
            String auth = Base64.getEncoder().encodeToString("me:pass".getBytes(StandardCharsets.UTF_8));
            Files.writeString(
                    config.resolve("config.json"), "{\"auths\": {\"" + host + "\": {\"auth\": \"" + auth + "\"}}}");
            Docker docker = new Docker(new Processes(SecretMask.NONE, line -> {}), Optional.of(config));

            WholeAnswer answer =
                    new RegistryHttp(docker).ask(RegistryName.of(host + "/team/hello"), "GET", "/manifests/1", 1 << 20);

            assertThat(answer.status()).isEqualTo(401);
            assertThat(asked).isEmpty();
        } finally {
            tokens.stop(0);
        }
    }
}
