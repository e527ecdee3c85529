package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The files that {@code pymdeploy init} writes for a Flask service deploy with the real engine, unchanged. */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class InitDeployTest {
    @TempDir
    Path temporary;

    @Test
    void theWrittenFilesDeploy() throws Exception {
        Service service = Service.in(temporary);
        // Its name becomes that of the service, by which the engine is cleaned.
        Path directory = Files.createDirectory(temporary.toRealPath().resolve(Service.NAME));
        Files.writeString(directory.resolve("app.py"), "from flask import Flask\napp = Flask('x')\n");
        assertThat(service.runIn(directory, "init").code()).isZero();
        Path config = directory.resolve("pym-config.yaml");
        assertThat(config).content().contains("name: " + Service.NAME + "\n");
        // The base image that every machine can pull is not there on one without network.
        Files.writeString(config, "docker_base: " + RealDocker.base() + "\n", StandardOpenOption.APPEND);
        for (List<String> command : List.of(
                List.of("git", "init", "--quiet"),
                List.of("git", "add", "-A"),
                List.of(
                        "git",
                        "-c",
                        "user.name=T",
                        "-c",
                        "user.email=t@example.com",
                        "commit",
                        "--quiet",
                        "-m",
                        "first"))) {
            assertThat(new ProcessBuilder(command)
                            .directory(directory.toFile())
                            .inheritIO()
                            .start()
                            .waitFor())
                    .isZero();
        }

        Service.Ended ended = service.runIn(directory, "--target", "docker");

        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output())
                .contains("ok Unit tests", "ok Accept live", "2 tests: 2 passed", "push: false in pym-config.yaml")
                .doesNotContain("warning:");
        ended = service.runIn(directory, "--rollback", "--list");
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output()).contains(" serves at http://127.0.0.1:", "  no earlier version is kept");
    }
}
