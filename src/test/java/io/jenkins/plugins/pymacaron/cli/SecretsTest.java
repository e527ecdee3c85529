package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.docker.RealDocker;
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

    /** What the pipeline logs in with is no business of the project's own code. */
    @Test
    void theCredentialsOfThePipelineAreWithheld() throws Exception {
        String none = "test -z \"$PYM_REGISTRY_USER$PYM_REGISTRY_PASSWORD$PYM_X_AUTH\"";
        Service service = Service.in(temporary)
                .with("PYM_REGISTRY_USER", RealDocker.variable("PYM_TEST_REGISTRY_USER"))
                .with("PYM_REGISTRY_PASSWORD", RealDocker.variable("PYM_TEST_REGISTRY_PASSWORD"))
                .with("PYM_X_AUTH", "a-token-of-ours")
                .write(
                        "pym-config.yaml",
                        Service.config()
                                        .replace(
                                                RealDocker.variable("PYM_TEST_REGISTRY"),
                                                RealDocker.variable("PYM_TEST_REGISTRY_AUTH"))
                                + "pre_promote: [sh, -c, '" + none + "']\n")
                .at("unit", none)
                .at("dev", none)
                .at(Service.NAME + "-staging", none)
                .at(Service.NAME + "-live", none)
                .commit("asks for them");

        Service.Ended ended = service.runChild();

        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("ok Push image", "ok Before promotion");
        assertThat(service.directory().resolve(".pym/last.log"))
                .content()
                .contains("ok Accept live")
                .doesNotContain(RealDocker.variable("PYM_TEST_REGISTRY_PASSWORD"));
        for (int port : new int[] {Service.LIVE, Service.STAGING}) {
            assertThat(listening(port)).as("a loopback URL").containsExactly("0100007F");
        }
    }

    /** The local addresses, as the kernel writes them, on which somebody listens on that port. */
    private static List<String> listening(int port) throws IOException {
        String end = String.format(":%04X", port);
        return Stream.of("/proc/net/tcp", "/proc/net/tcp6")
                .map(Path::of)
                .filter(Files::exists)
                .flatMap(file -> lines(file).stream())
                .map(line -> line.strip().split("\\s+"))
                .filter(fields -> fields[1].endsWith(end) && fields[3].equals("0A"))
                .map(fields -> fields[1].replaceFirst(":.*", ""))
                .distinct()
                .toList();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
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
