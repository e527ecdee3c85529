package io.jenkins.plugins.pymacaron.targets.beanstalk;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.operation.Decision;
import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.Lookup;
import io.jenkins.plugins.pymacaron.operation.Observation;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.operation.State;
import io.jenkins.plugins.pymacaron.operation.Subject;
import io.jenkins.plugins.pymacaron.targets.Change;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.LiveUnchangedCheck;
import io.jenkins.plugins.pymacaron.targets.cloud.CutOff;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A deployment by the target, by the real AWS SDK against a server that speaks the protocols of AWS. */
@Timeout(20 * 60)
@Execution(ExecutionMode.CONCURRENT)
class BeanstalkTargetTest {
    @TempDir
    private Path journals;

    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        rig = new Rig(journals);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void deploysPromotesRollsBackAndTidiesUp() throws Exception {
        Deployed first = rig.deploy("1");
        assertThat(first.url()).isEqualTo(rig.front.url().toString());
        assertThat(rig.calls("SwapEnvironmentCNAMEs")).isZero();
        assertThat(rig.drive.effects).anyMatch(e -> e.startsWith("create the Elastic Beanstalk application hello"));

        Deployed second = rig.deploy("22");
        assertThat(rig.calls("CreateEnvironment")).isEqualTo(2);
        assertThat(rig.calls("SwapEnvironmentCNAMEs")).isEqualTo(1);
        BeanstalkTarget live = rig.target(Slot.LIVE, "");
        assertThat(live.current().orElseThrow().revision()).isEqualTo(second.revision());
        assertThat(live.earlier()).extracting(Deployed::version).containsExactly("v1");

        rig.drive.done(live, live.rollBack(second, first));
        assertThat(live.current().orElseThrow().version()).isEqualTo("v1");
        assertThat(live.earlier())
                .as("a version that was rolled back was never live")
                .isEmpty();

        rig.drive.done(live, live.withdraw(second));
        Deployed third = rig.deploy("333");
        rig.drive.done(live, live.retire(third, 1));
        assertThat(live.current().orElseThrow().version()).isEqualTo("v333");
        assertThat(live.earlier()).extracting(Deployed::version).containsExactly("v1");
        assertThat(live.log(third, 5)).contains("INFO");
        assertThat(rig.log)
                .anyMatch(l -> l.contains("Successfully launched environment"))
                .doesNotHaveDuplicates();
    }

    /** Two files of one name and live: the second is told so before it takes anything over. */
    @Test
    void anotherFileDoesNotTakeOverWhatOneDeploys() throws Exception {
        Deployed first = rig.deploy("1");
        assertThat(rig.target(Slot.LIVE, "").preflight()).isEmpty();

        rig.file = "pym-config.qa.yaml";

        assertThat(rig.target(Slot.LIVE, "").preflight().toString())
                .contains("environment " + first.revision() + ", which owns hello-live.")
                .contains("is what pym-config.yaml deploys, not pym-config.qa.yaml")
                .contains("Set another aws_live_cname in one of the two");
    }

    /**
     * The expected state was there all the time, or is there again: another owner has deployed the same, or returned to
     * it.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStateThatAnotherOwnerHasConfirmedStays(boolean same) throws Exception {
        Deployed first = rig.deploy("1");
        BeanstalkTarget live = rig.target(Slot.LIVE, "");
        Deployed second = rig.drive.done(live, live.prepare(Rig.candidate("22")));
        Change change = live.activate(Rig.candidate("22"), second, Optional.of(first));
        Deployed other = rig.deploy("22");
        if (!same) {
            rig.drive.done(live, live.rollBack(other, first));
        }

        Outcome outcome = rig.drive.run(live, change);
        for (Effect back : new BeanstalkActivateOperation().undo(begun(change))) {
            assertThat(live.effector().find(back)).isInstanceOf(Lookup.Present.class);
            live.effector().apply(back);
        }

        assertThat(outcome.toString()).contains("superseded by " + (same ? "v22" : "v1"));
        assertThat(live.current().orElseThrow().version()).isEqualTo(same ? "v22" : "v1");
    }

    /** Returns the state of a journal whose process died in its swap. */
    private static State begun(Change change) {
        State state = State.begun(BeanstalkActivateOperation.KIND, change.params(), Instant.EPOCH);
        Decision.Apply own = (Decision.Apply) new BeanstalkActivateOperation()
                .decide(
                        state,
                        Optional.of(new Observation(
                                new Subject(LiveUnchangedCheck.ENVIRONMENT, "beanstalk/hello/live"),
                                Instant.EPOCH,
                                change.hoped().get(LiveUnchangedCheck.ENVIRONMENT))),
                        Instant.EPOCH);
        return state.with(own.effect(), new State.Result(State.Result.How.APPLIED, Map.of(), "", Instant.EPOCH));
    }

