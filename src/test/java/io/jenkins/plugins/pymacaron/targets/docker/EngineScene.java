package io.jenkins.plugins.pymacaron.targets.docker;

import io.jenkins.plugins.pymacaron.FreePorts;
import io.jenkins.plugins.pymacaron.accept.Probe;
import io.jenkins.plugins.pymacaron.accept.ProbeRequest;
import io.jenkins.plugins.pymacaron.config.ConfigReader;
import io.jenkins.plugins.pymacaron.config.Overrides;
import io.jenkins.plugins.pymacaron.config.ProjectConfig;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.docker.EmulatedEngine;
import io.jenkins.plugins.pymacaron.docker.EngineFacts;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Change;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.Target;
import io.jenkins.plugins.pymacaron.targets.cloud.Drive;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** An emulated engine, and the live environment of a service on it. */
final class EngineScene implements AutoCloseable {
    private static final int ASKED = 4;
    private static final Duration READY = Duration.ofMinutes(3);

    final EmulatedEngine engine;
    private final Path directory;
    private final boolean shared;
    private final int port = FreePorts.next();
    private int drives;

    /** @param shared whether containers share the network of the machine; otherwise ports are published */
    EngineScene(Path directory, boolean shared) throws IOException {
        this.directory = directory;
        this.shared = shared;
        engine = new EmulatedEngine(directory.resolve("clients"));
    }

    static Candidate candidate(String version) {
        String digest = "sha256:" + Integer.toHexString(version.hashCode()).repeat(8);
        return new Candidate(version + "-00000000", "demo/" + version + "@" + digest, version, digest, "c0ffee");
    }

    int port() {
        return port;
    }

    /** Returns the address of live. */
    String url() {
        return "http://127.0.0.1:" + port;
    }

    Environment environment(Slot slot) throws Exception {
        return environment(slot, READY);
    }

    private Environment environment(Slot slot, Duration ready) throws Exception {
        String text = "name: hello\ndocker_repo: demo\ndeploy_target: docker\nlive_url: " + url()
                + "\naccept: {ready_timeout: " + ready.toSeconds() + "s}\n";
        ProjectConfig config =
                ConfigReader.read("pym-config.yaml", text.getBytes(StandardCharsets.UTF_8), Overrides.NONE);
        PymConfig own = slot == Slot.LIVE ? config.live().get(0) : config.staging();
        return new Environment(slot, 0, own, Map.of(), List.of(own), Map.of("engine", "engine"));
    }

    /** Returns the target of a user with a client of his own. */
    DockerTarget target(Slot slot, EmulatedEngine.Between between) throws Exception {
        return target(slot, between, READY);
    }

    /** Returns the same as the other method. @param ready how long it waits for a version */
    DockerTarget target(Slot slot, EmulatedEngine.Between between, Duration ready) throws Exception {
        Environment environment = environment(slot, ready);
        Docker docker = engine.client(between);
        EngineFacts facts = new EngineFacts("28.0", "1.48", "28.0", "linux", !shared, "127.0.0.1", "amd64");
        return new DockerTarget(
                environment,
                docker,
                facts,
                ContainerList.of(docker.containers()),
                new VolumeMarkStore(docker.volumes(), environment));
    }

    /** Deploys to live, all going well. */
    Deployed deploy(String version) throws Exception {
        Target live = target(Slot.LIVE, (argv, call) -> call.call());
        Candidate candidate = candidate(version);
        Deployed ready = done(live, live.prepare(candidate));
        Deployed deployed = done(live, live.activate(candidate, ready, live.current()));
        done(live, live.withdraw(ready));
        done(live, live.retire(deployed, 1));
        return deployed;
    }

    private Deployed done(Target target, Change change) throws Exception {
        Path journals = Files.createDirectories(directory.resolve("well" + ++drives));
        try (Drive drive = new Drive(journals)) {
            Outcome outcome = drive.run(target, change);
            if (!(outcome instanceof Outcome.Done done)) {
                throw new AssertionError(outcome.toString());
            }
            return Deployed.fromMap(done.result()).orElse(null);
        }
    }

    /** Returns the versions that answer live's users. */
    Set<String> answers() throws Exception {
        Probe probe = new Probe(ProbeRequest.plain(Duration.ofSeconds(60), true));
        Set<String> versions = new TreeSet<>();
        for (int i = 0; i < ASKED; i++) {
            versions.add(probe.version(URI.create(url())));
        }
        return versions;
    }

    @Override
    public void close() throws IOException {
        engine.close();
    }
}
