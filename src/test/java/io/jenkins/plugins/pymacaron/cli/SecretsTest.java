package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import io.jenkins.plugins.pymacaron.process.PipelineCredentials;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Secrets reach the service, and nothing else. */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
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
                .inspect(Service.liveContainers().get(0).origin().image())
                .orElseThrow()
                .toString();
        assertHidden("the image", image);
        String labels = Service.containers().stream()
                .map(c -> c.labels().toString())
                .toList()
                .toString();
        assertHidden("labels", labels);
    }

    /**
     * The pipeline's own credentials reach no code of the project: no process that is code of the repository, or can
     * run some, by any variable of the pipeline, including those that only a later version may read.
     */
    @Test
    void theCredentialsOfThePipelineReachNoProcessOfTheRepositorysCode() throws Exception {
        Path seen = Files.createDirectories(temporary.resolve("seen"));
        Service service = Service.in(temporary);
        Set<String> names = new TreeSet<>(PipelineCredentials.WITHHELD);
        names.addAll(List.of("PYM_REGISTRY_TOKEN", "PYM_GKE_TOKEN", "PYM_KUBECONFIG_STAGING", "PYM_AWS_ROLE"));
        names.forEach(name -> service.with(name, "canary-of-" + name));
        service.with("PYM_DEPLOYMENT_KEY", "cafecafecafecafe0123456789abcdef")
                .with("PYM_REGISTRY_USER", RealDocker.variable("PYM_TEST_REGISTRY_USER"))
                .with("PYM_REGISTRY_PASSWORD", RealDocker.variable("PYM_TEST_REGISTRY_PASSWORD"));
        String none = "env > " + seen + "/";
        Path python = temporary.resolve("python");
        Files.writeString(
                python,
                "#!/bin/sh\n" + none + "interpreter-$$\nexec " + RealDocker.variable("PYM_TEST_PYTHON") + " \"$@\"\n");
        assertThat(python.toFile().setExecutable(true)).isTrue();
        service.write(
                        "Dockerfile.extra",
                        names.stream()
                                .map(name -> "RUN test -z \"$" + name + "\"")
                                .collect(Collectors.joining("\n", "", "\n")))
                .write(
                        "pym-config.yaml",
                        Service.config()
                                        .replace(
                                                RealDocker.variable("PYM_TEST_REGISTRY"),
                                                RealDocker.variable("PYM_TEST_REGISTRY_AUTH"))
                                + "pre_promote: [sh, -c, '" + none + "pre_promote']\n")
                .at("unit", none + "unit")
                .at("dev", none + "dev")
                .at(Service.NAME + "-staging", none + "staging")
                .at(Service.NAME + "-live", none + "live")
                .write(".gitattributes", "*.txt filter=spy\n")
                .write("watched.txt", "watched\n")
                .commit("asks for them");
        service.git("config", "filter.spy.clean", none + "git-filter; cat");
        Files.setLastModifiedTime(service.directory().resolve("watched.txt"), FileTime.fromMillis(1_000_000_000_000L));
        // Only in the working copy, where the tests do not run: pytest for a probe that would look there.
        service.write("pytest.py", "import os\nopen('" + seen + "/shadow', 'w').write(repr(os.environ))\n");

        Service.Ended ended = service.runChild("--python", python.toString());

        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("ok Push image", "ok Before promotion");
        assertThat(service.directory().resolve(".pym/last.log"))
                .content()
                .contains("ok Accept live")
                .doesNotContain(RealDocker.variable("PYM_TEST_REGISTRY_PASSWORD"));
        try (Stream<Path> files = Files.list(seen)) {
            Map<String, String> environments = new TreeMap<>();
            for (Path file : files.toList()) {
                environments.put(file.getFileName().toString(), Files.readString(file));
            }
            assertThat(environments)
                    .containsKeys("unit", "dev", "staging", "live", "pre_promote", "git-filter")
                    .doesNotContainKey("shadow");
            assertThat(environments.keySet())
                    .filteredOn(name -> name.startsWith("interpreter"))
                    .hasSizeGreaterThan(4);
            environments.forEach(
                    (process, variables) -> assertThat(variables.lines().map(line -> line.replaceFirst("=.*", "")))
                            .as(process)
                            .contains("PATH")
                            .doesNotContainAnyElementsOf(names));
        }
        for (int port : new int[] {Service.LIVE, Service.STAGING}) {
            assertThat(listening(port)).as("a loopback URL").containsExactly("0100007F");
        }
    }

    /** Returns the local addresses, as the kernel writes them, on which a program listens on that port. */
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
