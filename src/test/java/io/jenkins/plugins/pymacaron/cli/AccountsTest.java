package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.docker.RealDocker;
import io.jenkins.plugins.pymacaron.pipeline.SilentProgress;
import io.jenkins.plugins.pymacaron.pipeline.contract.EnvironmentNames;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageSpec;
import io.jenkins.plugins.pymacaron.pipeline.run.StageRun;
import io.jenkins.plugins.pymacaron.targets.beanstalk.BeanstalkCloud;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two accounts of AWS, with one application name and one region: the credential says in which one a deployment is. */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
class AccountsTest {
    private static final String REGION = "eu-west-1";
    private static final String CNAME = Service.NAME + "-live";
    private static final String ONE = "111111111111";
    private static final String TWO = "222222222222";
    private static final Duration POLL = Duration.ofMillis(20);

    @TempDir
    Path temporary;

    private Service service;

    @BeforeEach
    void start() throws Exception {
        service = Service.in(temporary);
        configure("nobody");
    }

    private void configure(String user) throws Exception {
        service.write("pym-config.yaml", """
                name: %s
                deploy_target: beanstalk
                docker_repo: e2e
                registry: %s
                docker_base: %s
                live_url: http://127.0.0.1:%d
                aws_user: %s
                aws_region: %s
                aws_keypair: pair
                aws_instance_type: t3.small
                aws_instance_profile: role
                aws_red_for: 2s
                aws_live_cname: %s
                env_secrets: [%s]
                """.formatted(
                                Service.NAME,
                                RealDocker.variable("PYM_TEST_REGISTRY"),
                                RealDocker.base(),
                                Service.LIVE,
                                user,
                                REGION,
                                CNAME,
                                Service.SECRET))
                .commit("to an account");
    }

    /** Returns the identities from the first stage of a build. */
    private List<String> identities(Map<String, String> variables) {
        Map<String, String> inherited = new TreeMap<>(service.environment());
        inherited.putAll(variables);
        StageResult result = new StageRun(inherited, new SilentProgress())
                .run(new StageSpec(
                        StageSpec.SCHEMA,
                        StageSpec.CONFIG,
                        "run",
                        service.directory().toString(),
                        temporary.toString(),
                        Map.of(),
                        Map.of(),
                        List.of(),
                        false,
                        Map.of()));
        assertThat(result.outcome().good()).as(result.message()).isTrue();
        return List.of(
                result.environments().stagingId(),
                result.environments().liveIds().get(0));
    }

    @Test
    void theAccountIsPartOfTheIdentityForEveryCaller() throws Exception {
        try (BeanstalkCloud one = new BeanstalkCloud(Service.NAME + "-one-").account(ONE);
                BeanstalkCloud two = new BeanstalkCloud(Service.NAME + "-two-").account(TWO)) {
            List<String> first = identities(one.variables());
            assertThat(first).allMatch(id -> id.contains(ONE)).doesNotContainAnyElementsOf(identities(two.variables()));

            configure("somebody-else");
            assertThat(identities(one.variables())).isEqualTo(first);

            List<String> unknown = identities(Map.of(
                    "AWS_ENDPOINT_URL", one.variables().get("AWS_ENDPOINT_URL"), "AWS_EC2_METADATA_DISABLED", "true"));
            assertThat(unknown).as("without a credential").allMatch(EnvironmentNames::isVague);
            assertThat(EnvironmentNames.isSame(unknown.get(1), first.get(1))).isTrue();
        }
    }

    @Test
    void aRunBegunInOneIsNeitherUndoneNorContinuedInAnother() throws Exception {
        try (BeanstalkCloud one = new BeanstalkCloud(Service.NAME + "-one-").account(ONE);
                BeanstalkCloud two = new BeanstalkCloud(Service.NAME + "-two-").account(TWO)) {
            one.variables().forEach(service::with);
            try (Child child = service.start("--no-test")) {
                while (one.names(REGION).isEmpty() && child.isAlive()) {
                    LockSupport.parkNanos(POLL.toNanos());
                }
                assertThat(one.names(REGION)).as(child.output()).isNotEmpty();
                child.kill();
            }

            two.variables().forEach(service::with);
            Service.Ended cleaned = service.run("--cleanup");
            Service.Ended resumed = service.run("--resume");

            assertThat(cleaned.code()).as(cleaned.output()).isEqualTo(8);
            assertThat(resumed.code()).as(resumed.output()).isEqualTo(3);
            for (Service.Ended ended : List.of(cleaned, resumed)) {
                assertThat(ended.output())
                        .contains("that run has begun in", "account=" + ONE, "this is", "account=" + TWO);
            }
            assertThat(two.actions()).doesNotContain("TerminateEnvironment", "CreateEnvironment");
            assertThat(one.names(REGION)).isNotEmpty();

            one.variables().forEach(service::with);
            Service.Ended undone = service.run("--cleanup");
            assertThat(undone.code()).as(undone.output()).isZero();
            assertThat(one.names(REGION)).isEmpty();
        }
    }
}
