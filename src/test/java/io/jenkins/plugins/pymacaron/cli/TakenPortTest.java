package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.docker.ContainerFacts;
import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A staging without an address of its own was stopped, and another program has its port by now. */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class TakenPortTest {
    @TempDir
    Path temporary;

    @Test
    void theSameDeploymentTakesAnotherPort() throws Exception {
        Service service = Service.in(temporary);
        service.write("pym-config.yaml", Service.config().replaceFirst("(?s)staging:\n.*?\n", ""))
                .commit("staging takes any port");
        Service.Ended first = service.run("--no-test", "--no-push");
        assertThat(first.code()).as(first.output()).isZero();
        ContainerFacts staging = staging();
        int port = Integer.parseInt(
                staging.label("io.jenkins.plugins.pymacaron.url").replaceFirst(".*:", ""));
        Service.docker().containers().stop(staging.id(), Duration.ofSeconds(20));

        try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getByName("0.0.0.0"))) {
            Service.Ended again = service.run("--no-test", "--no-push");
            assertThat(again.code()).as(again.output()).isZero();
            assertThat(other.isBound()).isTrue();
        }

        assertThat(Service.running()).containsExactly("live serving", "staging serving");
        assertThat(staging().name())
                .isEqualTo(staging.name() + "-"
                        + staging().label("io.jenkins.plugins.pymacaron.url").replaceFirst(".*:", ""));
        assertThat(Service.live()).isEqualTo("one");
    }

    /** Returns the only one of staging: what is stopped is removed where another one serves. */
    private static ContainerFacts staging() throws Exception {
        var all = Service.containers().stream()
                .filter(c -> c.label("io.jenkins.plugins.pymacaron.environment").endsWith("/staging"))
                .toList();
        assertThat(all).hasSize(1);
        return all.get(0);
    }
}
