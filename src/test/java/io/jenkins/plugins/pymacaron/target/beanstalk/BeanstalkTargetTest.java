package io.jenkins.plugins.pymacaron.target.beanstalk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.config.ConfigException;
import io.jenkins.plugins.pymacaron.config.ConfigReader;
import io.jenkins.plugins.pymacaron.config.Overrides;
import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.target.Candidate;
import io.jenkins.plugins.pymacaron.target.Change;
import io.jenkins.plugins.pymacaron.target.Deployed;
import io.jenkins.plugins.pymacaron.target.Environment;
import io.jenkins.plugins.pymacaron.target.LeaseKeeper;
import io.jenkins.plugins.pymacaron.target.Surroundings;
import io.jenkins.plugins.pymacaron.target.TargetException;
import io.jenkins.plugins.pymacaron.target.cloud.Drive;
import io.jenkins.plugins.pymacaron.target.cloud.Front;
import io.jenkins.plugins.pymacaron.target.cloud.PlayHosts;
import io.jenkins.plugins.pymacaron.target.cloud.WireServer.Request;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The target and the real AWS SDK against a server that speaks the protocols of AWS. */
@Timeout(120)
class BeanstalkTargetTest {
    private static final String SECRET = "top secret = 'with' \"quotes\" & more";

    private final PlayHosts hosts = new PlayHosts(
            image -> image.contains("bad") ? Optional.empty() : Optional.of(image.replaceAll(".*sha256:", "v")));
    private final List<String> log = new ArrayList<>();
    private BeanstalkServer server;
    private Front front;
    private Surroundings surroundings;
    private Drive drive;

    @TempDir
    private Path journals;

    @BeforeEach
    void start() throws Exception {
        server = new BeanstalkServer(0, hosts, Duration.ofMillis(300));
        front = Front.start(0, request -> server.service.owner("hello-live").map(m -> m.host));
        drive = new Drive(journals);
        surroundings = surroundings(BeanstalkServer.KEY);
        server.service.buckets.make("bucket", "eu-west-1");
        server.service.buckets.put("bucket", "docker/dockercfg", new byte[] {1});
    }

    @AfterEach
    void stop() {
        drive.close();
        front.close();
        server.close();
        hosts.close();
        assertThat(server.wire.troubles).isEmpty();
    }

