package io.jenkins.plugins.pymacaron.target.gke;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.target.Deployed;
import io.jenkins.plugins.pymacaron.target.Target;
import io.jenkins.plugins.pymacaron.target.cloud.VendorCommand;
import io.jenkins.plugins.pymacaron.target.gke.wire.Wires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What docs/gke.md says of kubectl. */
@Timeout(120)
class ByHandTest {
    @TempDir
    Path directory;

    @Test
    void goingBackByKubectlIsSeenAndTheNextDeploymentGoesOnFromThere() throws Exception {
        VendorCommand kubectl = VendorCommand.of("kubectl", directory, Map.of());
        try (Scene scene = new Scene()) {
            Target staging = scene.target(Slot.STAGING);
            for (String version : List.of("v1", "v2")) {
                scene.done(staging, staging.prepare(Scene.candidate(version)));
            }
            Path config = Files.writeString(directory.resolve("config"), Wires.kubeconfig(scene.kube));
            String[] where = {"--kubeconfig", config.toString(), "-n", "hello"};

            assertThat(kubectl.run(of(where, "rollout", "history", "deployment/hello-staging"))
                            .output())
                    .containsPattern("1 +<none>\\n2 +<none>");
            assertThat(kubectl.run(of(where, "rollout", "undo", "deployment/hello-staging"))
                            .all())
                    .contains("rolled back");
            assertThat(kubectl.run(of(where, "rollout", "status", "deployment/hello-staging", "--timeout=30s"))
                            .output())
                    .contains("successfully rolled out");

            assertThat(staging.current()).map(Deployed::version).contains("v1");
            assertThat(staging.earlier()).extracting(Deployed::version).containsExactly("v2");
            assertThat(scene.done(staging, staging.prepare(Scene.candidate("v3")))
                            .version())
                    .isEqualTo("v3");
        }
    }

    private static String[] of(String[] where, String... arguments) {
        return java.util.stream.Stream.of(where, arguments)
                .flatMap(java.util.Arrays::stream)
                .toArray(String[]::new);
    }
}
