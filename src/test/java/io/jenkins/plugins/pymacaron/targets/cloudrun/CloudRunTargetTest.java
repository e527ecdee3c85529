package io.jenkins.plugins.pymacaron.targets.cloudrun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.pymacaron.accept.GapMeter;
import io.jenkins.plugins.pymacaron.accept.Probe;
import io.jenkins.plugins.pymacaron.accept.ProbeRequest;
import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.cloud.GoogleCredential;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Request;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole target over the wire: Google's client library against a server that refuses what Cloud Run refuses. */
@Timeout(20 * 60)
class CloudRunTargetTest {
    @TempDir
    private Path directory;

    private RunRig rig;

    @BeforeEach
    void begin() throws Exception {
        rig = new RunRig(directory);
    }

    @AfterEach
    void end() {
        assertThat(rig.server.wire.troubles).isEmpty();
        rig.close();
    }

    private static String version(Deployed deployed) throws Exception {
        return new Probe(ProbeRequest.plain(Duration.ofSeconds(60), true)).version(URI.create(deployed.url()));
    }

    @Test
    void stagingTakesAllTrafficAndIsPublic() throws Exception {
        CloudRunTarget target = rig.target(Slot.STAGING);
        assertThat(target.preflight()).isEmpty();
        assertThat(target.current()).isEmpty();

        Deployed first = rig.done(target, target.prepare(RunRig.candidate("1")));
        Deployed second = rig.done(target, target.prepare(RunRig.candidate("2")));

        assertThat(version(second)).isEqualTo("v2");
        assertThat(second.url()).isEqualTo(first.url());
        assertThat(second.revision()).isEqualTo("hello-staging-v2-00000002");
        assertThat(target.current().orElseThrow().digest()).isEqualTo("sha256:2");
        assertThat(rig.hosts.variables.get(second.revision()))
                .containsEntry("SECRET", "s3cr=t, 'quoted'")
                .containsEntry("REFERENCE", "projects/my-project/secrets/token");
        assertThat(rig.service("hello-staging").isPublic()).isTrue();
    }

