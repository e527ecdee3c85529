package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests the options that bin/pymdeploy gives to the JVM, with a real JVM. */
@Timeout(10 * 60)
class LauncherTest {
    private static final Processes PROCESSES = new Processes(SecretMask.NONE, line -> {});

    @TempDir
    Path home;

    @Test
    void theJvmHasAHeapOfItsOwnAndServersThatAnswerAtOnce() throws Exception {
        Files.createDirectories(home.resolve("bin"));
        Files.createDirectories(home.resolve("src/main"));
        Files.createFile(home.resolve("central.pom.xml"));
        Files.copy(Path.of("bin/pymdeploy"), home.resolve("bin/pymdeploy"));
        Path lib = Files.createDirectories(home.resolve("target/central/lib"));
        // The launcher builds what is older than its source.
        Files.setLastModifiedTime(lib, FileTime.from(Instant.now().plusSeconds(3600)));
        Path java = Files.createDirectories(home.resolve("jdk/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        List<String> arguments = PROCESSES
                .query(Command.of("bash", home.resolve("bin/pymdeploy").toString(), "--version")
                        .with(Map.of("JAVA_HOME", home.resolve("jdk").toString())))
                .orThrow("bin/pymdeploy")
                .output()
                .lines()
                .toList();
        List<String> options = arguments.subList(0, arguments.indexOf("-cp"));

        List<String> asking = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        asking.addAll(options);
        asking.addAll(List.of("-XshowSettings:all", "-version"));
        Process asked = new ProcessBuilder(asking).redirectErrorStream(true).start();
        String settings = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(asked.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(settings).contains("Max. Heap Size: 384.00M").contains("sun.net.httpserver.nodelay = true");
    }
}