    private PymConfig config(String more) throws ConfigException {
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
                env_secrets: [SECRET]
                accept: {request_timeout: 2s}
                """.formatted(front.url()) + more;
        return ConfigReader.read("f", text.getBytes(StandardCharsets.UTF_8), Overrides.NONE)
                .base();
    }

    private Surroundings surroundings(String key) {
        Map<String, String> inherited = Map.of(
                "AWS_ENDPOINT_URL",
                server.url().toString(),
                "AWS_ACCESS_KEY_ID",
                key,
                "AWS_SECRET_ACCESS_KEY",
                "secret");
        return new Surroundings(inherited, log::add);
    }

    private BeanstalkTarget target(Slot slot, String more) throws ConfigException {
        return target(slot, more, Map.of("SECRET", SECRET, "PYM_ENV", "live"), BeanstalkServer.KEY);
    }

    private BeanstalkTarget target(Slot slot, String more, Map<String, String> variables, String key)
            throws ConfigException {
        boolean known = key.equals(BeanstalkServer.KEY);
        return new BeanstalkTarget(
                new Environment(slot, 0, config(more), variables), known ? surroundings : surroundings(key));
    }

    private static Candidate candidate(String digest) {
        return new Candidate(
                "260102-0304-" + digest + "-abc-0000000" + digest.length(),
                "demo/hello@sha256:" + digest,
                "v" + digest,
                "sha256:" + digest,
                "c0ffee");
    }

    private Deployed deploy(String digest) throws Exception {
        Candidate candidate = candidate(digest);
        BeanstalkTarget staging = target(Slot.STAGING, "");
        BeanstalkTarget live = target(Slot.LIVE, "");
        Optional<Deployed> before = live.current();
        drive.done(staging, staging.prepare(candidate));
        Deployed prepared = drive.done(live, live.prepare(candidate));
        return drive.done(live, live.activate(candidate, prepared, before));
    }

    private long calls(String action) {
        return server.wire.requests.stream()
                .map(Request::form)
                .filter(form -> action.equals(form.get("Action")))
                .count();
    }

    @Test
    void deploysPromotesGoesBackAndTidiesUp() throws Exception {
        Deployed first = deploy("1");
        assertThat(first.url()).isEqualTo(front.url().toString());
        assertThat(calls("SwapEnvironmentCNAMEs")).isZero();
        assertThat(drive.effects).anyMatch(e -> e.startsWith("create the Elastic Beanstalk application hello"));

        Deployed second = deploy("22");
        assertThat(calls("CreateEnvironment")).isEqualTo(2);
        assertThat(calls("SwapEnvironmentCNAMEs")).isEqualTo(1);
        BeanstalkTarget live = target(Slot.LIVE, "");
        assertThat(live.current().orElseThrow().revision()).isEqualTo(second.revision());
        assertThat(live.earlier()).extracting(Deployed::version).containsExactly("v1");

        drive.done(live, live.revert(second, first));
        assertThat(live.current().orElseThrow().version()).isEqualTo("v1");
        assertThat(live.earlier()).as("one that was taken back was never live").isEmpty();

        drive.done(live, live.withdraw(second));
        Deployed third = deploy("333");
        drive.done(live, live.retire(third, 1));
        assertThat(live.current().orElseThrow().version()).isEqualTo("v333");
        assertThat(live.earlier()).extracting(Deployed::version).containsExactly("v1");
        assertThat(live.log(third, 5)).contains("INFO");
        assertThat(log)
                .anyMatch(l -> l.contains("Successfully launched environment"))
                .doesNotHaveDuplicates();
    }

    @Test
    void anEnvironmentThatEndsWhileItIsReadIsGone() throws Exception {
        Deployed first = deploy("1");
        deploy("22");
        server.goneSinceListed.add(first.revision());

        BeanstalkTarget live = target(Slot.LIVE, "");
        assertThat(live.current().orElseThrow().version()).isEqualTo("v22");
        assertThat(live.earlier()).isEmpty();
    }

    @Test
    void theSecretIsAPropertyAndNowhereElse() throws Exception {
        Deployed deployed = deploy("1");

        assertThat(hosts.variables.get(deployed.revision()))
                .containsEntry("SECRET", SECRET)
                .containsEntry("PYM_ENV", "live")
                .containsEntry("PORT", "80");
        try (Stream<Path> files = Files.walk(journals)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file)).doesNotContain("top secret");
            }
        }
        assertThat(server.wire.requests)
                .filteredOn(r -> r.method().equals("PUT"))
                .hasSize(1)
                .noneMatch(r -> new String(r.body(), StandardCharsets.ISO_8859_1).contains("top secret"));
        Map<String, String> settings =
                server.service.machines.values().iterator().next().settings;
        assertThat(settings)
                .containsEntry("aws:elasticbeanstalk:environment|LoadBalancerType", "application")
                .containsEntry("aws:elasticbeanstalk:environment:process:default|HealthCheckPath", "/ping")
                .containsEntry("aws:autoscaling:launchconfiguration|DisableIMDSv1", "true")
                .containsEntry("aws:autoscaling:asg|MaxSize", "4");
    }

    @Test
    void aCandidateThatDoesNotStartIsTerminatedWithItsReason() throws Exception {
        Deployed good = deploy("1");
        BeanstalkTarget staging = target(Slot.STAGING, "");

        Outcome outcome = drive.run(staging, staging.prepare(candidate("bad")));

        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        assertThat(((Outcome.Failed) outcome).reason())
                .contains("Failed to launch environment")
                .contains("i-1: Docker container quit unexpectedly");
        assertThat(((Outcome.Failed) outcome).left()).isEmpty();
        assertThat(server.service.machines.values())
                .filteredOn(m -> m.status.equals("Ready"))
                .extracting(m -> m.name)
                .containsExactly(good.revision());
    }

    @Test
    void theSameDeploymentIsFoundAgain() throws Exception {
        Deployed first = deploy("1");
        deploy("1");

        assertThat(calls("CreateEnvironment")).isEqualTo(1);
        assertThat(target(Slot.STAGING, "").current()).map(Deployed::revision).contains(first.revision());
    }

    @Test
    void throttlingIsWaitedFor() throws Exception {
        server.throttled = 3;

        assertThat(deploy("1").version()).isEqualTo("v1");
    }

    /** As PyMacaron's own tools leave it: no tags, and the version as the label. */
    private Machine legacy() throws Exception {
        BeanstalkService service = server.service;
        service.createApplication("hello");
        service.buckets.put("bucket", "old.zip", new Bundle("dockerrun", "demo/hello@sha256:0", "bucket").bytes());
        service.createVersion("hello", "v0", "", "bucket", "old.zip");
        service.live();
        return service.create(
                Map.of(
                        "ApplicationName", "hello",
                        "EnvironmentName", "hello-by-hand",
                        "CNAMEPrefix", "hello-live",
                        "VersionLabel", "v0"),
                Map.of(),
                Map.of(Settings.PROFILE, "their-role", "aws:ec2:vpc|VPCId", "vpc-1"));
    }

    @Test
    void whatIsNotOursIsCopiedAndGoneBackToAndNeverTerminated() throws Exception {
        Machine legacy = legacy();
        BeanstalkTarget live = target(Slot.LIVE, "");
        while (!live.current().map(d -> legacy.status.equals("Ready")).orElse(false)) {
            Thread.onSpinWait();
        }

        Deployed second = deploy("22");

        assertThat(live.earlier()).extracting(Deployed::revision).containsExactly(legacy.name);
        assertThat(server.service.owner("hello-live").orElseThrow().settings)
                .containsEntry("aws:ec2:vpc|VPCId", "vpc-1");
        Change retire = new Change(
                new Retire(), Retire.params(List.of(legacy.name), List.of(), "hello", "hello", "x", true), Map.of());
        assertThat(drive.run(live, retire).toString()).contains("is not one of ours");
        drive.done(live, live.retire(second, 0));
        assertThat(legacy.status).isEqualTo("Ready");
        drive.done(live, live.revert(second, live.earlier().get(0)));
        assertThat(live.current().orElseThrow().version()).isEqualTo("v0");
    }

    @Test
    void aComposeFileWorksToo() throws Exception {
        BeanstalkTarget staging = target(Slot.STAGING, "aws_bundle: compose\n");

        Deployed deployed = drive.done(staging, staging.prepare(candidate("1")));

        assertThat(deployed.url()).startsWith("http://127.0.0.1:");
        assertThat(hosts.variables).containsKey(deployed.revision());
    }

    @Test
    void preflightNamesEverything() throws Exception {
        assertThat(target(Slot.LIVE, "").preflight()).isEmpty();
        assertThat(log).anyMatch(l -> l.startsWith("AWS account 123456789012, region eu-west-1, as arn:aws:iam:"));

        server.service.buckets.remove("bucket", "docker/dockercfg");
        Map<String, String> big = new HashMap<>(Map.of("SECRET", "x".repeat(4100)));
        assertThat(target(Slot.LIVE, "", big, BeanstalkServer.KEY).preflight())
                .extracting(Problem::message)
                .anyMatch(m -> m.contains("has room for 4096"))
                .anyMatch(m -> m.contains("docker/dockercfg is missing"));
        assertThat(target(Slot.LIVE, "", Map.of(), "AKIDOTHER").preflight())
                .extracting(Problem::message)
                .singleElement()
                .asString()
                .contains("InvalidClientTokenId");
    }

    @Test
    void theLeaseIsATagOfTheApplication() throws Exception {
        deploy("1");
        LeaseKeeper mine = keeper("me");
        mine.take();

        assertThat(server.service.applications.get("hello")).containsKey("pymacaron:lease:beanstalk/hello/live");
        assertThatThrownBy(() -> keeper("you").take())
                .isInstanceOf(TargetException.class)
                .hasMessageContaining("me deploys to beanstalk/hello/live");
        mine.giveBack();
        assertThat(server.service.applications.get("hello")).isEmpty();
    }

    @Test
    void beforeThereIsAnApplicationTheLeaseIsKeptForIt() throws Exception {
        LeaseKeeper mine = keeper("me");
        mine.take();
        server.service.createApplication("hello");

        mine.check();

        assertThat(server.service.applications.get("hello")).containsKey("pymacaron:lease:beanstalk/hello/live");
        mine.giveBack();
        assertThat(server.service.applications.get("hello")).isEmpty();
    }

    private LeaseKeeper keeper(String owner) throws ConfigException {
        return new LeaseKeeper(
                target(Slot.LIVE, "").leases().orElseThrow(),
                owner,
                "beanstalk/hello/live",
                Clock.systemUTC(),
                l -> {});
    }
}
