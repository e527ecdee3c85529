package io.jenkins.plugins.pymacaron.target.cloudrun;

import io.jenkins.plugins.pymacaron.target.Surroundings;
import io.jenkins.plugins.pymacaron.target.TargetException;
import io.jenkins.plugins.pymacaron.target.cloud.GoogleCredential;
import java.io.IOException;
import java.net.URI;
import java.util.regex.Pattern;

/**
 * The credential and the API, made when they are first needed: what is wrong with either is then found among all other
 * problems of a preflight.
 */
final class Connection {
    /** Where the API is if it is not Google's own: the variable that gcloud has for it. */
    static final String ENDPOINT = "CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN";

    private static final String GOOGLES = "https://run.googleapis.com";
    private static final Pattern LOOPBACK = Pattern.compile("http://(?:localhost|127\\.[0-9.]+|\\[::1\\])(?::.*|/.*|)");

    private final Surroundings surroundings;
    private GoogleCredential credential;
    private RunApi api;

    Connection(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    private String endpoint() {
        String given = surroundings.get(ENDPOINT).replaceFirst("/+$", "");
        return given.isEmpty() ? GOOGLES : given;
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

    synchronized RunApi api() throws TargetException {
        if (api == null) {
            String endpoint = endpoint();
            if (!endpoint.startsWith("https://") && !isOnThisMachine()) {
                throw new TargetException(ENDPOINT + " is " + endpoint + ", which is not https");
            }
            try {
                api = new RunApi(URI.create(endpoint), credential());
            } catch (IOException | RuntimeException e) {
                throw new TargetException("cannot talk to Cloud Run at " + endpoint + ": " + e.getMessage(), e);
            }
        }
        return api;
    }
}
