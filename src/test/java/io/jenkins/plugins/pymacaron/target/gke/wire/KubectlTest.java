package io.jenkins.plugins.pymacaron.target.gke.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.target.cloud.PlayHosts;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kubernetes' own client takes the server for a cluster. */
@Timeout(180)
class KubectlTest {
    @TempDir
    Path directory;

    private static final String MANIFEST = """
            {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "default"},
             "spec": {"selector": {"matchLabels": {"app": "web"}},
              "template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [
               {"name": "web", "image": "web", "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]}]}}}}
            """;

    private record Ran(int code, String output) {}

    private Ran kubectl(String... arguments) throws Exception {
        List<String> argv = new ArrayList<>(
                List.of("kubectl", "--kubeconfig", directory.resolve("config").toString()));
        argv.addAll(Arrays.asList(arguments));
        Path out = directory.resolve("out");
        ProcessBuilder builder =
                new ProcessBuilder(argv).redirectErrorStream(true).redirectOutput(out.toFile());
        builder.environment().put("HOME", directory.toString());
        Process process = builder.start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return new Ran(process.waitFor(), Files.readString(out));
    }

    private static boolean isThere() {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(path -> Files.isExecutable(Path.of(path, "kubectl")));
    }

    @Test
    void appliesReadsAndWaits() throws Exception {
        Assumptions.assumeTrue(isThere(), "no kubectl");
        try (PlayHosts hosts = new PlayHosts(Optional::of);
                KubeServer kube = new KubeServer(hosts, image -> true, 1000, Map.of())) {
            Files.writeString(directory.resolve("config"), GkeDemo.kubeconfig(kube, "admin"));
            Path file = directory.resolve("web.json");
            Files.writeString(file, MANIFEST, StandardCharsets.UTF_8);
            String[] apply = {"apply", "--server-side", "--validate=false", "-f", file.toString()};

            assertThat(kubectl(apply).output()).contains("deployment.apps/web serverside-applied");
            assertThat(kubectl("rollout", "status", "deployment/web", "--timeout=30s")
                            .output())
                    .contains("successfully rolled out");
            assertThat(kubectl("get", "pods").output()).contains("web-");

            Files.writeString(file, MANIFEST.replace(", {\"name\": \"B\", \"value\": \"2\"}", ""));
            kubectl(apply);
            assertThat(kubectl("get", "deployment", "web", "-o", "yaml").output())
                    .contains("name: A")
                    .doesNotContain("name: B");

            Files.writeString(file, MANIFEST.replace("\"image\": \"web\"", "\"image\": \"other\""));
            Ran conflict = kubectl(
                    "apply", "--server-side", "--validate=false", "--field-manager=other", "-f", file.toString());
            assertThat(conflict.code()).isEqualTo(1);
            assertThat(conflict.output()).contains("conflict with \"kubectl\"");
            assertThat(kube.troubles).isEmpty();
        }
    }
}
