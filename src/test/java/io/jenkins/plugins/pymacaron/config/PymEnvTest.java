package io.jenkins.plugins.pymacaron.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PymEnvTest {
    @ParameterizedTest
    @CsvSource({
        "aws-beanstalk,live,live",
        "gcp-cloud-run,hello-staging,hello-live",
        "gke,hello-staging,hello-live",
        "docker,hello-staging,hello-live"
    })
    void isWhatTheDocumentationPromises(String target, String staging, String live) throws ConfigException {
        ProjectConfig project = Configs.read(Configs.of(target), Overrides.ofEnvironment("qa"));

        assertThat(PymEnv.of(Slot.STAGING, project.staging())).isEqualTo(staging);
        assertThat(PymEnv.of(Slot.LIVE, project.live().get(0))).isEqualTo(live);
    }

    @Test
    void aBlockMaySayOtherwise() throws ConfigException {
        ProjectConfig project = Configs.read(Configs.DOCKER + "pym_env: both\nstaging: {pym_env: test}");

        assertThat(PymEnv.of(Slot.STAGING, project.staging())).isEqualTo("test");
        assertThat(PymEnv.of(Slot.LIVE, project.live().get(0))).isEqualTo("both");
        assertThat(PymEnv.ofContainerTest(project)).isEqualTo("dev");
    }

    @Test
    void testsRunInTheEnvironmentThatWasAskedFor() throws ConfigException {
        ProjectConfig none = Configs.read(Configs.DOCKER);
        ProjectConfig qa = Configs.read(Configs.DOCKER, Overrides.ofEnvironment("qa"));

        assertThat(PymEnv.ofContainerTest(none)).isEqualTo("dev");
        assertThat(PymEnv.ofUnitTests(none)).isEmpty();
        assertThat(PymEnv.ofContainerTest(qa)).isEqualTo("qa");
        assertThat(PymEnv.ofUnitTests(qa)).contains("qa");
    }
}