    /** Another owner has made it live since. */
    @Test
    void anEnvironmentThatAnotherOwnerHasMadeLiveIsNotTerminated(@TempDir Path journals) throws Exception {
        rig.deploy("1");
        BeanstalkTarget live = rig.target(Slot.LIVE, "");
        try (CutOff dead =
                new CutOff(journals, live, live.prepare(Rig.candidate("22")), BeanstalkEffects.ADDRESS, false)) {
            Deployed other = rig.deploy("22");

            Outcome outcome = dead.undo();

            assertThat(outcome.left()).isEmpty();
            assertThat(live.current().map(Deployed::revision)).contains(other.revision());
        }
    }

    @Test
    void onlyTheFirstIsWithdrawnWhileItIsLive() throws Exception {
        Deployed first = rig.deploy("1");
        Deployed second = rig.deploy("22");
        BeanstalkTarget live = rig.target(Slot.LIVE, "");

        assertThat(rig.drive.run(live, live.withdraw(second)).toString()).contains("is live");
        rig.drive.done(live, live.rollBack(second, first));
        rig.drive.done(live, live.withdraw(second));
        rig.gone(second.revision());
        rig.drive.done(live, live.withdraw(first));

        assertThat(live.current()).isEmpty();
        rig.gone(first.revision());
        assertThat(rig.deploy("333").version()).as("the name is free again").isEqualTo("v333");
    }

    @Test
    void anEnvironmentThatEndsWhileItIsReadIsGone() throws Exception {
        Deployed first = rig.deploy("1");
        rig.deploy("22");
        rig.server.goneSinceListed.add(first.revision());

        BeanstalkTarget live = rig.target(Slot.LIVE, "");
        assertThat(live.current().orElseThrow().version()).isEqualTo("v22");
        assertThat(live.earlier()).isEmpty();
    }

