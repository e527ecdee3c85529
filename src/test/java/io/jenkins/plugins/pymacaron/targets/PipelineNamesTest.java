package io.jenkins.plugins.pymacaron.targets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.pymacaron.config.ConfigException;
import io.jenkins.plugins.pymacaron.config.ConfigReader;
import io.jenkins.plugins.pymacaron.config.Overrides;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.process.PipelineCredentials;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests each variable by which the pipeline gets a credential, including those that only a later version may read, and
 * each layer that could hand it to a service: the configuration in each of its blocks, the inputs of a container, and
 * programs.
 */
class PipelineNamesTest {
    private static final String CONFIG = """
            name: hello
            deploy_target: docker
            docker_repo: demo
            live_url: http://127.0.0.1:8090
            """;

    static Stream<String> names() {
        return Stream.concat(
                PipelineCredentials.WITHHELD.stream(),
                Stream.of("REGISTRY", "DEPLOYMENT", "AWS", "GCP", "GKE", "KUBECONFIG", "X_AUTH")
                        .map(family -> "PYM_" + family + "_OF_TOMORROW"));
    }

    private static PymConfig read(String more) throws ConfigException {
        return ConfigReader.read("pym-config.yaml", (CONFIG + more).getBytes(StandardCharsets.UTF_8), Overrides.NONE)
                .live()
                .get(0);
    }

    @ParameterizedTest
    @MethodSource("names")
    void noConfigurationNamesIt(String name) {
        for (String block : List.of(
                "env_secrets: [%s]",
                "env_secrets: [OTHER, %s]",
                "staging: {env_secrets: [%s]}",
                "live: {env_secrets: [%s]}",
                "live: [{env_secrets: [%s]}]")) {
            ConfigException refused =
                    catchThrowableOfType(ConfigException.class, () -> read(block.formatted(name) + "\n"));
            assertThat(refused).as(block).isNotNull();
            assertThat(refused.problems().toString())
                    .as(block)
                    .contains("holds " + name + ", by which the pipeline itself gets a credential");
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void noContainerGetsIt(String name) throws ConfigException {
        PymConfig config = read("");
        assertThatThrownBy(() -> new Environment(Slot.LIVE, 0, config, Map.of(name, "value")))
                .hasMessageContaining("a service does not get credentials of the pipeline's own");
    }

    @ParameterizedTest
    @MethodSource("names")
    void noProgramGetsIt(String name) {
        Processes processes = new Processes(SecretMask.NONE, line -> {});
        assertThatThrownBy(() -> processes.query(Command.of("env").with(Map.of(name, "value"))))
                .hasMessageContaining(name + " is a credential of the pipeline's own");
    }
}
