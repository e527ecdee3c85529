package io.jenkins.plugins.pymacaron.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A key or parameter that has no effect on the current targets is an error, for every key. */
class IdleKeysTest {
    @Test
    void everyKeyOfAnotherTargetIsRefusedOnDocker() {
        for (Key<?> key : Keys.ALL) {
            if (!key.onlyFor().isEmpty() && !key.onlyFor().contains(DeployTarget.DOCKER)) {
                assertThat(Configs.refused(Configs.DOCKER + key + ": " + key.example()))
                        .as(key.name())
                        .anyMatch(line -> line.contains(key + " has no effect on Docker, only on "));
            }
        }
    }

    @Test
    void aKeyOfDockerIsRefusedOnBeanstalkAlsoInABlock() {
        for (Key<?> key : List.of(PipelineKeys.DOCKER_NETWORK, PipelineKeys.DOCKER_ADDRESS)) {
            assertThat(Configs.refused(Configs.BEANSTALK + "live:\n  " + key + ": " + key.example()))
                    .anyMatch(line -> line.contains(key + " has no effect on AWS Elastic Beanstalk, only on Docker"));
        }
        assertThat(Configs.refused(Configs.BEANSTALK + "retention:\n  removed: end"))
                .anyMatch(line -> line.contains("retention.removed has no effect on AWS Elastic Beanstalk"));
    }

    @Test
    void aKeyThatOneOfTheSlotsHeedsStands() {
        assertThatCode(
                        () -> Configs.read(
                                Configs.BEANSTALK
                                        + "docker_network: host\nstaging:\n  deploy_target: docker\n  live_url: http://127.0.0.1:8091\n"))
                .doesNotThrowAnyException();
    }

    @Test
    void aFileForAnotherTargetCanBeTriedOnThisMachine() {
        Overrides here = new Overrides(
                Optional.empty(),
                Optional.of(DeployTarget.DOCKER),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                false);

        assertThatCode(() -> Configs.read(Configs.BEANSTALK, here)).doesNotThrowAnyException();
    }

    @Test
    void aCanaryIsRefusedWhereTrafficIsNotShared() {
        Overrides canary = new Overrides(
                Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), Optional.of("5, 25"), false);

        assertThat(Configs.refused(Configs.DOCKER, canary))
                .containsExactly("parameters: error: canary has no effect on Docker, only on Google Cloud Run. "
                        + "Leave it out, or deploy to another target.");
    }

    @Test
    void aRecordingWithoutACloudIsReported() {
        Overrides recorded = new Overrides(
                Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), Optional.empty(), false, true);

        assertThat(Configs.refused(Configs.DOCKER, recorded))
                .containsExactly("parameters: error: record (PYM_RECORD) has no effect on Docker, only on AWS Elastic"
                        + " Beanstalk and Google Cloud Run and Google Kubernetes Engine. Leave it out, or deploy to"
                        + " another target.");
        assertThatCode(() -> Configs.read(Configs.BEANSTALK, recorded)).doesNotThrowAnyException();
    }
}
