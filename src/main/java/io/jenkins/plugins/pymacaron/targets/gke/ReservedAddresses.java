package io.jenkins.plugins.pymacaron.targets.gke;

import io.jenkins.plugins.pymacaron.http.WholeAnswer;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import io.jenkins.plugins.pymacaron.targets.cloud.GoogleCredential;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;

/**
 * Asks the Compute Engine API for a reserved address: methods get of globalAddresses and addresses,
 * https://cloud.google.com/compute/docs/reference/rest/v1/globalAddresses/get.
 */
final class ReservedAddresses {
    private static final String GOOGLE = "https://compute.googleapis.com";
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private static final int LARGEST = 1 << 20;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final String endpoint;
    private final GoogleCredential credential;

    /** Makes the client. @param endpoint "" = Google's own */
    ReservedAddresses(String endpoint, GoogleCredential credential) {
        this.endpoint = endpoint.isEmpty() ? GOOGLE : endpoint;
        this.credential = credential;
    }

    /**
     * Returns whether an address of that name exists.
     *
     * @param place {@code global} or {@code regions/REGION}
     * @return empty where this credential cannot see that
     */
    Optional<Boolean> has(String project, String place, String name) throws TargetException, InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(
                            endpoint + "/compute/v1/projects/" + project + "/" + place + "/addresses/" + name))
                    .timeout(TIMEOUT)
                    .header("Authorization", "Bearer " + credential.accessToken())
                    .build();
            long begun = System.nanoTime();
            WholeAnswer answer = WholeAnswer.ask(http, request, LARGEST, TIMEOUT);
            credential.recording().add("compute", request, "", answer, Duration.ofNanos(System.nanoTime() - begun));
            int status = answer.status();
            return status == 200 || status == 404 ? Optional.of(status == 200) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
