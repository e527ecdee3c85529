package io.jenkins.plugins.pymacaron.target.gke;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import io.jenkins.plugins.pymacaron.target.Surroundings;
import io.jenkins.plugins.pymacaron.target.TargetException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Who deploys to Google Cloud: an access token that somebody else has made, a service account's key, or what this machine
 * is (Application Default Credentials).
 */
final class Credential {
    static final String TOKEN = "PYM_GCP_TOKEN";

    /** The JSON of a service account's key, not the name of a file. */
    static final String KEY = "PYM_GCP_KEY";

    private static final List<String> SCOPES = List.of("https://www.googleapis.com/auth/cloud-platform");

    private final String fixed;
    private final GoogleCredentials credentials;
    private final String identity;

    private Credential(String fixed, GoogleCredentials credentials, String identity) {
        this.fixed = fixed;
        this.credentials = credentials;
        this.identity = identity;
    }

    static Credential open(Surroundings surroundings) throws TargetException {
        String token = surroundings.get(TOKEN);
        String key = surroundings.get(KEY);
        if (!token.isBlank()) {
            return new Credential(token.strip(), null, "the access token of " + TOKEN);
        }
        try {
            if (!key.isBlank()) {
                ServiceAccountCredentials account = ServiceAccountCredentials.fromStream(
                        new ByteArrayInputStream(key.getBytes(StandardCharsets.UTF_8)));
                return new Credential("", account.createScoped(SCOPES), account.getClientEmail());
            }
        } catch (IOException | RuntimeException e) {
            // The library's message may hold a part of the key.
            throw new TargetException(KEY + " is not the JSON key of a service account");
        }
        try {
            return new Credential(
                    "",
                    GoogleCredentials.getApplicationDefault().createScoped(SCOPES),
                    "the default credentials of this machine");
        } catch (IOException e) {
            throw new TargetException(
                    "no Google Cloud credential: set " + KEY + " to the JSON key of a service account or " + TOKEN
                            + " to an access token, or run gcloud auth application-default login",
                    e);
        }
    }

    /** For the log: an account, no secret. */
    String identity() {
        return identity;
    }

    /** Good for some minutes at least; made anew when the one before is about to end. */
    synchronized String token() throws IOException {
        if (credentials == null) {
            return fixed;
        }
        credentials.refreshIfExpired();
        return credentials.getAccessToken().getTokenValue();
    }
}