    @Test
    void noSecretIsInAJournal() throws Exception {
        rig.live("1");

        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file)).doesNotContain("s3cr=t").doesNotContain("PRIVATE KEY");
            }
        }
    }

    @Test
    void liveIsProvenAtATagBeforeItGetsTrafficAndIsRolledBack() throws Exception {
        Deployed first = rig.live("1");
        CloudRunTarget target = rig.target(Slot.LIVE);

        Deployed prepared = rig.done(target, target.prepare(RunRig.candidate("2")));
        assertThat(version(prepared)).isEqualTo("v2");
        assertThat(version(first)).isEqualTo("v1");
        assertThat(prepared.url()).isNotEqualTo(first.url());

        Deployed active = rig.done(target, target.activate(RunRig.candidate("2"), prepared, Optional.of(first)));
        assertThat(active.url()).isEqualTo(first.url());
        assertThat(version(active)).isEqualTo("v2");
        assertThat(target.earlier()).extracting(Deployed::version).containsExactly("v1");

        rig.done(target, target.rollBack(active, first));
        rig.run(target, target.withdraw(active));
        assertThat(version(first)).isEqualTo("v1");
        assertThat(target.current()).map(Deployed::revision).contains(first.revision());
        assertThat(target.earlier()).as("what failed is no previous version").isEmpty();
    }

    @Test
    void aCanaryGoesStepByStep() throws Exception {
        Deployed first = rig.live("1");
        rig.config = RunRig.CONFIG + "canary: [5, 50]\n";

        Deployed second = rig.live("2");

        Set<Integer> shares = new LinkedHashSet<>();
        for (Request request : rig.server.wire.requests) {
            if (request.query().getOrDefault("updateMask", "").startsWith("traffic,annotations")) {
                new ObjectMapper().readTree(request.body()).path("traffic").forEach(target -> {
                    if (target.path("revision").asText().equals(second.revision()) && target.has("percent")) {
                        shares.add(target.path("percent").asInt());
                    }
                });
            }
        }
        assertThat(shares).containsExactly(5, 50, 100);
        assertThat(version(second)).isEqualTo("v2");
        assertThat(second.url()).isEqualTo(first.url());
        assertThat(rig.service("hello-live").service.path("annotations").has(CloudRunMetadata.CANARY))
                .isFalse();
    }

    @Test
    void aCandidateThatDoesNotStartLeavesLiveAsItIs() throws Exception {
        Deployed first = rig.live("1");
        CloudRunTarget target = rig.target(Slot.LIVE);

        Outcome outcome = rig.run(target, target.prepare(RunRig.candidate("bad")));

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.reason())
                    .startsWith(
                            "revision hello-live-vbad-0000000b failed: The user-provided container failed to start");
            assertThat(failed.left()).isEmpty();
        });
        assertThat(version(first)).isEqualTo("v1");
        assertThat(rig.service("hello-live").service.path("traffic")).hasSize(1);
        assertThat(rig.live("2").version()).as("the next one is not held up").isEqualTo("v2");
        assertThat(rig.live("1").revision()).as("ready once, taken again").isEqualTo(first.revision());
    }

    @Test
    void anotherAttemptAtWhatFailedHasANameOfItsOwn() throws Exception {
        rig.live("1");
        CloudRunTarget target = rig.target(Slot.LIVE);
        rig.run(target, target.prepare(RunRig.candidate("bad")));

        assertThat(target.prepare(RunRig.candidate("bad")).params().get("deployed.revision"))
                .isEqualTo("hello-live-vbad-0000000b-2");
    }

    @Test
    void aFirstDeploymentThatFailsTakesItsServiceAway() throws Exception {
        CloudRunTarget target = rig.target(Slot.LIVE);

        Outcome outcome = rig.run(target, target.prepare(RunRig.candidate("bad")));

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(failed.left())
                .isEmpty());
        rig.idle();
        assertThat(rig.server.services).isEmpty();
        Deployed good = rig.live("1");
        rig.run(target, target.withdraw(good));
        rig.idle();
        assertThat(rig.server.services).isEmpty();
    }

    @Test
    void aServiceThatIsNotPublicIsAskedWithAnIdToken() throws Exception {
        rig.config = RunRig.CONFIG + "allow_unauthenticated: false\n";
        CloudRunTarget target = rig.target(Slot.LIVE);
        assertThat(target.preflight()).isEmpty();

        rig.live("1");
        Deployed second = rig.live("2");

        assertThat(rig.service("hello-live").isPublic()).isFalse();
        assertThatThrownBy(() -> version(second)).hasMessageContaining("403");
        URI door = target.reach(second);
        assertThat(door.getHost()).isEqualTo("127.0.0.1");
        assertThat(new Probe(ProbeRequest.plain(Duration.ofSeconds(60), true)).version(door))
                .isEqualTo("v2");
    }

    @Test
    void liveThatIsNotPublicIsMeasuredWithAnIdToken() throws Exception {
        rig.config = RunRig.CONFIG + "allow_unauthenticated: false\n";
        URI live = URI.create(rig.live("1").url());
        URI asked = rig.target(Slot.LIVE).reachLive(live);

        try (GapMeter meter =
                GapMeter.startWith(asked, ProbeRequest.plain(Duration.ofSeconds(60), true), Duration.ofMillis(250))) {
            while (meter.versions().isEmpty()) {
                LockSupport.parkNanos(1_000_000);
            }
            rig.live("2");
            assertThat(meter.stop().failures()).isZero();
            assertThat(meter.versions()).extracting(GapMeter.Seen::version).startsWith("v1");
        }
        rig.config = RunRig.CONFIG;
        assertThat(rig.target(Slot.LIVE).reachLive(live)).isEqualTo(live);
    }

    @Test
    void theLastLinesOfTheRevisionAreShownWithoutSecrets() throws Exception {
        Deployed first = rig.live("1");
        rig.hosts.words = "\none\n\u001b[2Jpassword s3cr=t, 'quoted'\nthree";
        CloudRunTarget target = rig.target(Slot.LIVE);

        assertThat(target.log(first, 100).lines())
                .extracting(line -> line.replaceFirst("^[0-9TZ.:-]+ ", ""))
                .containsExactly("log of " + first.revision(), "one", "password ****", "three");
        assertThat(target.log(first, 1)).endsWith(" three").doesNotContain("password");
    }

    @Test
    void aLogThatMayNotBeReadIsNotShownAndSaysSoOnce() throws Exception {
        Deployed first = rig.live("1");
        rig.server.denied.add("logging.logEntries.list");
        CloudRunTarget target = rig.target(Slot.LIVE);
        rig.log.clear();

        assertThat(target.log(first, 100)).isEmpty();
        assertThat(target.log(first, 100)).isEmpty();

        assertThat(rig.log)
                .containsExactly("the log of hello-live is not shown: cannot read its entries: 403 Permission"
                        + " 'logging.logEntries.list' denied on resource 'projects/my-project' (it takes"
                        + " roles/logging.viewer, and the Cloud Logging API)");
    }

    @Test
    void mistakesAreFoundBeforeAnythingHappens() throws Exception {
        rig.live("1");
        rig.server.denied.add("run.revisions.delete");
        rig.config = RunRig.CONFIG
                .replace("europe-west1-docker.pkg.dev", "registry.example.com")
                .replace("[SECRET, REFERENCE]", "[SECRET, REFERENCE, K_SERVICE]");
        rig.secrets.put("K_SERVICE", "80");

        assertThat(rig.target(Slot.LIVE).preflight())
                .extracting(Problem::message)
                .containsExactly(
                        "Cloud Run cannot pull from registry registry.example.com, only from Artifact Registry and"
                                + " public repositories of Docker Hub",
                        "K_SERVICE is set by Cloud Run itself, which refuses another value",
                        Tokens.EMAIL + " has not the right to run.revisions.delete on hello-live");
        assertThat(rig.log)
                .anyMatch(line -> line.contains("as " + Tokens.EMAIL) && line.contains("everybody may call it"));
    }

    @Test
    void theServerRefusesWhatCloudRunRefuses() throws Exception {
        rig.live("1");
        GoogleCredential credential = GoogleCredential.open(new TargetContext(rig.inherited(), l -> {}));
        CloudRunApi api = new CloudRunApi(rig.server.wire.url(), credential);
        CloudRunNames names = new CloudRunNames("my-project", "europe-west1", "hello-live");
        var service = api.service(names);

        assertThatThrownBy(() -> api.update(
                        service.toBuilder()
                                .clearTraffic()
                                .addAllTraffic(new TrafficSplit(Map.of("hello-live-v1-00000001", 90)).targets(Map.of()))
                                .build(),
                        List.of("traffic")))
                .hasMessageContaining("must add up to 100");
        assertThatThrownBy(
                        () -> api.update(service.toBuilder().setEtag("\"old\"").build(), List.of("annotations")))
                .satisfies(
                        e -> assertThat(CloudRunFailureMapper.of((Exception) e).passes())
                                .isTrue());
        assertThatThrownBy(() -> api.create(names, service)).satisfies(e -> assertThat(
                        CloudRunFailureMapper.of((Exception) e).passes())
                .isFalse());
        assertThatThrownBy(() -> api.create(new CloudRunNames("my-project", "europe-west1", "-x"), service))
                .hasMessageContaining("service_id");
        assertThatThrownBy(() -> api.delete(names, "hello-live-v1-00000001")).hasMessageContaining("actively serving");
    }
}
