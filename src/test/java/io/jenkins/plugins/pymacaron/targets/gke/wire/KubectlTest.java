package io.jenkins.plugins.pymacaron.targets.gke.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.targets.cloud.PlayHosts;
import io.jenkins.plugins.pymacaron.targets.cloud.VendorCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kubernetes' own client takes the server for a cluster. */
@Timeout(20 * 60)
class KubectlTest {
    @TempDir
    Path directory;

    private static final String MANIFEST = """
            {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "default"},
             "spec": {"selector": {"matchLabels": {"app": "web"}},
              "template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [
               {"name": "web", "image": "web", "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]}]}}}}
            """;

    private final PlayHosts hosts = new PlayHosts(Optional::of);
    private KubeServer kube;
    private VendorCommand kubectl;

    @BeforeEach
    void begin() throws Exception {
        kubectl = VendorCommand.of("kubectl", directory, Map.of());
        kube = new KubeServer(hosts, image -> true, 1000, Map.of());
    }

    @AfterEach
    void end() {
        if (kube != null) {
            assertThat(kube.troubles).isEmpty();
            kube.close();
        }
        hosts.close();
    }

    private VendorCommand.Ran kubectl(String... arguments) throws Exception {
        Path config = directory.resolve("config");
        Files.writeString(config, GkeDemo.kubeconfig(kube, "admin"));
        return kubectl(config, arguments);
    }

    private VendorCommand.Ran kubectl(Path config, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("--kubeconfig", config.toString()));
        all.addAll(List.of(arguments));
        return kubectl.run(all.toArray(String[]::new));
    }

    private String[] apply(String manifest, String... more) throws Exception {
        Path file = Files.writeString(directory.resolve("web.json"), manifest);
        List<String> all =
                new ArrayList<>(List.of("apply", "--server-side", "--validate=false", "-f", file.toString()));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Test
    void appliesReadsAndWaits() throws Exception {
        assertThat(kubectl(apply(MANIFEST)).output()).contains("deployment.apps/web serverside-applied");
        assertThat(kubectl("rollout", "status", "deployment/web", "--timeout=10m")
                        .output())
                .contains("successfully rolled out");
        assertThat(kubectl("get", "pods").output()).contains("web-");

        kubectl(apply(MANIFEST.replace(", {\"name\": \"B\", \"value\": \"2\"}", "")));
        assertThat(kubectl("get", "deployment", "web", "-o", "yaml").output())
                .contains("name: A")
                .doesNotContain("name: B");

        VendorCommand.Ran conflict =
                kubectl(apply(MANIFEST.replace("\"image\": \"web\"", "\"image\": \"other\""), "--field-manager=other"));
        assertThat(conflict.code()).isEqualTo(1);
        assertThat(conflict.all()).contains("conflict with \"kubectl\"");
    }

    @Test
    void describesWhatThereIs() throws Exception {
        kubectl(apply(MANIFEST));
        kubectl("rollout", "status", "deployment/web", "--timeout=10m");

        assertThat(kubectl("describe", "deployment", "web").output())
                .containsPattern("Replicas: +1 desired \\| 1 updated \\| 1 total \\| 1 available \\| 0 unavailable")
                .containsPattern("StrategyType: +RollingUpdate")
                .containsPattern("A: +1")
                .containsPattern("NewReplicaSet: +web-[a-z0-9]+ \\(1/1 replicas created\\)");
        assertThat(kubectl("describe", "pods").output())
                .containsPattern("Controlled By: +ReplicaSet/web-")
                .containsPattern("Image: +web")
                .containsPattern("Ready: +True");
        assertThat(kubectl("logs", "deployment/web").output()).contains("log of web-");
    }

    @Test
    void unknownFieldsAreRefused() throws Exception {
        VendorCommand.Ran refused =
                kubectl(apply(MANIFEST.replace("\"template\":", "\"templates\": 1, \"template\":")));

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.all()).contains("unknown field", "templates");
    }

    @Test
    void saysWhoMayDoWhat() throws Exception {
        Wires.deny(kube, "poor", Set.of("create deployments"));
        Path poor = Files.writeString(directory.resolve("poor"), GkeDemo.kubeconfig(kube, "poor"));

        assertThat(kubectl("auth", "can-i", "create", "deployments").output().strip())
                .isEqualTo("yes");
        VendorCommand.Ran no = kubectl(poor, "auth", "can-i", "create", "deployments");
        assertThat(no.output().strip()).isEqualTo("no");
        assertThat(no.code()).isEqualTo(1);
        assertThat(kubectl("auth", "whoami").output()).contains("deployer@example.iam.gserviceaccount.com");
    }
}
