package io.jenkins.plugins.pymacaron.targets.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.FreePorts;
import io.jenkins.plugins.pymacaron.config.ConfigReader;
import io.jenkins.plugins.pymacaron.config.Overrides;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.docker.ContainerSpec;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import io.jenkins.plugins.pymacaron.operation.Effector;
import io.jenkins.plugins.pymacaron.operation.Lookup;
import io.jenkins.plugins.pymacaron.targets.Environment;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A container of before that is started again counts as serving when it answers, and not before. */
@Timeout(20 * 60)
@NeedsEngine
class RestoreTest {
    private static final String ANSWERS = """
            import http.server

            class Version(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    self.send_response(200)
                    self.end_headers()
                    self.wfile.write(b'{"version": "v1"}')

            http.server.HTTPServer(('127.0.0.1', %d), Version).serve_forever()
            """;

    private final String name = RealDocker.unique("restore").toLowerCase(java.util.Locale.ROOT);
    private final int port = FreePorts.next();
    private Docker docker;
    private Environment environment;
    private Effector effector;

    @BeforeEach
    void connect() throws Exception {
        docker = RealDocker.docker(RealDocker.log());
        String text = "name: " + name + "\ndocker_repo: demo\ndeploy_target: docker\nlive_url: http://127.0.0.1:" + port
                + "\n";
        PymConfig config = ConfigReader.read("pym-config.yaml", text.getBytes(StandardCharsets.UTF_8), Overrides.NONE)
                .live()
                .get(0);
        environment = new Environment(Slot.LIVE, 0, config, Map.of(), List.of(config), Map.of("engine", "engine"));
        effector = new DockerTarget(environment, docker, docker.engine(), docker.containers()::labelled, new Marks())
                .effector();
    }

    @AfterEach
    void remove() throws Exception {
        docker.containers().remove(name);
    }

    private void make(String... argv) throws Exception {
        Map<String, String> labels = new HashMap<>();
        DockerMetadata.OF_A_DEPLOYMENT.forEach(label -> labels.put(label, "x"));
        labels.put(DockerMetadata.IDENTITY, new ContainerOwnership(environment).identity());
        labels.put(DockerMetadata.URL, "http://127.0.0.1:" + port);
        labels.put(DockerMetadata.PROBE, "http://127.0.0.1:" + port);
        docker.containers()
                .create(ContainerSpec.of(RealDocker.base())
                        .named(name)
                        .onHostNetwork()
                        .labelled(labels)
                        .running(List.of(argv)));
    }

    @Test
    void itAnswers() throws Exception {
        make("python3", "-c", ANSWERS.formatted(port));

        effector.apply(DockerEffects.restore(name));

        assertThat(effector.find(DockerEffects.restore(name))).isInstanceOf(Lookup.Present.class);
    }

    /**
     * This is the state after a crash between its start and its first answer: the container that serves beside it is
     * still needed.
     */
    @Test
    void itRunsAndDoesNotAnswerYet() throws Exception {
        make("sleep", "1000");
        docker.containers().start(name);

        assertThat(effector.find(DockerEffects.restore(name))).isEqualTo(Lookup.ABSENT);
    }

    @Test
    void itEnds() throws Exception {
        make("sh", "-c", "echo I am too old; exit 3");

        assertThatThrownBy(() -> effector.apply(DockerEffects.restore(name)))
                .hasMessageContaining("it ended with exit code 3")
                .hasMessageContaining("I am too old");
    }
}
