package io.jenkins.plugins.pymacaron.pipeline.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.ConfigReader;
import io.jenkins.plugins.pymacaron.config.Overrides;
import io.jenkins.plugins.pymacaron.config.ProjectConfig;
import io.jenkins.plugins.pymacaron.pipeline.contract.RunRequest;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.preflight.Preflight.Need;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests which runs and stages need an engine. */
class EngineUseTest {
    private static final Set<Need> ALL = EnumSet.allOf(Need.class);

    @TempDir
    Path project;

    private ProjectConfig config(String target, String more) throws Exception {
        Files.writeString(
                project.resolve("pym-config.yaml"),
                "name: hello\ndocker_repo: my-project\ndeploy_target: " + target
                        + "\nlive_url: https://hello.example.com\n"
                        + more);
        return ConfigReader.read(project, Overrides.NONE);
    }

    private RunRequest request(String... changes) {
        Map<String, String> map = new HashMap<>(RunRequest.of(project).toMap());
        for (int i = 0; i < changes.length; i += 2) {
            map.put(changes[i], changes[i + 1]);
        }
        return RunRequest.fromMap(project, Optional.empty(), map);
    }

    private static EngineUse use(Set<Need> needs, RunRequest request, ProjectConfig config) {
        return EngineUse.of(needs, request, config, false);
    }

    @Test
    void aBuildByDockerAlwaysNeedsOne() throws Exception {
        ProjectConfig config = config("cloud-run", "");

        for (Stage stage : Stage.values()) {
            Set<Need> needs = StageNeeds.of(stage, false);
            assertThat(use(needs, request(), config).needed())
                    .as(stage.key())
                    .isEqualTo(stage != Stage.UNIT && stage != Stage.PRE_PROMOTE);
        }
        assertThat(use(ALL, request("tests", "NONE", "deploy", "false"), config).needed())
                .isTrue();
        assertThat(use(ALL, request(), config).reason()).isEmpty();
    }

    @Test
    void layersForACloudNeedOneToAcceptTheImageOnly() throws Exception {
        ProjectConfig config = config("cloud-run", "builder: layers\n");

        for (Stage stage : Stage.values()) {
            assertThat(use(StageNeeds.of(stage, false), request(), config).needed())
                    .as(stage.key())
                    .isEqualTo(stage == Stage.CONTAINER || stage == Stage.PREFLIGHT);
        }
        assertThat(use(ALL, request(), config).reason()).contains("Accept image");
        assertThat(use(ALL, request("tests", "NONE"), config).needed()).isFalse();
        assertThat(EngineUse.of(ALL, request(), config, true).needed())
                .as("a rollback")
                .isFalse();
    }

    @Test
    void theTargetDockerNeedsOneToDeploy() throws Exception {
        ProjectConfig config = config("docker", "builder: layers\n");
        Set<Need> staging = StageNeeds.of(Stage.STAGING, false);

        assertThat(use(staging, request("tests", "NONE"), config).reason()).contains("target: docker");
        assertThat(use(ALL, request("tests", "NONE", "deploy", "false"), config).needed())
                .isFalse();
        assertThat(EngineUse.of(ALL, request("tests", "NONE"), config, true).needed())
                .as("a rollback")
                .isTrue();
    }

    @Test
    void anExistingVersionIsLookedForInOne() throws Exception {
        assertThat(use(ALL, request("version", "1", "tests", "NONE"), config("cloud-run", "builder: layers\n"))
                        .needed())
                .isTrue();
    }
}
