package io.jenkins.plugins.pymacaron.config;

import static io.jenkins.plugins.pymacaron.config.Configs.DOCKER;
import static io.jenkins.plugins.pymacaron.config.Configs.read;
import static io.jenkins.plugins.pymacaron.config.Configs.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The parameters of a run, laid over the file. */
class ParameterSettingsTest {
    @Test
    void parametersWinOverFileAndBlocks() throws ConfigException {
        Overrides overrides = new Overrides(
                Optional.of("qa"),
                Optional.of(DeployTarget.DOCKER),
                Optional.of("localhost:5000"),
                Map.of("accept-staging", Duration.ofSeconds(7)));
        ProjectConfig project = read(
                "name: hello\ndocker_repo: demo\nlive_url: http://x\ntimeouts: {build: 1m, accept_staging: 2m}\n"
                        + "live: {deploy_target: gke, registry: eu.gcr.io}",
                overrides);

        assertThat(project.environment()).contains("qa");
        for (PymConfig config :
                List.of(project.base(), project.staging(), project.live().get(0))) {
            assertThat(config.target()).isEqualTo(DeployTarget.DOCKER);
            assertThat(config.registry()).isEqualTo("localhost:5000");
            assertThat(config.timeouts().acceptStaging()).isEqualTo(Duration.ofSeconds(7));
            assertThat(config.timeouts().build()).isEqualTo(Duration.ofMinutes(1));
        }
    }

    @Test
    void aCanaryAndWhatFailedAreParametersToo() throws ConfigException {
        String file = "name: hello\ndocker_repo: demo\ndeploy_target: cloud-run\nlive_url: https://x\ncanary: [10]\n"
                + "retention: {images: 3, keep_failed: false}";
        PymConfig config = read(file, canary("5, 25,50", true)).live().get(0);

        assertThat(config.get(GoogleKeys.CANARY)).containsExactly(5, 25, 50);
        assertThat(config.retention().keepFailed()).isTrue();
        assertThat(config.retention().images()).isEqualTo(3);
        assertThat(refused(file, canary("50, many", false)))
                .anyMatch(line -> line.startsWith("parameters: error: canary"));
        assertThat(refused(file, canary("50,25", false)))
                .anyMatch(line -> line.startsWith("parameters: error: canary"));
    }

    private static Overrides canary(String percentages, boolean keepFailed) {
        return new Overrides(
                Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), Optional.of(percentages), keepFailed);
    }

    @Test
    void wrongParametersAreSaidWithTheProblemsOfTheFile() {
        Overrides overrides = new Overrides(
                Optional.empty(),
                Optional.empty(),
                Optional.of("http://registry"),
                Map.of("biuld", Duration.ofSeconds(1), "push", Duration.ZERO));

        assertThat(refused(DOCKER + "worker_count: x", overrides))
                .hasSize(4)
                .anyMatch(line -> line.startsWith("f:5:15: error: worker_count"))
                .anyMatch(line -> line.startsWith("parameters: error: registry must be the host[:port]"))
                .anyMatch(line -> line.startsWith("parameters: error: there is no stage biuld")
                        && line.endsWith("Did you mean build?"))
                .anyMatch(line -> line.startsWith("parameters: error: the timeout of push must be more than 0"));
    }
}
