package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.pymacaron.FreePorts;
import io.jenkins.plugins.pymacaron.docker.ContainerFacts;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import io.jenkins.plugins.pymacaron.report.RunSummary;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * A small Python service in a git repository of its own, which {@code pymdeploy} deploys in this JVM or in one of its
 * own. All of them have one name and the same ports, so that tests share images; {@link CleanEngine} removes what they
 * leave on the engine.
 */
public final class Service {
    public static final String NAME = RealDocker.unique("e2e").toLowerCase(Locale.ROOT);
    public static final int LIVE = FreePorts.next();
    public static final int STAGING = FreePorts.next();
    static final String SECRET = "E2E_SECRET";
    private static final String LABEL = "io.jenkins.plugins.pymacaron.";
    private static final Processes PROCESSES = new Processes(SecretMask.NONE, line -> {});
    /** A missing server refuses at once; an existing one may be slow on a busy machine. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();

    /** A server in plain WSGI starts faster than Flask. */
    static final String SERVER = """
            import base64
            import json
            import os

            with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'VERSION')) as f:
                VERSION = f.read().strip()


            def app(environ, start_response):
                answers = {
                    '/ping': {},
                    '/version': {'version': VERSION, 'pym_env': os.environ.get('PYM_ENV')},
                    '/secret': base64.b64encode(os.environb.get(b'E2E_SECRET', b'')).decode(),
                    '/content': 'CONTENT',
                }
                start_response('200 OK', [('Content-Type', 'application/json')])
                return [json.dumps(answers[environ['PATH_INFO']]).encode()]
            """;

    private static final String ACCEPT = """
            import json
            import os
            import unittest
            import urllib.request

            import gate


            class ServiceTest(unittest.TestCase):
                def test_version(self):
                    url = 'http://%s:%s/version' % (os.environ['PYM_SERVER_HOST'], os.environ['PYM_SERVER_PORT'])
                    with urllib.request.urlopen(url, timeout=10) as answer:
                        self.assertEqual(json.load(answer)['pym_env'], os.environ['PYM_ENV'])

                def test_gate(self):
                    gate.pass_through(os.environ['PYM_ENV'])
            """;

    private static final String UNIT = """
            import unittest

            import gate


            class UnitTest(unittest.TestCase):
                def test_gate(self):
                    gate.pass_through('unit')
            """;

    /** Runs what {@link #at} has put there, or waits for {@link Child#openGate}. */
    private static final String GATE = """
            import os
            import subprocess
            import time


            def pass_through(stage):
                script = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'at_%s.sh' % stage)
                if stage in os.environ.get('E2E_WAIT_AT', '').split():
                    open(os.environ['E2E_GATE'] + '.reached', 'w').close()
                    until = time.time() + 1800
                    while time.time() < until and not os.path.exists(os.environ['E2E_GATE'] + '.open'):
                        time.sleep(0.02)
                if os.path.exists(script):
                    subprocess.check_call(['sh', script])
            """;

    /** A docker that waits at one of its calls: before it, so that what dies there has not done it, or after it. */
    private static final String DOCKER = """
            #!/bin/sh
            wait_here() {
              touch "$E2E_GATE.reached"
              for i in $(seq 1 36000); do [ -e "$E2E_GATE.open" ] && return; sleep 0.05; done
            }
            code=0
            [ -z "$E2E_DOCKER_LOG" ] || echo "$*" >> "$E2E_DOCKER_LOG"
            at=""
            case " $* " in
            *" ${E2E_DOCKER_AT:-never called}"*) at=yes ;;
            esac
            if [ -n "$E2E_DOCKER_CALLS" ]; then
              echo "$*" >> "$E2E_DOCKER_CALLS"
              [ "$(wc -l < "$E2E_DOCKER_CALLS")" -ne "${E2E_DOCKER_NUMBER:-0}" ] || at=yes
            fi
            if [ -n "$at" ] && [ "$E2E_DOCKER_WHEN" = after ]; then REAL "$@" || code=$?; wait_here; exit $code; fi
            [ -z "$at" ] || wait_here
            exec REAL "$@"
            """;

    private final Path directory;
    private final Path state;
    private final Map<String, String> environment = new LinkedHashMap<>(System.getenv());

    private Service(Path directory, Path state) {
        this.directory = directory;
        this.state = state;
        environment.put("XDG_STATE_HOME", state.toString());
        environment.put(SECRET, "not so secret");
        // With a key, images are the same though tests differ, so that they are built once.
        environment.put("PYM_DEPLOYMENT_KEY", "0123456789abcdef0123456789abcdef");
    }

