package io.jenkins.plugins.pymacaron.targets.gke;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.fabric8.kubernetes.client.http.WebSocketHandshakeException;
import io.jenkins.plugins.pymacaron.http.WholeAnswer;
import io.jenkins.plugins.pymacaron.operation.Backoff;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import io.jenkins.plugins.pymacaron.targets.cloud.Calls;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Opens a port of this machine that leads to a pod of the canary. The port opens even if the kubelet cannot be reached,
 * so it is asked once before tests use it.
 */
final class CanaryDoor {
    private static final Duration REQUEST = Duration.ofSeconds(10);
    private static final int TRIES = 5;

    private final Calls calls = new Calls(GkeFailureMapper::of);
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(REQUEST)
            .build();
    private final KubernetesApi api;
    private final String service;

    CanaryDoor(KubernetesApi api, String service) {
        this.api = api;
        this.service = service;
    }

    URI open() throws TargetException, InterruptedException {
        for (int attempt = 0; ; attempt++) {
            KubernetesApi.Door forward = calls.read(
                            "read Service " + service, () -> api.forward(service, DeploymentManifests.PORT))
                    .orElseThrow(() -> new TargetException("no pod of Service " + service + " is ready"));
            URI door = URI.create("http://127.0.0.1:" + forward.port().getLocalPort());
            try {
                HttpRequest ping = HttpRequest.newBuilder(door.resolve("/ping"))
                        .timeout(REQUEST)
                        .build();
                WholeAnswer.ask(http, ping, 0, REQUEST);
                return door;
            } catch (IOException e) {
                String why = cause(forward).orElse(String.valueOf(e.getMessage()));
                close(forward.port());
                if (attempt + 1 == TRIES) {
                    throw new TargetException(
                            "the canary cannot be reached through the API server (pods/portforward): " + why, e);
                }
                TimeUnit.NANOSECONDS.sleep(Backoff.RETRY.delay(attempt, 0).toNanos());
            }
        }
    }

    /**
     * Returns the cause that the API server gives. A refused WebSocket keeps only the status of the answer; the log of
     * a pod takes the way through its kubelet too, and tells why that does not answer.
     */
    private Optional<String> cause(KubernetesApi.Door door) {
        try {
            api.log(door.pod(), "", false, 1);
        } catch (KubernetesClientException e) {
            return Optional.of(GkeFailureMapper.of(e).message());
        }
        return Stream.of(door.port().getServerThrowables(), door.port().getClientThrowables())
                .flatMap(Collection::stream)
                .map(thrown -> thrown instanceof WebSocketHandshakeException refused
                        ? "refused with " + refused.getResponse().code()
                        : String.valueOf(thrown.getMessage()))
                .findFirst();
    }

    private static void close(LocalPortForward forward) {
        try {
            forward.close();
        } catch (IOException e) {
            // The connection ends with the client at the latest.
        }
    }
}
