package io.jenkins.plugins.pymacaron.targets.gke;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.jenkins.plugins.pymacaron.FreePorts;
import io.jenkins.plugins.pymacaron.config.ConfigReader;
import io.jenkins.plugins.pymacaron.config.Overrides;
import io.jenkins.plugins.pymacaron.config.ProjectConfig;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.operation.Driver;
import io.jenkins.plugins.pymacaron.operation.JournalStore;
import io.jenkins.plugins.pymacaron.operation.Listener;
import io.jenkins.plugins.pymacaron.operation.Observer;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.operation.Run;
import io.jenkins.plugins.pymacaron.operation.ShortWaits;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Change;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.Target;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.cloud.GoogleCredential;
import io.jenkins.plugins.pymacaron.targets.cloud.PlayHosts;
import io.jenkins.plugins.pymacaron.targets.gke.wire.GoogleServer;
import io.jenkins.plugins.pymacaron.targets.gke.wire.KubeServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A cluster in play, the service that is deployed to it, and a driver as pymdeploy has one. */
final class Scene implements AutoCloseable {
    static final String SECRET = "s3cr3t 'of' the \"service\"";
    final PlayHosts hosts = new PlayHosts(Scene::version);
    final KubeServer kube;
    final GoogleServer google;
    final int livePort = FreePorts.next();
    final int stagingPort = FreePorts.next();
    /** The port of live's Gateway. */
    final int gatewayPort = FreePorts.next();

    final Map<String, String> inherited = new HashMap<>();
    final List<String> log = new CopyOnWriteArrayList<>();
    final Path directory = Files.createTempDirectory("pymacaron-gke");
    private final ShortWaits threads = new ShortWaits("test", 4);
    private final Driver driver = new Driver(threads.clockwork());
    private String live;
    private String staging;
    private String more = "";
    private String secret = SECRET;
    /** "" for pym-config.yaml. */
    String env = "";

    private int changes;

    Scene() throws IOException {
        kube = new KubeServer(
                hosts,
                image -> !image.contains("missing"),
                2000,
                Map.of(
                        "hello-live-ingress", livePort,
                        "hello-staging-ingress", stagingPort,
                        "hello-live-gateway", gatewayPort));
        google = new GoogleServer(kube);
        for (String slot : List.of("staging", "live")) {
            google.clusters.add(new GoogleServer.Known(
                    "demo", "europe-west1-b", "hello-" + slot, kube.url().getAuthority(), kube.certificate()));
        }
        inherited.put(GoogleCredential.KEY, google.key());
        inherited.put(ClusterLocator.ENDPOINT, google.url());
    }

    /** The version is the image's name behind the last slash; one that is called bad ends at once. */
    private static Optional<String> version(String image) {
        String name = image.replaceFirst("@.*", "").replaceFirst(".*/", "");
        return name.startsWith("bad") ? Optional.empty() : Optional.of(name);
    }

    /** Live at an address of its own, which leads nowhere here. */
    Scene live(String url) {
        live = url;
        return this;
    }

    /** Replaces the lines of staging; "" for none. */
    Scene staging(String lines) {
        staging = lines;
        return this;
    }

    Scene with(String lines) {
        more = lines;
        return this;
    }

    Scene withSecret(String value) {
        secret = value;
        return this;
    }

    Target target(Slot slot) throws Exception {
        return new GkeTarget(
                environment(slot),
                new TargetContext(inherited, log::add)
                        .withClock(threads.clockwork().clock()));
    }

    /** Returns a client of the cluster for another user. */
    KubernetesClient client(Slot slot) throws Exception {
        return new ClusterAccess(environment(slot), new TargetContext(inherited, line -> {})).open();
    }