    /** Committed, with nothing deployed yet. */
    public static Service in(Path temporary) throws Exception {
        RealDocker.base();
        Path root = temporary.toRealPath();
        Service service = new Service(Files.createDirectories(root.resolve("service")), root.resolve("state"));
        service.git("init", "--quiet", "--initial-branch=main");
        service.content("one")
                .write("requirements.txt", "")
                .write("pym-config.yaml", config())
                .write("test/test_unit.py", UNIT)
                .write("test/gate.py", GATE)
                .write("testaccept/test_service.py", ACCEPT)
                .write("testaccept/gate.py", GATE)
                .write(".gitignore", "__pycache__/\n")
                .commit("first");
        return service;
    }

    /** Patient: a busy machine starts a service slowly, and that is not what most tests are about. */
    static String config() {
        return config("ready_timeout: 5m, request_timeout: 1m");
    }

    /** @param accept the settings of the section accept */
    static String config(String accept) {
        return """
                name: %s
                deploy_target: docker
                docker_repo: e2e
                registry: %s
                docker_base: %s
                live_url: http://127.0.0.1:%d
                staging:
                  live_url: http://127.0.0.1:%d
                env_secrets: [%s]
                accept: {%s}
                """.formatted(
                NAME, RealDocker.variable("PYM_TEST_REGISTRY"), RealDocker.base(), LIVE, STAGING, SECRET, accept);
    }

    /** Makes the service another one, and its image too. */
    public Service content(String content) throws Exception {
        return write("server.py", server(content));
    }

    public static String server(String content) {
        return SERVER.replace("CONTENT", content);
    }

    public Service write(String file, String text) throws Exception {
        Path path = directory.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
        return this;
    }

    public Service commit(String message) throws Exception {
        git("add", "--all");
        git("commit", "--quiet", "--allow-empty", "-m", message);
        return this;
    }

    /**
     * Makes the tests of a stage run a script; they fail if it fails. The image stays the same.
     *
     * @param stage unit, dev, or the PYM_ENV of a slot
     */
    public Service at(String stage, String script) throws Exception {
        return write((stage.equals("unit") ? "test" : "testaccept") + "/at_" + stage + ".sh", script + "\n");
    }

    /** Makes every child wait at the call of docker whose arguments contain {@code part}. */
    public Service holdDockerAt(String when, String part) throws Exception {
        Path bin = Files.createDirectories(directory.resolveSibling("bin"));
        Path real = onPath("docker");
        Path docker = bin.resolve("docker");
        Files.writeString(docker, DOCKER.replace("REAL", real.toString()));
        docker.toFile().setExecutable(true);
        return with("PATH", bin + ":" + System.getenv("PATH"))
                .with("E2E_DOCKER_WHEN", when)
                .with("E2E_DOCKER_AT", part);
    }

    /**
     * Makes every child write down its calls of docker, one a line, and wait at one of them.
     *
     * @param number from 1 on; 0 for none
     */
    Service holdDockerAtCall(String when, int number, Path calls) throws Exception {
        return holdDockerAt(when, "never called")
                .with("E2E_DOCKER_CALLS", calls.toString())
                .with("E2E_DOCKER_NUMBER", Integer.toString(number));
    }

    static Path onPath(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    public String git(String... arguments) throws Exception {
        return PROCESSES
                .query(Command.of("git", "-c", "commit.gpgsign=false", "-c", "user.name=e2e", "-c", "user.email=e@e2e")
                        .and(List.of(arguments))
                        .in(directory)
                        .with(Map.of(
                                "GIT_AUTHOR_DATE",
                                "2026-01-02T03:04:05Z",
                                "GIT_COMMITTER_DATE",
                                "2026-01-02T03:04:05Z")))
                .orThrow("git " + String.join(" ", arguments))
                .output()
                .strip();
    }

    public Path directory() {
        return directory;
    }

    public Map<String, String> environment() {
        return environment;
    }

    /** Makes each child read from the engine by its client too, so that every read is a call that a test can hold. */
    Service readingByClient() {
        return with("PYM_DOCKER_API", "no");
    }

    public Service with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** The exit code and the output of {@code pymdeploy}. */
    public record Ended(int code, String output) {
        /** Returns the lines that say how it ended, without those of a log. */
        List<String> story() {
            return output.lines().filter(line -> !line.startsWith("    ")).toList();
        }
    }

    /** Runs in this JVM: this is quick, but the tests' processes do not see {@link #environment}. */
    public Ended run(String... arguments) {
        return runIn(directory, arguments);
    }

    public Ended runIn(Path directory, String... arguments) {
        StringWriter out = new StringWriter();
        CommandLine line = Main.commandLine(environment, directory, Instant.now())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(out, true));
        int code = line.execute(withPython(arguments));
        return new Ended(code, out.toString());
    }

