package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Secrets reach the service, and nothing else. */
@Timeout(120)
@ExtendWith(CleanEngine.class)
class SecretsTest {
    private static final String VALUE = "a=b \"c\" 'd' $e \\f, gräßlich\nand a second line %s";

    @TempDir
    Path temporary;

    @Test
    void arriveByteForByteAndShowNowhere() throws Exception {
        Service service = Service.in(temporary)
                .with(Service.SECRET, VALUE)
                .with("LC_ALL", "C.UTF-8")
                .with("E2E_WAIT_AT", Service.NAME + "-live")
                .at("dev", "echo the secret is \"$E2E_SECRET\"; printf %s \"$E2E_SECRET\" | base64 -w0")
                .at(Service.NAME + "-staging", "echo \"$E2E_SECRET\" >&2; exit 0")
                .commit("tests that tell");
        Service.Ended ended;
        List<String> seen = new ArrayList<>();
        try (Child child = service.start("--no-unittest", "--debug")) {
            Thread watch = new Thread(() -> watch(seen));
            watch.setDaemon(true);
            watch.start();
            child.atGate().openGate();
            ended = child.await();
            watch.interrupt();
            watch.join();
        }

        assertThat(ended.code()).as(ended.output()).isZero();
        for (int port : new int[] {Service.STAGING, Service.LIVE}) {
            String answer = Service.ask(port, "/secret").replace("\"", "");
            assertThat(new String(Base64.getDecoder().decode(answer), StandardCharsets.UTF_8))
                    .isEqualTo(VALUE);
        }
        assertHidden("the output", ended.output());
        try (Stream<Path> files = Files.walk(service.directory().resolve(".pym"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertHidden(file.toString(), new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
            }
        }
        assertThat(seen).isNotEmpty();
        assertHidden("arguments of processes", String.join("\n", seen));
        String image = Service.docker()
                .images()
                .inspect(Service.liveContainers().get(0).image())
                .orElseThrow()
                .toString();
        assertHidden("the image", image);
        String labels = Service.containers().stream()
                .map(c -> c.labels().toString())
                .toList()
                .toString();
        assertHidden("labels", labels);
    }

    /** The arguments of every docker and python process there is. */
    private static void watch(List<String> seen) {
        while (!Thread.currentThread().isInterrupted()) {
            ProcessHandle.allProcesses().forEach(process -> {
                try {
                    String argv = Files.readString(
                            Path.of("/proc/" + process.pid() + "/cmdline"), StandardCharsets.ISO_8859_1);
                    if (argv.contains("docker") || argv.contains("pytest")) {
                        seen.add(argv);
                    }
                } catch (IOException e) {
                    // it has ended
                }
            });
        }
    }

    private static void assertHidden(String where, String text) {
        String base64 = Base64.getEncoder().encodeToString(VALUE.getBytes(StandardCharsets.UTF_8));
        assertThat(text)
                .as(where)
                .doesNotContain(VALUE)
                .doesNotContain("and a second line")
                .doesNotContain("\"c\" 'd'")
                .doesNotContain(base64.substring(4, base64.length() - 8));
    }
}
