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
import io.jenkins.plugins.pymacaron.operation.Backoff;
import io.jenkins.plugins.pymacaron.operation.Decision;
import io.jenkins.plugins.pymacaron.operation.Driver;
import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.Effector;
import io.jenkins.plugins.pymacaron.operation.JournalStore;
import io.jenkins.plugins.pymacaron.operation.Listener;
import io.jenkins.plugins.pymacaron.operation.Lookup;
import io.jenkins.plugins.pymacaron.operation.Observation;
import io.jenkins.plugins.pymacaron.operation.Observer;
import io.jenkins.plugins.pymacaron.operation.Operation;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.operation.Run;
import io.jenkins.plugins.pymacaron.operation.State;
import io.jenkins.plugins.pymacaron.operation.ThreadedRuntime;
import io.jenkins.plugins.pymacaron.targets.Environment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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

    /** As the one above, and slow to end: it says that it was asked to, and ends some time after another signal. */
    private static final String ENDS_SLOWLY = """
            import os, signal, time

            def end(number, frame):
                print('asked to end', flush=True)
                signal.sigwait([signal.SIGUSR1])
                time.sleep(2)
                os._exit(0)

            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
            signal.signal(signal.SIGTERM, end)
            """ + ANSWERS;

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

    /** Stops the container, and starts it again when that is to be undone. */
    private final class Stopping implements Operation {
        private final Effect stop = DockerEffects.stop(name);

        @Override
        public String kind() {
            return "test.stop";
        }

        @Override
        public Decision decide(State state, Optional<Observation> latest, Instant now) {
            return state.result(stop.key()).isPresent() ? new Decision.Done(Map.of()) : new Decision.Apply(stop);
        }

        @Override
        public List<Effect> undo(State state) {
            return state.touched(stop.key()) ? List.of(DockerEffects.restore(name)) : List.of();
        }
    }

    private Instant startedAt() throws Exception {
        return docker.containers()
                .inspect(name)
                .orElseThrow()
                .state()
                .startedAt()
                .orElseThrow();
    }

    /** The engine goes on with a stop whose client is ended: the container runs for a while, and then it does not. */
    @Test
    void aStopIsUndoneWhoseClientWasEndedBeforeTheContainer(@TempDir Path journals) throws Exception {
        make("python3", "-c", ENDS_SLOWLY.formatted(port));
        effector.apply(DockerEffects.restore(name));
        Instant before = startedAt();
        Operation stopping = new Stopping();
        Observer nothing = new Observer("nothing", subject -> Map.of(), Backoff.RETRY);
        try (ThreadedRuntime threads = new ThreadedRuntime("cut off", 4)) {
            Run run = new Driver(threads.clockwork())
                    .run(
                            new JournalStore(journals, Clock.systemUTC()).create("stop", stopping.kind(), Map.of()),
                            stopping,
                            effector,
                            nothing,
                            new Listener() {});
            while (!docker.containers().logs(name, 5).contains("asked to end")) {
                assertThat(run.outcome()).isNotDone();
            }
            run.stop("aborted");
            docker.containers().signal(name, "USR1");

            assertThat(run.await()).isEqualTo(new Outcome.Stopped("aborted", List.of()));
        }
        assertThat(startedAt()).isAfter(before);
        assertThat(effector.find(DockerEffects.restore(name))).isInstanceOf(Lookup.Present.class);
    }

    @Test
    void itEnds() throws Exception {
        make("sh", "-c", "echo I am too old; exit 3");

        assertThatThrownBy(() -> effector.apply(DockerEffects.restore(name)))
                .hasMessageContaining("it ended with exit code 3")
                .hasMessageContaining("I am too old");
    }
}
