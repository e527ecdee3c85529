package io.jenkins.plugins.pymacaron.targets;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.ConfigReader;
import io.jenkins.plugins.pymacaron.config.Overrides;
import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.config.Slot;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FileMarkTest {
    private static Environment of(String file) throws Exception {
        byte[] yaml = """
                name: hello
                deploy_target: gcp-cloud-run
                registry: europe-west1-docker.pkg.dev
                docker_repo: my-project/images
                live_url: https://hello.example.com
                """.getBytes(StandardCharsets.UTF_8);
        return new Environment(
                Slot.LIVE,
                0,
                ConfigReader.read(file, yaml, Overrides.NONE).live().get(0),
                Map.of());
    }

    private static String problem(String file, String mark, boolean ours) throws Exception {
        return FileMark.problem(of(file), "service hello-live", mark, ours, "name or gcp_region")
                .map(Problem::toString)
                .orElse("");
    }

    @Test
    void anEnvironmentOfAnotherFileIsRefusedInOneLine() throws Exception {
        assertThat(problem("pym-config.qa.yaml", "pym-config.yaml", true))
                .contains("service hello-live is what pym-config.yaml deploys, not pym-config.qa.yaml")
                .contains("Set another name or gcp_region in one of the two");
        assertThat(problem("pym-config.yaml", "pym-config.qa.yaml", true))
                .contains("is what pym-config.qa.yaml deploys, not pym-config.yaml");
    }

    @Test
    void itsOwnAndWhatHasNoMarkIsTaken() throws Exception {
        assertThat(problem("pym-config.yaml", "pym-config.yaml", true)).isEmpty();
        assertThat(problem("pym-config.qa.yaml", "pym-config.qa.yaml", true)).isEmpty();
        assertThat(problem("pym-config.yaml", "", true)).isEmpty();
        assertThat(problem("pym-config.qa.yaml", "", false)).isEmpty();
    }

    @Test
    void anEnvironmentOfAnEarlierVersionIsTakenWithAWarningIfItMayBeAnotherFiles() throws Exception {
        assertThat(FileMark.problem(of("pym-config.qa.yaml"), "service hello-live", "", true, "name")
                        .orElseThrow())
                .satisfies(problem -> assertThat(problem.isError()).isFalse())
                .asString()
                .contains("from now on it is pym-config.qa.yaml's");
    }
}
