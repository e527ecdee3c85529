package io.jenkins.plugins.pymacaron.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.FilePath;
import io.jenkins.plugins.pymacaron.jenkins.agent.PlainLaunchers;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests the shell around the core as a real process; a shell stands for the core. */
@Timeout(10 * 60)
class StageScriptTest {
    private static final String ENDLESS = "while :; do sleep 1; done";

    @TempDir
    private Path directory;

    private Process start(String core) throws Exception {
        Files.createFile(directory.resolve("go"));
        String script =
                StageScript.of(PlainLaunchers.of("/bin/sh", List.of("-c", core), new FilePath(directory.toFile())));
        return new ProcessBuilder("sh", "-c", script).inheritIO().start();
    }

    /** Returns the core, once its number is written down. */
    private ProcessHandle core(Process shell) throws Exception {
        Path pid = directory.resolve(StageFiles.PID);
        while (!Files.exists(pid) || Files.readString(pid).isBlank()) {
            assertThat(shell.isAlive()).isTrue();
            Thread.onSpinWait();
        }
        return ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
    }

    private void assertNoNumberIsLeft(Process shell) throws Exception {
        assertThat(shell.waitFor()).isZero();
        assertThat(directory.resolve(StageFiles.PID)).doesNotExist();
    }

    @Test
    void theNumberOfACoreThatHasEndedIsRemoved() throws Exception {
        Process shell = start("echo done; exit 3");

        assertNoNumberIsLeft(shell);
        assertThat(directory.resolve(StageFiles.RESULT)).hasContent("done");
    }

    @Test
    void theNumberOfACoreThatWasKilledIsRemoved() throws Exception {
        Process shell = start(ENDLESS);

        core(shell).destroyForcibly();

        assertNoNumberIsLeft(shell);
    }

    @Test
    void theNumberStaysWhileACoreThatWasToldToStopUndoesItsChanges() throws Exception {
        Process shell = start("trap 'until [ -e \"" + directory
                + "/undone\" ]; do sleep 0.05; done; exit 0' TERM; : > \"" + directory + "/ready\"; " + ENDLESS);
        ProcessHandle core = core(shell);
        while (!Files.exists(directory.resolve("ready"))) {
            Thread.onSpinWait();
        }

        core.destroy();
        shell.toHandle().destroy();

        assertThat(directory.resolve(StageFiles.PID)).exists();
        Files.createFile(directory.resolve("undone"));
        assertNoNumberIsLeft(shell);
    }
}
