package io.jenkins.plugins.pymacaron.targets.cloudrun;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.ConfigReader;
import io.jenkins.plugins.pymacaron.config.Overrides;
import io.jenkins.plugins.pymacaron.config.ProjectConfig;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.operation.Backoff;
import io.jenkins.plugins.pymacaron.operation.Driver;
import io.jenkins.plugins.pymacaron.operation.JournalStore;
import io.jenkins.plugins.pymacaron.operation.Listener;
import io.jenkins.plugins.pymacaron.operation.Observer;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.operation.ShortWaits;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Change;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.Recording;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.cloud.GoogleCredential;
import io.jenkins.plugins.pymacaron.targets.cloud.PlayHosts;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The target with the real client library and driver against the wire server; images answer the version in their name. */
final class RunRig implements AutoCloseable {
    static final String CONFIG = """
        name: hello
        deploy_target: gcp-cloud-run
        registry: europe-west1-docker.pkg.dev
        docker_repo: my-project/images
        live_url: https://hello.example.com
        env_secrets: [SECRET, REFERENCE]
        accept:
          ready_timeout: 2m
        """;

    final PlayHosts hosts = new PlayHosts(image -> image.contains("@sha256:bad")
            ? Optional.empty()
            : Optional.of("v" + image.substring(image.indexOf("sha256:") + 7)));
    final RunServer server;
    final List<String> log = new ArrayList<>();
    final Map<String, String> secrets = new HashMap<>(Map.of(
            "SECRET", "s3cr=t, 'quoted'",
            "REFERENCE", "projects/my-project/secrets/token/versions/3"));
    String config = CONFIG;
    String file = "pym-config.yaml";

    /** The recording of the target's calls; usually none. */
    Optional<Path> record = Optional.empty();

    private final ShortWaits threads = new ShortWaits("cloud run test", 4);
    private final JournalStore store;
    private int changes;

    RunRig(Path directory) throws Exception {
        server = new RunServer(0, hosts, Map.of());
        store = new JournalStore(directory, threads.clockwork().clock());
    }

    Map<String, String> inherited() {
        Map<String, String> inherited = new HashMap<>(Map.of(
                GoogleCredential.KEY,
                server.key(),
                CloudRunClient.ENDPOINT,
                server.wire.url().toString(),
                CloudRunClient.LOGGING_ENDPOINT,
                server.wire.url().toString()));
        record.ifPresent(to -> inherited.put(Recording.VARIABLE, to.toString()));
        return inherited;
    }

    Environment environment(Slot slot) throws Exception {
        ProjectConfig read = ConfigReader.read(file, config.getBytes(StandardCharsets.UTF_8), Overrides.NONE);
        return new Environment(slot, 0, slot == Slot.LIVE ? read.live().get(0) : read.staging(), secrets);
    }

    CloudRunTarget target(Slot slot) throws Exception {
        return new CloudRunTarget(
                environment(slot),
                new TargetContext(inherited(), log::add)
                        .withClock(threads.clockwork().clock()));
    }

    /** Returns an image of version {@code vN} with the digest {@code sha256:N}. */
    static Candidate candidate(String n) {
        return new Candidate(
                "v" + n + "-0000000" + n.substring(0, 1),
                "europe-west1-docker.pkg.dev/my-project/images/hello@sha256:" + n,
                "v" + n,
                "sha256:" + n,
                "c0ffee");
    }

    Outcome run(CloudRunTarget target, Change change) throws Exception {
        String id = "change-" + ++changes;
        Observer observer = new Observer(
                "cloud run",
                subject -> {
                    Map<String, String> facts = target.read(subject);
                    log.add(subject + " is " + facts);
                    return facts;
                },
                new Backoff(Duration.ofMillis(30), 1.2, Duration.ofMillis(200), 0.1));
        Listener listener = new Listener() {
            @Override
            public void note(String line) {
                log.add(line);
            }
        };
        return new Driver(threads.clockwork())
                .run(
                        store.create(id, change.operation().kind(), change.params()),
                        change.operation(),
                        target.effector(),
                        observer,
                        listener)
                .await();
    }

    Deployed done(CloudRunTarget target, Change change) throws Exception {
        Outcome outcome = run(target, change);
        if (outcome instanceof Outcome.Done done) {
            return Deployed.fromMap(done.result()).orElseThrow();
        }
        throw new AssertionError(outcome.toString() + server.wire.troubles);
    }

    /** Prepares and activates; what serves then. */
    Deployed live(String n) throws Exception {
        CloudRunTarget target = target(Slot.LIVE);
        Optional<Deployed> before = target.current();
        Deployed prepared = done(target, target.prepare(candidate(n)));
        return done(target, target.activate(candidate(n), prepared, before));
    }

    /** Returns when the server has done all that it has accepted. */
    void idle() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        server.reconciler.later(done::countDown);
        assertThat(done.await(10, TimeUnit.MINUTES)).isTrue();
    }

    RunService service(String name) {
        return server.services.get("projects/my-project/locations/europe-west1/services/" + name);
    }

    @Override
    public void close() {
        threads.close();
        server.close();
        hosts.close();
    }
}
