package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Starts the process of a stage as an agent does. */
@Timeout(5 * 60)
class StageStartTest {
    @Test
    void itReadsItsOneOptionWithoutTheParserOfCommands(@TempDir Path directory) throws Exception {
        Path spec = Files.writeString(directory.resolve("spec.json"), "{\"schema\":7}");
        Process process = new ProcessBuilder(List.of(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xshare:auto",
                        "-Xlog:class+load",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "stage",
                        "--spec",
                        spec.toString()))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isEqualTo(ExitCode.USAGE.code());
        assertThat(output.lines())
                .anyMatch(line -> line.endsWith("a StageSpec of schema 7, this version knows up to 1"))
                .anyMatch(line -> line.contains(" " + StageCommand.class.getName() + " "))
                .noneMatch(line -> line.contains(" picocli."));
    }
}
