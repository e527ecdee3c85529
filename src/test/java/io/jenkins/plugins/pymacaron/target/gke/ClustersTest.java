package io.jenkins.plugins.pymacaron.target.gke;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.http.DrippingServer;
import io.jenkins.plugins.pymacaron.target.Surroundings;
import io.jenkins.plugins.pymacaron.target.TargetException;
import io.jenkins.plugins.pymacaron.target.cloud.GoogleCredential;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ClustersTest {
    @Test
    void anApiThatDripsIsNotWaitedForWithoutEnd() throws Exception {
        GoogleCredential credential =
                GoogleCredential.open(new Surroundings(Map.of(GoogleCredential.TOKEN, "token"), line -> {}));
        try (DrippingServer server = new DrippingServer()) {
            Clusters clusters = new Clusters(server.url().toString(), credential, Duration.ofMillis(300));
            assertThatThrownBy(() -> clusters.find("demo", "europe-west1", "hello"))
                    .isInstanceOf(TargetException.class)
                    .hasMessageContaining("no whole answer within 300 ms");
        }
    }
}
