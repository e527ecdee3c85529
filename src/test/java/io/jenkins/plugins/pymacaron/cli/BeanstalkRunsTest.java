package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.targets.beanstalk.BeanstalkCloud;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs to Elastic Beanstalk, as a server of the tests speaks it, with containers behind it. */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class BeanstalkRunsTest {
    static final String REGION = "eu-west-1";
    static final String CNAME = Service.NAME + "-live";

    private static final String LEASE = "pymacaron:lease:beanstalk/" + Service.NAME + "/live";

    private static final List<String> LEASES = List.of(
            "the lease of beanstalk/" + Service.NAME + "/live", "the lease of beanstalk/" + Service.NAME + "/staging");

    @TempDir
    Path temporary;

    private Service service;
    private BeanstalkCloud cloud;

    @BeforeEach
    void start() throws Exception {
        service = Service.in(temporary);
        cloud = new BeanstalkCloud(Service.NAME + "-").live(REGION, CNAME, Service.LIVE);
        cloud.variables().forEach(service::with);
        configure("");
    }

    @AfterEach
    void stop() throws Exception {
        cloud.close();
    }

    private void configure(String more) throws Exception {
        service.write(
                        "pym-config.yaml",
                        """
                name: %s
                deploy_target: beanstalk
                docker_repo: e2e
                registry: %s
                docker_base: %s
                live_url: http://127.0.0.1:%d
                aws_user: nobody
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
                                                REGION,
                                                CNAME,
                                                Service.SECRET)
                                + more)
                .commit("to Elastic Beanstalk");
    }

    private Service.Ended run(int expected, String... arguments) {
        Service.Ended ended = service.run(arguments);
        assertThat(ended.code()).as(ended.output()).isEqualTo(expected);
        return ended;
    }

    /** The tests tell staging from live by the port alone: both have PYM_ENV live here. */
    private void at(boolean live, String script) throws Exception {
        service.at("live", "[ $PYM_SERVER_PORT " + (live ? "=" : "!=") + " " + Service.LIVE + " ] || exit 0\n" + script)
                .commit("at " + live);
    }

    @Test
    void aFirstDeploymentWhosePromotionFailsIsWithdrawnAtOnce() throws Exception {
        Path accepted = temporary.resolve("accepted");
        cloud.sick = name -> Files.exists(accepted);
        at(false, "touch " + accepted);

        Service.Ended ended = run(6, "--no-unittest");

        assertThat(ended.output()).contains("FAILED Promote to live", "Docker container quit unexpectedly");
        assertThat(service.summary().outcome()).isEqualTo(RunOutcome.DEPLOY_FAILED);
        assertThat(cloud.cnames(REGION)).isEmpty();
    }

    @Test
    void aFirstDeploymentThatMayNotBePromotedIsWithdrawnUnlessItIsToBeKept() throws Exception {
        configure("pre_promote: ['false']\n");

        run(6, "--no-unittest");

        assertThat(cloud.cnames(REGION)).isEmpty();
        configure("pre_promote: ['false']\nretention: {keep_failed: true}\n");

        run(6, "--no-unittest");

        assertThat(cloud.cnames(REGION)).containsExactly(CNAME);
    }

    @Test
    void stageByStageItGoesWithTheRollback() throws Exception {
        at(true, "exit 1");
        StagesApart build = new StagesApart(service, "build-1").asking("push", "true");
        build.good("build");
        build.good("push");
        build.good("staging");
        assertThat(lease()).endsWith("between-stages");
        assertThat(run(3, "--no-test").output()).contains("pymdeploy-build-1-", "is between two stages");
        build.good("accept-staging");
        build.good("promote");
        build.bad("live", RunOutcome.TESTS_FAILED);

        assertThat(cloud.cnames(REGION)).containsExactly(CNAME);
        assertThat(lease()).as("the rollback is to come").endsWith("between-stages");
        build.good("rollback");

        assertThat(cloud.cnames(REGION)).isEmpty();
        // The address answers until the environment, whose termination has begun, is gone.
        Service.awaitLive("no environment has this name");
        assertThat(lease()).isEmpty();
    }

    @Test
    void aDeploymentInStagesTellsWhatMustNotStayAndACleanUpEndsIt() throws Exception {
        StagesApart build = new StagesApart(service, "build-1").asking("push", "true");
        build.good("build");
        build.good("push");
        assertThat(build.good("staging").leaves())
                .hasSize(3)
                .anyMatch(line ->
                        line.endsWith(" serves as beanstalk/" + Service.NAME + "/live, though it was not promoted"))
                .containsAll(LEASES);
        assertThat(build.good("accept-staging").leaves()).hasSize(3);
        assertThat(Service.live()).as("nobody has approved it").isEqualTo("one");

        // Only this machine has to know the deployment, and another process of the same run may go on.
        new StagesApart(service, "build-2").good("cleanup");
        assertThat(cloud.cnames(REGION)).containsExactly(CNAME);
        StagesApart end = new StagesApart(service, "build-1");
        end.good("cleanup");
        assertThat(end.log()).contains("Its deployment ended, so it is undone", "terminate environment");
        assertThat(cloud.cnames(REGION)).isEmpty();
        assertThat(lease()).as("no lease").isEmpty();
        end.good("cleanup");
        assertThat(end.log()).contains("There is nothing to clean up.");
    }

    @Test
    void aPromotedVersionStaysWhenItsDeploymentEnds() throws Exception {
        StagesApart build = new StagesApart(service, "build-1").asking("push", "true");
        build.good("build");
        build.good("push");
        build.good("staging");
        assertThat(build.good("promote").leaves()).isEqualTo(LEASES);
        build.good("cleanup");
        assertThat(cloud.cnames(REGION)).containsExactly(CNAME);
        assertThat(lease()).isEmpty();

        service.content("two").commit("second");
        StagesApart next = new StagesApart(service, "build-2").asking("push", "true");
        next.good("build");
        next.good("push");
        assertThat(next.good("staging").leaves()).as("it has a name of its own").isEqualTo(LEASES);
        next.good("cleanup");
        assertThat(cloud.cnames(REGION)).as("staging stays").hasSize(2);
        assertThat(Service.live()).isEqualTo("one");
        assertThat(lease()).isEmpty();
        assertThat(next.run("promote", true).leaves()).as("the end").isEmpty();
    }

    @Test
    void aRollbackOfADeploymentThatWasNotPromotedTakesTheNameOfLiveFromIt() throws Exception {
        StagesApart build = new StagesApart(service, "build-1").asking("push", "true");
        build.good("build");
        build.good("push");
        build.good("staging");
        StageResult back = build.good("rollback");
        assertThat(back.note()).startsWith("undone: ").endsWith("though it was not promoted");
        assertThat(back.leaves()).isEmpty();
        assertThat(cloud.cnames(REGION)).isEmpty();
    }

    @Test
    void aCandidateToKeepWhenItFailsIsNotRolledBackEither() throws Exception {
        StagesApart build =
                new StagesApart(service, "build-1").asking("push", "true").asking("keepFailed", "true");
        build.good("build");
        build.good("push");
        assertThat(build.good("staging").leaves()).isEqualTo(LEASES);
        build.good("cleanup");
        assertThat(cloud.cnames(REGION)).containsExactly(CNAME);
    }

    @Test
    void aPromotionTellsUntilWhenTheVersionBeforeIsKeptAndACleanUpWhetherItIsStill() throws Exception {
        configure("retention: {keep: 1h}\n");
        assertThat(live("build-1").keptUntil()).as("there was none").isEmpty();
        service.content("two").commit("second");
        Instant began = Instant.now();
        Instant until = live("build-2").keptUntil().orElseThrow();
        assertThat(until)
                .isAfter(began.minusSeconds(60).plus(1, ChronoUnit.HOURS))
                .isBefore(Instant.now().plus(1, ChronoUnit.HOURS));

        assertThat(new StagesApart(service, "build-2").good("cleanup").keptUntil())
                .as("nobody may end it yet")
                .contains(until);
        assertThat(cloud.cnames(REGION)).hasSize(2);
    }

    /** @return the last stage */
    private StageResult live(String run) throws Exception {
        StagesApart build = new StagesApart(service, run).asking("push", "true");
        build.good("build");
        build.good("push");
        build.good("staging");
        build.good("promote");
        return build.good("live");
    }

    private String lease() {
        return cloud.tags(REGION, Service.NAME).getOrDefault(LEASE, "");
    }

    @Test
    void theChangesOfAKilledStageAreUndoneUnderTheLeaseOfItsRun() throws Exception {
        StagesApart build = new StagesApart(service, "build-1").asking("push", "true");
        build.good("build");
        build.good("push");
        build.good("staging");
        Path state = onlyState(service.directory().resolveSibling("home"));
        // As a process leaves it that dies before its stage is done.
        Files.writeString(
                state,
                Files.readString(state)
                        .replace("\"outcome\" : \"SUCCEEDED\"", "\"x\" : 1")
                        .replace("\"done\" :", "\"y\" :"));
        cloud.tags(REGION, Service.NAME).put(LEASE, lease().replace(" between-stages", ""));

        StagesApart next = new StagesApart(service, "build-2").asking("push", "true");
        next.good("build");
        next.good("push");
        next.good("staging");

        assertThat(next.log()).contains("was cut off", "terminate environment");
        assertThat(cloud.cnames(REGION)).hasSize(1);
        assertThat(lease()).startsWith("pymdeploy-build-2-");
    }

    /** Returns the state of the stage that changed something, in Jenkins' part of the workspace. */
    private static Path onlyState(Path home) throws Exception {
        try (Stream<Path> all = Files.walk(home)) {
            return all.filter(file -> file.toString().endsWith("-staging/state.json"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void aCleanUpEndsVersionsKeptLongEnoughUnlessARunDeploys() throws Exception {
        run(0, "--no-test");
        service.content("two").commit("second");
        run(0, "--no-test");
        assertThat(run(0, "--cleanup").output()).contains("There is nothing to clean up.");
        configure("retention: {keep: 1h}\n");
        assertThat(run(0, "--cleanup").output()).contains("There is nothing to clean up.");
        cloud.age(REGION, Duration.ofHours(1));
        cloud.tags(REGION, Service.NAME)
                .put(LEASE, "somebody " + Instant.now().plusSeconds(600).truncatedTo(ChronoUnit.SECONDS));

        assertThat(run(3, "--cleanup").output()).contains("somebody deploys to beanstalk/" + Service.NAME + "/live");
        assertThat(cloud.cnames(REGION)).hasSize(2);

        cloud.tags(REGION, Service.NAME).clear();
        assertThat(run(0, "--cleanup").output())
                .contains("Ending what was kept long enough in beanstalk/" + Service.NAME + "/live")
                .containsOnlyOnce("terminate environment");
        assertThat(cloud.cnames(REGION)).containsExactly(CNAME);
        assertThat(Service.live()).isEqualTo("two");
        assertThat(lease()).isEmpty();
    }
}
