package io.jenkins.plugins.pymacaron.image;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.http.DrippingServer;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
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
}
