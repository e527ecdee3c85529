package io.jenkins.plugins.pymacaron.config;

import static io.jenkins.plugins.pymacaron.config.Configs.DOCKER;
import static io.jenkins.plugins.pymacaron.config.Configs.read;
import static io.jenkins.plugins.pymacaron.config.Configs.refused;
import static io.jenkins.plugins.pymacaron.config.Configs.warnings;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SlotBlocksTest {
    @Test
    void withoutBlocksBothSlotsAreTheFile() throws ConfigException {
        ProjectConfig project = read(DOCKER);

        assertThat(project.live()).hasSize(1);
        assertThat(project.slots()).hasSize(2);
        assertThat(project.staging().canonical()).isEqualTo(project.base().canonical());
        assertThat(project.stagingUrl()).isEmpty();
        assertThat(project.staging().liveUrl()).hasToString("http://127.0.0.1:8090");
    }

    @Test
    void aBlockOverridesAnyKey() throws ConfigException {
        ProjectConfig project = read(DOCKER + """
                env_secrets: [A]
                gcp_memory: 1Gi
                staging:
                  deploy_target: cloud-run
                  env_secrets: [B, C]
                  pym_env: test
                live:
                  gcp_memory: ~
                """);

        assertThat(project.base().envSecrets()).containsExactly("A");
        assertThat(project.staging().envSecrets()).containsExactly("B", "C");
        assertThat(project.staging().target()).isEqualTo(DeployTarget.CLOUD_RUN);
        assertThat(project.staging().pymEnv()).contains("test");
        assertThat(project.staging().get(GoogleKeys.GCP_MEMORY)).isEqualTo("1Gi");
        assertThat(project.live().get(0).target()).isEqualTo(DeployTarget.DOCKER);
        assertThat(project.live().get(0).get(GoogleKeys.GCP_MEMORY)).isEqualTo("512Mi");
    }

    @Test
    void blocksInsideABlockAreMergedKeyByKey() throws ConfigException {
        ProjectConfig project = read(DOCKER + """
                timeouts: {build: 1m, live: 2m}
                accept: {consecutive: 5}
                live:
                  timeouts: {live: 3m}
                  accept: {ready_timeout: 9s}
                """);

        PymConfig live = project.live().get(0);
        assertThat(live.timeouts().build()).isEqualTo(Duration.ofMinutes(1));
        assertThat(live.timeouts().live()).isEqualTo(Duration.ofMinutes(3));
        assertThat(project.staging().timeouts().live()).isEqualTo(Duration.ofMinutes(2));
        assertThat(live.accept().consecutive()).isEqualTo(5);
        assertThat(live.accept().readyTimeout()).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void liveMayBeAListOfRegions() throws ConfigException {
        ProjectConfig project = read("""
                name: hello
                docker_repo: demo
                deploy_target: cloud-run
                live:
                  - {gcp_region: europe-west1, live_url: 'https://eu.example.com'}
                  - {gcp_region: us-east1, live_url: 'https://us.example.com'}
                """);

        assertThat(project.live())
                .extracting(c -> c.get(GoogleKeys.GCP_REGION))
                .containsExactly("europe-west1", "us-east1");
        assertThat(project.live())
                .extracting(c -> c.liveUrl().host())
                .containsExactly("eu.example.com", "us.example.com");
        assertThat(project.slots()).hasSize(3);
    }

    @Test
    void eachLiveNeedsAUrl() {
        assertThat(
                        refused(
                                "name: hello\ndocker_repo: demo\ndeploy_target: docker\nlive:\n  - live_url: http://a\n  - pym_env: b\n"))
                .containsExactly("f:4:1: error: live_url is missing, the URL of live 2."
                        + " Add for instance: live_url: https://hello.example.com");
    }

    @Test
    void stagingMayHaveAUrlOfItsOwn() throws ConfigException {
        assertThat(read(DOCKER + "staging: {live_url: 'http://127.0.0.1:8091'}")
                        .stagingUrl()
                        .orElseThrow()
                        .port())
                .isEqualTo(8091);
    }

    @Test
    void aHostInABlockWinsOverTheUrlOfTheFile() throws ConfigException {
        ProjectConfig project = read(DOCKER + "staging: {live_host: staging.example.com}");

        assertThat(project.stagingUrl())
                .hasValueSatisfying(url -> assertThat(url).hasToString("http://staging.example.com"));
        assertThat(project.staging().liveUrl()).hasToString("http://staging.example.com");
        assertThat(project.live().get(0).liveUrl()).hasToString("http://127.0.0.1:8090");
    }

    @Test
    void keysThatShapeTheImageCannotDifferBetweenSlots() throws ConfigException {
        assertThat(warnings(DOCKER + "live:\n  docker_base: other:1\n  with_async: true"))
                .hasSize(2)
                .allMatch(line -> line.contains("in live changes nothing: both slots run the same image"));
    }

    @Test
    void theNameCannotStandInBlocksOnly() {
        assertThat(refused(DOCKER.replace("name: hello\n", "") + "staging: {name: a}\nlive: {name: a}"))
                .singleElement()
                .asString()
                .contains("name is missing, which every service needs");
    }

    @Test
    void anEmptyBlockChangesNothing() throws ConfigException {
        assertThat(read(DOCKER + "staging:\nlive: {}").slots()).hasSize(2);
    }

    /** Each stage belongs to the slot that it changes or tests. */
    @Test
    void aStageMayTakeAsLongAsTheBlockOfItsSlotSays() throws ConfigException {
        ProjectConfig project = read(DOCKER + """
                timeouts: {unit: 1m, staging: 2m, live: 3m}
                staging:
                  timeouts: {staging: 11m, accept_staging: 12m}
                live:
                  - live_url: http://127.0.0.1:8100
                    timeouts: {pre_promote: 21m, promote: 22m, live: 23m, rollback: 24m}
                  - live_url: http://127.0.0.1:8101
                    timeouts: {live: 25m}
                """);

        assertThat(project.timeout("unit")).hasMinutes(1);
        assertThat(project.timeout("staging")).hasMinutes(11);
        assertThat(project.timeout("accept-staging")).hasMinutes(12);
        assertThat(project.timeout("pre-promote")).hasMinutes(30);
        assertThat(project.timeout("promote")).hasMinutes(30);
        assertThat(project.timeout("live")).hasMinutes(25);
        assertThat(project.timeout("rollback")).hasMinutes(30);
    }

    @Test
    void aKeyInABlockThatIsReadFromNowhereIsRefused() {
        assertThat(refused(DOCKER + """
                staging:
                  accept: {tests: [other], runner: unittest, consecutive: 2}
                  timeouts: {unit: 10m, live: 1m, staging: 2m}
                live:
                  - retention: {images: 2, keep_failed: true, deployments: 3}
                    timeouts: {accept_staging: 1m, rollback: 2m}
                """))
                .extracting(line -> line.replaceFirst("f:\\d+:\\d+: error: ", ""))
                .containsExactlyInAnyOrder(
                        "accept.tests has no effect in staging, since it is for both slots. Move it to accept at the start"
                                + " of a line.",
                        "accept.runner has no effect in staging, since it is for both slots. Move it to accept at the"
                                + " start of a line.",
                        "timeouts.unit has no effect in staging, since it is for both slots. Move it to timeouts at the"
                                + " start of a line.",
                        "timeouts.live has no effect in staging, since that stage is of live. Move it to timeouts at the"
                                + " start of a line.",
                        "retention.images has no effect in live, since it is for both slots. Move it to retention at the"
                                + " start of a line.",
                        "retention.keep_failed has no effect in live, since it is for both slots. Move it to retention at"
                                + " the start of a line.",
                        "timeouts.accept_staging has no effect in live, since that stage is of staging. Move it to"
                                + " timeouts at the start of a line.");
    }
}
