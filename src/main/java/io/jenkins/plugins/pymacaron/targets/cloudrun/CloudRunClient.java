package io.jenkins.plugins.pymacaron.targets.cloudrun;

import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import io.jenkins.plugins.pymacaron.targets.cloud.GoogleCredential;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The credential and the API, made when they are first needed: what is wrong with either is then found among all other
 * problems of a preflight.
 */
final class CloudRunClient {
    /** Where the API is if it is not Google's own: the variable that gcloud has for it. */
    static final String ENDPOINT = "CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN";

    /** Where Cloud Logging is if it is not Google's own, as for gcloud. */
    static final String LOGGING_ENDPOINT = "CLOUDSDK_API_ENDPOINT_OVERRIDES_LOGGING";

    private static final String GOOGLES_LOGGING = "https://logging.googleapis.com";
    private static final String GOOGLES = "https://run.googleapis.com";
    private static final Pattern LOOPBACK = Pattern.compile("http://(?:localhost|127\\.[0-9.]+|\\[::1\\])(?::.*|/.*|)");

    private final TargetContext surroundings;
    private GoogleCredential credential;
    private CloudRunApi api;

    CloudRunClient(TargetContext surroundings) {
        this.surroundings = surroundings;
    }

    private String endpoint() {
        String given = given(ENDPOINT);
        return given.isEmpty() ? GOOGLES : given;
    }

    private String given(String variable) {
        return surroundings.get(variable).replaceFirst("/+$", "");
    }

    /** Where logs are; empty where a stand-in has none, whose token is not for Google. */
    Optional<URI> logging() throws TargetException {
        String given = given(LOGGING_ENDPOINT);
        if (given.isEmpty()) {
            return isOnThisMachine() ? Optional.empty() : Optional.of(URI.create(GOOGLES_LOGGING));
        }
        return Optional.of(checked(LOGGING_ENDPOINT, given));
    }

    private static URI checked(String variable, String endpoint) throws TargetException {
        if (!endpoint.startsWith("https://") && !LOOPBACK.matcher(endpoint).matches()) {
            throw new TargetException(variable + " is " + endpoint + ", which is not https");
        }
        return URI.create(endpoint);
    }

    /** Whether the API is a stand-in on this machine, which can have images from where Google cannot. */
    boolean isOnThisMachine() {
        return LOOPBACK.matcher(endpoint()).matches();
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
