package io.jenkins.plugins.pymacaron.targets.gke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.http.DrippingServer;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import io.jenkins.plugins.pymacaron.targets.cloud.GoogleCredential;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20 * 60)
class ClusterLocatorTest {
    @Test
    void anApiThatDripsIsNotWaitedForWithoutEnd() throws Exception {
        GoogleCredential credential =
                GoogleCredential.open(new TargetContext(Map.of(GoogleCredential.TOKEN, "token"), line -> {}));
        try (DrippingServer server = new DrippingServer()) {
            ClusterLocator clusters = new ClusterLocator(server.url().toString(), credential, Duration.ofMillis(300));
            assertThatThrownBy(() -> clusters.find("demo", "europe-west1", "hello"))
                    .isInstanceOf(TargetException.class)
                    .hasMessageContaining("no whole answer within 300 ms");
        }
    }

    /** Answers of the API in the form of its model; "public" = 10.0.0.1, "private" = 10.0.0.2. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|https://10.0.0.1|CA",
                "{'dnsEndpointConfig': {'endpoint': 'gke-1.gke.goog', 'allowExternalTraffic': true},"
                        + " 'ipEndpointsConfig': {'enabled': true, 'enablePublicEndpoint': true,"
                        + " 'publicEndpoint': '10.0.0.1', 'privateEndpoint': '10.0.0.2'}}|https://10.0.0.1|CA",
                "{'dnsEndpointConfig': {'endpoint': 'gke-1.gke.goog', 'allowExternalTraffic': true},"
                        + " 'ipEndpointsConfig': {'enabled': true, 'privateEndpoint': '10.0.0.2'}}|https://gke-1.gke.goog|",
                "{'dnsEndpointConfig': {'endpoint': 'gke-1.gke.goog'},"
                        + " 'ipEndpointsConfig': {'enabled': true, 'privateEndpoint': '10.0.0.2'}}|https://10.0.0.2|CA",
                "{'dnsEndpointConfig': {'endpoint': 'gke-1.gke.goog', 'allowExternalTraffic': true},"
                        + " 'ipEndpointsConfig': {}}|https://gke-1.gke.goog|",
                "{'dnsEndpointConfig': {'endpoint': '10.0.0.1'}}|https://10.0.0.1|",
            })
    void theWayToTheControlPlaneIsOneThatIsSwitchedOn(String ways, String url, String authority) throws Exception {
        GoogleCredential credential =
                GoogleCredential.open(new TargetContext(Map.of(GoogleCredential.TOKEN, "token"), line -> {}));
        String answer = ("{'name': 'hello', 'location': 'europe-west1', 'status': 'RUNNING', 'endpoint': '10.0.0.1',"
                        + " 'masterAuth': {'clusterCaCertificate': 'CA'}, 'controlPlaneEndpointsConfig': " + ways + "}")
                .replace('\'', '"');
        try (WireServer server = WireServer.start(request -> WireServer.Answer.json(200, answer))) {
            ClusterLocator.Place place =
                    new ClusterLocator(server.url().toString(), credential).find("demo", "europe-west1", "hello");

            assertThat(place.url()).isEqualTo(url);
            assertThat(place.certificate()).isEqualTo(String.valueOf(authority == null ? "" : authority));
        }
    }
}
