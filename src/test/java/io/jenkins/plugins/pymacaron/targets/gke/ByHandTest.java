package io.jenkins.plugins.pymacaron.targets.gke;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Target;
import io.jenkins.plugins.pymacaron.targets.cloud.VendorCommand;
import io.jenkins.plugins.pymacaron.targets.gke.wire.Wires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests the statements of docs/gke.md about kubectl. */
@Timeout(20 * 60)
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
            assertThat(kubectl.run(of(where, "rollout", "status", "deployment/hello-staging", "--timeout=10m"))
                            .output())
                    .contains("successfully rolled out");

            assertThat(staging.current()).map(Deployed::version).contains("v1");
            assertThat(staging.earlier()).extracting(Deployed::version).containsExactly("v2");
            assertThat(scene.done(staging, staging.prepare(Scene.candidate("v3")))
                            .version())
                    .isEqualTo("v3");
        }
    }

    /**
     * Fields of kubectl that this project does not set stay; the values of secrets that pymgke wrote into the pod go.
     */
    @Test
    void aDeploymentOfKubectlsKeepsWhatIsNotOurs() throws Exception {
        VendorCommand kubectl = VendorCommand.of("kubectl", directory, Map.of());
        try (Scene scene = new Scene()) {
            Path config = Files.writeString(directory.resolve("config"), Wires.kubeconfig(scene.kube));
            String[] where = {"--kubeconfig", config.toString(), "-n", "hello"};
            Path manifest = Files.writeString(directory.resolve("hello.yaml"), """
                    apiVersion: v1
                    kind: Namespace
                    metadata: {name: hello}
                    ---
                    apiVersion: apps/v1
                    kind: Deployment
                    metadata: {name: hello-staging, labels: {app: hello-staging}}
                    spec:
                      replicas: 3
                      selector: {matchLabels: {app: hello-staging}}
                      template:
                        metadata: {labels: {app: hello-staging}}
                        spec:
                          serviceAccountName: workload-identity
                          nodeSelector: {disk: ssd}
                          containers:
                          - name: %s
                            image: gcr.io/demo/v0
                            env: [{name: EXTRA, value: kept}, {name: TOP_SECRET, value: old}]
                    """.formatted(
                            GkeNames.of(scene.environment(Slot.STAGING)).container()));
            assertThat(kubectl.run(of(where, "apply", "--validate=false", "-f", manifest.toString()))
                            .all())
                    .contains("deployment.apps/hello-staging created");

            Target staging = scene.target(Slot.STAGING);
            scene.done(staging, staging.prepare(Scene.candidate("v1")));

            String there = kubectl.run(of(where, "get", "deployment", "hello-staging", "-o", "yaml"))
                    .output()
                    .replaceAll("(?s)\\n  annotations:.*?\\n  labels:", "");
            assertThat(there)
                    .contains("replicas: 3", "serviceAccountName: workload-identity", "disk: ssd", "name: EXTRA")
                    .doesNotContain("name: TOP_SECRET");
            assertThat(scene.log).anyMatch(line -> line.contains("removing env TOP_SECRET"));
            Target removing = scene.with("gke_remove: [service_account]\n").target(Slot.STAGING);
            scene.done(removing, removing.prepare(Scene.candidate("v2")));
            assertThat(kubectl.run(of(where, "get", "deployment", "hello-staging", "-o", "yaml"))
                            .output()
                            .replaceAll("(?s)\\n  annotations:.*?\\n  labels:", ""))
                    .contains("disk: ssd")
                    .doesNotContain("serviceAccountName");
        }
    }

    private static String[] of(String[] where, String... arguments) {
        return java.util.stream.Stream.of(where, arguments)
                .flatMap(java.util.Arrays::stream)
                .toArray(String[]::new);
    }
}