    @Test
    void theSecretIsAPropertyAndNowhereElse() throws Exception {
        Deployed deployed = rig.deploy("1");

        assertThat(rig.hosts.variables.get(deployed.revision()))
                .containsEntry("SECRET", Rig.SECRET)
                .containsEntry("PYM_ENV", "live")
                .containsEntry("PORT", "80");
        try (Stream<Path> files = Files.walk(journals)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file)).doesNotContain("top secret");
            }
        }
        assertThat(rig.server.wire.requests)
                .filteredOn(r -> r.method().equals("PUT"))
                .hasSize(1)
                .noneMatch(r -> new String(r.body(), StandardCharsets.ISO_8859_1).contains("top secret"));
        Map<String, String> settings =
                rig.server.service.machines.values().iterator().next().settings;
        assertThat(settings)
                .containsEntry("aws:elasticbeanstalk:environment|LoadBalancerType", "application")
                .containsEntry("aws:elasticbeanstalk:environment:process:default|HealthCheckPath", "/ping")
                .containsEntry("aws:autoscaling:launchconfiguration|DisableIMDSv1", "true")
                .containsEntry("aws:autoscaling:asg|MaxSize", "4");
    }

    /** The candidate never comes up: nothing on loopback speaks https. */
    @Test
    void aCertificateIsThatOfTheListenerOn443() throws Exception {
        String arn = "arn:aws:acm:eu-west-1:123456789012:certificate/1234";
        String more = "aws_cert_arn: " + arn + "\nlive_url: https://hello.example.com\n";
        BeanstalkTarget staging = rig.target(Slot.STAGING, more);

        rig.drive.run(staging, staging.prepare(Rig.candidate("bad")));

        Map<String, String> settings =
                rig.server.service.machines.values().iterator().next().settings;
        assertThat(settings)
                .containsEntry("aws:elbv2:listener:443|ListenerEnabled", "true")
                .containsEntry("aws:elbv2:listener:443|Protocol", "HTTPS")
                .containsEntry("aws:elbv2:listener:443|SSLCertificateArns", arn)
                .containsEntry("aws:elbv2:listener:443|DefaultProcess", "default")
                .containsEntry("aws:elasticbeanstalk:environment:process:default|Protocol", "HTTP");
        assertThat(staging.prepare(Rig.candidate("1")).params().get("deployed.url"))
                .startsWith("https://");
        BeanstalkTarget without = rig.target(Slot.STAGING, "");
        assertThat(without.prepare(Rig.candidate("1")).params().keySet()).noneMatch(key -> key.contains(":443"));
    }

    @Test
    void aCandidateThatDoesNotStartIsTerminatedWithItsReason() throws Exception {
        Deployed good = rig.deploy("1");
        BeanstalkTarget staging = rig.target(Slot.STAGING, "");

        Outcome outcome = rig.drive.run(staging, staging.prepare(Rig.candidate("bad")));

        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        assertThat(((Outcome.Failed) outcome).reason())
                .contains("Failed to launch environment")
                .contains("i-1: Docker container quit unexpectedly");
        assertThat(((Outcome.Failed) outcome).left()).isEmpty();
        assertThat(rig.server.service.machines.values())
                .filteredOn(m -> m.status.equals("Ready"))
                .extracting(m -> m.name)
                .containsExactly(good.revision());
    }

    @Test
    void theSameDeploymentIsFoundAgain() throws Exception {
        Deployed first = rig.deploy("1");
        rig.deploy("1");

        assertThat(rig.calls("CreateEnvironment")).isEqualTo(1);
        assertThat(rig.target(Slot.STAGING, "").current())
                .map(Deployed::revision)
                .contains(first.revision());
    }

    @Test
    void throttlingIsWaitedFor() throws Exception {
        rig.server.throttled = 3;

        assertThat(rig.deploy("1").version()).isEqualTo("v1");
    }

    @Test
    void aComposeFileWorksToo() throws Exception {
        BeanstalkTarget staging = rig.target(Slot.STAGING, "aws_bundle: compose\n");

        Deployed deployed = rig.drive.done(staging, staging.prepare(Rig.candidate("1")));

        assertThat(deployed.url()).startsWith("http://127.0.0.1:");
        assertThat(rig.hosts.variables).containsKey(deployed.revision());
    }

    @Test
    void preflightNamesEverything() throws Exception {
        assertThat(rig.target(Slot.LIVE, "").preflight()).isEmpty();
        assertThat(rig.log).anyMatch(l -> l.startsWith("AWS account 123456789012, region eu-west-1, as arn:aws:iam:"));

        rig.server.service.buckets.remove("bucket", "docker/dockercfg");
        Map<String, String> big = new HashMap<>(Map.of("SECRET", "x".repeat(4100)));
        assertThat(rig.target(Slot.LIVE, "", big, BeanstalkServer.KEY).preflight())
                .extracting(Problem::message)
                .anyMatch(m -> m.contains("has room for 4096"))
                .anyMatch(m -> m.contains("docker/dockercfg is missing"));
        assertThat(rig.target(Slot.LIVE, "", Map.of(), "AKIDOTHER").preflight())
                .extracting(Problem::message)
                .singleElement()
                .asString()
                .contains("InvalidClientTokenId");
    }
}
