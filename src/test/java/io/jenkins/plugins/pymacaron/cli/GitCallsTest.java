package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The number of calls of git in a deployment. Each is a process, so it must not grow without notice. */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class GitCallsTest {
    private static final int MOST = 14;
    private static final String LOGGING = """
            #!/bin/sh
            echo "$*" >> LOG
            exec REAL "$@"
            """;

    @TempDir
    Path temporary;

    @Test
    void aDeploymentAsksGitNoMoreThanItHasTo() throws Exception {
        Service service = Service.in(temporary);
        service.git("remote", "add", "origin", "https://example.invalid/service.git");
        Path log = temporary.resolve("calls.txt");
        Path bin = Files.createDirectories(temporary.resolve("logging"));
        Path git = Files.writeString(
                bin.resolve("git"),
                LOGGING.replace("LOG", log.toString())
                        .replace("REAL", Service.onPath("git").toString()));
        git.toFile().setExecutable(true);
        service.with("PATH", bin + ":" + System.getenv("PATH"));

        calls(service, log);
        service.content("two").commit("second");
        List<String> changed = calls(service, log);

        assertThat(changed).as(String.join("\n", changed)).hasSizeLessThanOrEqualTo(MOST);
        assertThat(new HashSet<>(changed)).as(String.join("\n", changed)).hasSameSizeAs(changed);
        System.out.println("calls of git: " + changed.size());
    }

    /** Returns the calls of one deployment. */
    private static List<String> calls(Service service, Path log) throws Exception {
        Files.deleteIfExists(log);
        Service.Ended ended = service.runChild("--no-test");
        assertThat(ended.code()).as(ended.output()).isZero();
        return Files.readAllLines(log);
    }
}
