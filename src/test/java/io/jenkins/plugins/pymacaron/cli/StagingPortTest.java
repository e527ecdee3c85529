package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A staging without an address in the configuration, which has another port in each deployment. */
@Timeout(20 * 60)
@NeedsEngine
@ExtendWith(CleanEngine.class)
class StagingPortTest {
    @Test
    void thePreviousVersionAtThePortIsReplacedAndAsManyAreKeptAsTheBlockSays(@TempDir Path temporary) throws Exception {
        Service service = Service.in(temporary);
        Path config = service.directory().resolve("pym-config.yaml");
        String staging = "staging:\n  live_url: http://127.0.0.1:" + Service.STAGING + "\n";
        assertThat(Files.readString(config)).contains(staging);
        String live = "live:\n  retention: {deployments: 0}\n";
        service.write("pym-config.yaml", Files.readString(config).replace(staging, "") + live)
                .commit("staging has no address, and live no previous version");
        Service.Ended first = service.run("--no-test", "--no-push");
        assertThat(first.code()).as(first.output()).isZero();

        Service.Ended second = service.content("two").commit("second").run("--no-test", "--no-push");

        assertThat(second.code()).as(second.output()).isZero();
        assertThat(Service.live()).isEqualTo("two");
        assertThat(Service.liveContainers())
                .as("the block of live says how many are kept")
                .hasSize(1);
        assertThat(Service.containersOf("docker/" + Service.NAME + "/staging").stream()
                        .filter(container -> container.running()))
                .hasSize(1);
    }
}