    static String[] withPython(String... arguments) {
        boolean needed = Stream.of(arguments).noneMatch(a -> a.equals("--python"));
        Stream<String> python = needed ? Stream.of("--python", RealDocker.variable("PYM_TEST_PYTHON")) : Stream.of();
        return Stream.concat(python, Stream.of(arguments)).toArray(String[]::new);
    }

    /** Starts in a JVM of its own. */
    Child start(String... arguments) throws IOException {
        return Child.start(this, List.of(withPython(arguments)));
    }

    Ended runChild(String... arguments) throws Exception {
        try (Child child = start(arguments)) {
            return child.await();
        }
    }

    /** Returns the report of the last run. */
    RunSummary summary() throws IOException {
        return RunSummary.read(lastRun().resolve("report/summary.json"));
    }

    Path lastRun() throws IOException {
        try (Stream<Path> runs = Files.list(directory.resolve(".pym/runs"))) {
            return runs.max(Comparator.naturalOrder()).orElseThrow();
        }
    }

    /** Returns the private checkouts of its runs. */
    List<Path> checkouts() throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> runs = Files.list(directory.resolve(".pym/runs"))) {
            for (Path run : runs.toList()) {
                Path state = run.resolve("state.json");
                if (Files.exists(state)) {
                    String source = new ObjectMapper()
                            .readTree(state.toFile())
                            .path("temporary")
                            .path("source")
                            .asText();
                    if (!source.isEmpty()) {
                        found.add(Path.of(source));
                    }
                }
            }
        }
        return found;
    }

    public static String ask(int port, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(PATIENCE)
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    /** Returns the version that answers there. */
    public static String version(int port) throws Exception {
        return ask(port, "/version").replaceAll(".*\"version\": *\"([^\"]+)\".*", "$1");
    }

    /** Returns the version that answers on live: "one", "two" …; "nothing" if none does. */
    public static String live() throws Exception {
        return answer(LIVE);
    }

    /** Waits until live answers with that text, for a minute at most. */
    static void awaitLive(String expected) throws Exception {
        long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (!live().equals(expected)) {
            assertThat(System.nanoTime()).as("live answers " + live()).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    public static String staging() throws Exception {
        return answer(STAGING);
    }

    public static String answer(int port) throws Exception {
        try {
            return ask(port, "/content").replace("\"", "");
        } catch (IOException e) {
            return "nothing";
        }
    }

    public static Docker docker() {
        return new Docker(PROCESSES, Optional.empty());
    }

    /** Returns all containers of this service: name and state. */
    public static List<ContainerFacts> containers() throws Exception {
        return containersOf("docker/" + NAME + "/");
    }

    /** @param environments how their names begin */
    public static List<ContainerFacts> containersOf(String environments) throws Exception {
        return docker().containers().labelled(Map.of(LABEL + "environment", "")).stream()
                .filter(c -> c.labels().get(LABEL + "environment").startsWith(environments))
                .toList();
    }

    /** Containers of live, the newest first. */
    static List<ContainerFacts> liveContainers() throws Exception {
        return containers().stream()
                .filter(c -> c.labels().get(LABEL + "environment").endsWith("/live"))
                .sorted(Comparator.comparing(
                                (ContainerFacts facts) -> facts.origin().created())
                        .reversed())
                .toList();
    }

    /** Slot and role of all that run, sorted: one each of {@code live serving} and {@code staging serving} in the rule. */
    public static List<String> running() throws Exception {
        return containers().stream()
                .filter(c -> c.state().status().equals("running"))
                .map(c -> c.labels().get(LABEL + "environment").replaceFirst(".*/", "") + " "
                        + c.labels().get(LABEL + "role"))
                .sorted()
                .toList();
    }

    /** Returns containers under test of all processes, which belong to images of this service. */
    static List<ContainerFacts> underTest() throws Exception {
        return docker().containers().labelled(Map.of(LABEL + "under-test", "")).stream()
                .filter(c -> c.origin().image().contains(NAME)
                        || c.labels().getOrDefault(LABEL + "name", "").equals(NAME))
                .toList();
    }
}
