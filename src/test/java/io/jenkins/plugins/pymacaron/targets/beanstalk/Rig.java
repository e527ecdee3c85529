package io.jenkins.plugins.pymacaron.targets.beanstalk;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.ConfigException;
import io.jenkins.plugins.pymacaron.config.ConfigReader;
import io.jenkins.plugins.pymacaron.config.Overrides;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.Recording;
import io.jenkins.plugins.pymacaron.targets.ServiceFiles;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.cloud.Drive;
import io.jenkins.plugins.pymacaron.targets.cloud.Front;
import io.jenkins.plugins.pymacaron.targets.cloud.PlayHosts;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The target and the real AWS SDK against a server that speaks the protocols of AWS; images are played. */
final class Rig implements AutoCloseable {
    static final String SECRET = "top secret = 'with' \"quotes\" & more";

    final PlayHosts hosts = new PlayHosts(
            image -> image.contains("bad") ? Optional.empty() : Optional.of(image.replaceAll(".*sha256:", "v")));
    final List<String> log = new ArrayList<>();
    final BeanstalkServer server;
    final Front front;
    final Drive drive;
    private final Front other;
    private final TargetContext surroundings;

    /** The recording of the target's calls; usually none. */
    Optional<Path> record = Optional.empty();

    /** The clock of the targets, which says how long a refusal lasts. */
    volatile InstantSource clock = Clock.systemUTC();

    Rig(Path journals) throws IOException {
        this(journals, Duration.ofMillis(300));
    }

    /** Makes the rig. @param busy how long a change of an environment takes, at least */
    Rig(Path journals, Duration busy) throws IOException {
        server = new BeanstalkServer(0, hosts, busy);
        front = Front.start(0, request -> server.service.owner("hello-live").map(m -> m.host));
        other = Front.start(0, request -> server.service.owner("hello-test").map(m -> m.host));
        drive = new Drive(journals);
        surroundings = surroundings(BeanstalkServer.KEY);
        server.service.buckets.make("bucket", "eu-west-1");
        server.service.buckets.put("bucket", "docker/dockercfg", new byte[] {1});
    }

    @Override
    public void close() {
        drive.close();
        front.close();
        other.close();
        server.close();
        hosts.close();
        assertThat(server.wire.troubles).isEmpty();
    }

    String file = "pym-config.yaml";

    /** The service's files that go into its bundles beside the image. */
    ServiceFiles files = ServiceFiles.NONE;

    PymConfig config(String more) throws ConfigException {
        String text = """
                name: hello
                docker_repo: demo
                deploy_target: beanstalk
                live_url: %s
                aws_user: deployer
                aws_keypair: pair
                aws_instance_type: t3.small
                aws_region: eu-west-1
                aws_live_cname: hello-live
                aws_instance_profile: ec2-role
                docker_bucket: bucket
                aws_red_for: 1m
                env_secrets: [SECRET]
                accept: {request_timeout: 2s}
                """.formatted(front.url());
        // A line of {@code more} replaces the line above, or removes it if it is in a comment.
        String own = text.lines()
                .filter(line -> more.lines()
                        .noneMatch(m -> m.replaceFirst("^# ", "").startsWith(line.substring(0, line.indexOf(':') + 1))))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
        return ConfigReader.read(file, (own + more).getBytes(StandardCharsets.UTF_8), Overrides.NONE)
                .base();
    }

    TargetContext surroundings(String key) {
        Map<String, String> inherited = new HashMap<>(Map.of(
                "AWS_ENDPOINT_URL",
                server.url().toString(),
                "AWS_ACCESS_KEY_ID",
                key,
                "AWS_SECRET_ACCESS_KEY",
                "secret"));
        record.ifPresent(file -> inherited.put(Recording.VARIABLE, file.toString()));
        return new TargetContext(inherited, log::add).withClock(() -> clock.instant());
    }

    BeanstalkTarget target(Slot slot, String more) throws ConfigException {
        return target(slot, more, Map.of("SECRET", SECRET, "PYM_ENV", "live"), BeanstalkServer.KEY);
    }

    BeanstalkTarget target(Slot slot, String more, Map<String, String> variables, String key) throws ConfigException {
        boolean known = key.equals(BeanstalkServer.KEY);
        return new BeanstalkTarget(
                new Environment(slot, 0, config(more), variables),
                (known && record.isEmpty() ? surroundings : surroundings(key)).with(files));
    }

    static Candidate candidate(String digest) {
        return new Candidate(
                "260102-0304-" + digest + "-abc-0000000" + digest.length(),
                "demo/hello@sha256:" + digest,
                "v" + digest,
                "sha256:" + digest,
                "c0ffee");
    }

    Deployed deploy(String digest) throws Exception {
        return deploy(digest, "");
    }

    Deployed deploy(String digest, String more) throws Exception {
        Candidate candidate = candidate(digest);
        BeanstalkTarget staging = target(Slot.STAGING, more);
        BeanstalkTarget live = target(Slot.LIVE, more);
        Optional<Deployed> before = live.current();
        drive.done(staging, staging.prepare(candidate));
        Deployed prepared = drive.done(live, live.prepare(candidate));
        return drive.done(live, live.activate(candidate, prepared, before));
    }

    long calls(String action) {
        return server.wire.requests.stream()
                .map(Request::form)
                .filter(form -> action.equals(form.get("Action")))
                .count();
    }

    /** Returns the settings of another live of the same service in the same application. */
    String otherLive() {
        return "aws_live_cname: hello-test\nlive_url: " + other.url() + "\n";
    }

    String cname(String prefix) {
        return prefix + server.service.domain();
    }

    /** Returns the environment of that name that was made last. */
    Machine machine(String name) {
        return server.service.machines.values().stream()
                .filter(m -> m.name.equals(name))
                .reduce((first, last) -> last)
                .orElseThrow();
    }

    /** Moves all events back in time. */
    void later(Duration passed) {
        server.service.machines.values().forEach(m -> {
            m.created = m.created.minus(passed);
            m.updated = m.updated.minus(passed);
        });
    }

    /** Waits until an environment has come to its end. */
    void gone(String name) throws IOException {
        Machine machine = machine(name);
        while (machine.there()) {
            server.service.live();
            Thread.onSpinWait();
        }
    }

    /** Waits until nothing is busy. */
    void awaitCalm() throws IOException {
        while (server.service.machines.values().stream()
                .anyMatch(m -> !m.status.equals("Ready") && !m.status.equals("Terminated") && !m.stuck)) {
            server.service.live();
            Thread.onSpinWait();
        }
    }

    void awaitReady(Machine machine) throws IOException {
        while (!machine.status.equals("Ready")) {
            server.service.live();
            Thread.onSpinWait();
        }
    }

    /** Makes an environment in the form of PyMacaron's own tools: no tags, and the version as the label. */
    Machine legacy() throws Exception {
        BeanstalkService service = server.service;
        service.createApplication("hello");
        service.buckets.put(
                "bucket", "old.zip", new Bundle("dockerrun", "demo/hello@sha256:0", "bucket", false).bytes());
        service.createVersion("hello", "v0", "", "bucket", "old.zip");
        service.live();
        return service.create(
                Map.of(
                        "ApplicationName", "hello",
                        "EnvironmentName", "hello-by-hand",
                        "CNAMEPrefix", "hello-live",
                        "VersionLabel", "v0"),
                Map.of(),
                Map.of(EnvironmentSettings.PROFILE, "their-role", "aws:ec2:vpc|VPCId", "vpc-1"));
    }
}