    Environment environment(Slot slot) throws Exception {
        String yaml = "name: hello\ndeploy_target: gke\ndocker_repo: demo\nlive_url: "
                + (live == null ? "http://127.0.0.1:" + livePort : live)
                + (staging == null ? "\nstaging:\n  live_url: http://127.0.0.1:" + stagingPort : staging)
                + "\nenv_secrets: [TOP_SECRET]\ngke_probe_delay: 1s\ngke_pre_stop: 1s\n" + more;
        Path project = Files.createDirectories(directory.resolve("project"));
        Files.writeString(project.resolve(env.isEmpty() ? "pym-config.yaml" : "pym-config." + env + ".yaml"), yaml);
        Optional<String> file = Optional.of(env).filter(e -> !e.isEmpty());
        ProjectConfig config =
                ConfigReader.read(project, new Overrides(file, Optional.empty(), Optional.empty(), Map.of()));
        PymConfig mine = slot == Slot.LIVE ? config.live().get(0) : config.staging();
        Map<String, String> variables = Map.of("TOP_SECRET", secret, "PYM_ENV", "hello-" + slot.id());
        return new Environment(slot, 0, mine, variables);
    }

    static Candidate candidate(String version) {
        return candidate(version, "00000000");
    }

    static Candidate candidate(String version, String hash) {
        String digest = "sha256:" + Integer.toHexString(version.hashCode()).repeat(8);
        return new Candidate(version + "-" + hash, "gcr.io/demo/" + version + "@" + digest, version, digest, "c0ffee");
    }

    /** Makes a version live, as a promotion does, and returns it. */
    Deployed promote(String version) throws Exception {
        Target live = target(Slot.LIVE);
        Optional<Deployed> before = live.current();
        Deployed prepared = done(live, live.prepare(candidate(version)));
        Deployed active = done(live, live.activate(candidate(version), prepared, before));
        done(live, live.withdraw(prepared));
        return active;
    }

    /** Returns when a slot's Deployment is rolled out, by what {@code kubectl rollout status} goes by. */
    void rolledOut(Slot slot) throws Exception {
        try (KubernetesClient client = client(slot)) {
            client.apps()
                    .deployments()
                    .inNamespace("hello")
                    .withName("hello-" + slot.id())
                    .waitUntilCondition(Scene::isRolledOut, 600, TimeUnit.SECONDS);
        }
    }

    private static boolean isRolledOut(Deployment deployment) {
        DeploymentStatus status = deployment.getStatus();
        Integer wanted = deployment.getSpec().getReplicas();
        return status != null
                && Objects.equals(
                        status.getObservedGeneration(), deployment.getMetadata().getGeneration())
                && Objects.equals(status.getUpdatedReplicas(), wanted)
                && Objects.equals(status.getAvailableReplicas(), wanted)
                && Objects.equals(status.getReplicas(), wanted);
    }

    /**
     * Returns the log without the tries that the API server refused because a controller had written a status between
     * the reading of an object and its change.
     */
    List<String> changes() {
        return log.stream().filter(line -> !line.endsWith("; trying again")).toList();
    }

    Outcome run(Target target, Change change) throws Exception {
        return start(target, change).await();
    }

    /** Starts a change that the caller waits for, or stops; otherwise as {@link #run}. */
    Run start(Target target, Change change) throws Exception {
        changes++;
        JournalStore store = new JournalStore(
                Files.createDirectories(directory.resolve("journals")),
                threads.clockwork().clock());
        Observer observer = new Observer("cluster", target::read, target.pace());
        Listener listener = new Listener() {
            @Override
            public void intent(io.jenkins.plugins.pymacaron.operation.Effect effect) {
                log.add(effect.sentence());
            }

            @Override
            public void note(String line) {
                log.add(line);
            }
        };
        return driver.run(
                store.create("change-" + changes, change.operation().kind(), change.params()),
                change.operation(),
                target.effector(),
                observer,
                listener);
    }

    /** Runs a change that has to succeed; otherwise as {@link #run}. */
    Deployed done(Target target, Change change) throws Exception {
        Outcome outcome = run(target, change);
        if (!(outcome instanceof Outcome.Done done)) {
            throw new AssertionError(outcome + "\n" + String.join("\n", log));
        }
        return Deployed.fromMap(done.result()).orElse(null);
    }

    String journals() throws IOException {
        StringBuilder all = new StringBuilder();
        try (var files = Files.walk(directory.resolve("journals"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(Files.readString(file));
            }
        }
        return all.toString();
    }

    @Override
    public void close() throws IOException {
        threads.close();
        google.close();
        kube.close();
        hosts.close();
        try (var files = Files.walk(directory)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
