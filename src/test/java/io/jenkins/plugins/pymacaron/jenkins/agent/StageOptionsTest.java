package io.jenkins.plugins.pymacaron.jenkins.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests the options of a stage's JVM with a real one. */
@Timeout(10 * 60)
class StageOptionsTest {
    @Test
    void theJvmHasALimitedHeapAndServersThatAnswerAtOnce() throws Exception {
        List<String> argv = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        argv.addAll(StageLauncher.OPTIONS);
        argv.addAll(List.of("-XshowSettings:all", "-version"));
        Process java = new ProcessBuilder(argv).redirectErrorStream(true).start();
        String settings = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(java.waitFor(5, TimeUnit.MINUTES)).isTrue();

        assertThat(settings).contains("Max. Heap Size: 384.00M").contains("sun.net.httpserver.nodelay = true");
    }
}
