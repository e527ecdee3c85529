package io.jenkins.plugins.pymacaron.targets.cloudrun;

import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import io.jenkins.plugins.pymacaron.targets.cloud.GoogleCredential;
import io.jenkins.plugins.pymacaron.targets.cloud.LoopbackAddress;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Makes the credential and the API client when they are first needed. So a preflight finds a problem with either
 * together with all other problems.
 */
final class CloudRunClient {
    /** The address of the API if it is not Google's own; gcloud has the same variable. */
    static final String ENDPOINT = "CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN";

    /** The address of Cloud Logging if it is not Google's own, as for gcloud. */
    static final String LOGGING_ENDPOINT = "CLOUDSDK_API_ENDPOINT_OVERRIDES_LOGGING";

    private static final String GOOGLES_LOGGING = "https://logging.googleapis.com";
    private static final String GOOGLES = "https://run.googleapis.com";

    private final TargetContext surroundings;
    private GoogleCredential credential;
    private CloudRunApi api;

    CloudRunClient(TargetContext surroundings) {
        this.surroundings = surroundings;
    }

    /** Returns the clock that says how long a refusal lasts. */
    InstantSource clock() {
        return surroundings.clock();
    }

    private String endpoint() {
        String given = given(ENDPOINT);
        return given.isEmpty() ? GOOGLES : given;
    }

    private String given(String variable) {
        return surroundings.get(variable).replaceFirst("/+$", "");
    }

    /** Returns the address of the logs; empty where a stand-in has none, because its token is not for Google. */
    Optional<URI> logging() throws TargetException {
        String given = given(LOGGING_ENDPOINT);
        if (given.isEmpty()) {
            return isOnThisMachine() ? Optional.empty() : Optional.of(URI.create(GOOGLES_LOGGING));
        }
        return Optional.of(checked(LOGGING_ENDPOINT, given));
    }

    private static URI checked(String variable, String endpoint) throws TargetException {
        if (!endpoint.startsWith("https://") && !LoopbackAddress.isIn(endpoint)) {
            throw new TargetException(variable + " is " + endpoint + ", which is not https");
        }
        return URI.create(endpoint);
    }

    /**
     * Returns whether the API is a stand-in on this machine, which can have images from registries that Google cannot
     * reach.
     */
    boolean isOnThisMachine() {
        return LoopbackAddress.isIn(endpoint());
    }

    synchronized GoogleCredential credential() throws TargetException {
        if (credential == null) {
            credential = GoogleCredential.open(surroundings);
        }
        return credential;
    }

    synchronized CloudRunApi api() throws TargetException {
        if (api == null) {
            String endpoint = endpoint();
            URI url = checked(ENDPOINT, endpoint);
            try {
                api = new CloudRunApi(url, credential());
            } catch (IOException | RuntimeException e) {
                throw new TargetException("cannot talk to Cloud Run at " + endpoint + ": " + e.getMessage(), e);
            }
        }
        return api;
    }
}
