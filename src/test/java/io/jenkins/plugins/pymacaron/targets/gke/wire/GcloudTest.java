package io.jenkins.plugins.pymacaron.targets.gke.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.cloud.GoogleCredential;
import io.jenkins.plugins.pymacaron.targets.cloud.PlayHosts;
import io.jenkins.plugins.pymacaron.targets.cloud.VendorCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Google's own client takes the server for the GKE API. */
@Timeout(20 * 60)
class GcloudTest {
    @TempDir
    Path directory;

    @Test
    void gcloudFindsTheCluster() throws Exception {
        try (PlayHosts hosts = new PlayHosts(Optional::of);
                KubeServer kube = new KubeServer(hosts, image -> true, 1000, Map.of());
                GoogleServer google = new GoogleServer(kube)) {
            google.clusters.add(
                    new GoogleServer.Known("demo", "europe-west1-b", "hello-live", "10.0.0.1", kube.certificate()));
            String token = GoogleCredential.open(
                            new TargetContext(Map.of(GoogleCredential.KEY, google.key()), line -> {}))
                    .accessToken();
            VendorCommand gcloud = VendorCommand.of(
                    "gcloud",
                    directory,
                    Map.of(
                            "CLOUDSDK_CONFIG", directory.toString(),
                            "CLOUDSDK_CORE_PROJECT", "demo",
                            "CLOUDSDK_CORE_DISABLE_PROMPTS", "1",
                            "CLOUDSDK_CORE_CHECK_GCE_METADATA", "false",
                            "CLOUDSDK_CORE_DISABLE_USAGE_REPORTING", "true",
                            "CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK", "true",
                            "CLOUDSDK_API_ENDPOINT_OVERRIDES_CONTAINER", google.url() + "/",
                            "CLOUDSDK_AUTH_ACCESS_TOKEN_FILE",
                                    Files.writeString(directory.resolve("token"), token)
                                            .toString()));

            VendorCommand.Ran listed =
                    gcloud.run("container", "clusters", "list", "--format=value(name, location, endpoint, status)");
            assertThat(listed.output().strip())
                    .as(listed.all())
                    .isEqualTo("hello-live\teurope-west1-b\t10.0.0.1\tRUNNING");
            assertThat(gcloud.run("container", "clusters", "describe", "hello-staging", "--location=europe-west1-b")
                            .all())
                    .contains("Not found: projects/demo/locations/europe-west1-b/clusters/hello-staging");
        }
    }
}
