package io.jenkins.plugins.pymacaron.targets.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.google.api.client.http.HttpTransport;
import com.google.auth.Credentials;
import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.ExternalAccountCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdTokenCredentials;
import com.google.auth.oauth2.IdTokenProvider;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.auth.oauth2.UserCredentials;
import io.jenkins.plugins.pymacaron.targets.Recording;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The identity that deploys to Google Cloud: a service account's key, the configuration of a workload identity pool, an
 * access token that was made elsewhere, or the identity of the machine (Application Default Credentials).
 */
public final class GoogleCredential {
    /** The JSON of a service account's key or of a workload identity pool's configuration, not the name of a file. */
    public static final String KEY = "PYM_GCP_KEY";

    /** An access token that was made elsewhere. */
    public static final String TOKEN = "PYM_GCP_TOKEN";

    private static final Duration TOKEN_LIMIT = Duration.ofSeconds(30);

    /** Larger than any page of a list that is asked for. */
    private static final int LARGEST_RECORDED = 16 << 20;

    /**
     * GKE knows an account by its e-mail address only with the second scope. Without it GKE knows the account by a
     * number, for which no RoleBinding holds (kubernetes/cloud-provider-gcp, {@code cmd/gke-gcloud-auth-plugin},
     * {@code defaultScopes}).
     */
    static final List<String> SCOPES =
            List.of("https://www.googleapis.com/auth/cloud-platform", "https://www.googleapis.com/auth/userinfo.email");

    private final GoogleCredentials credentials;
    private final Optional<IdTokenProvider> idTokens;
    private final String identity;
    private final Consumer<String> hide;
    private final Recording recording;
    private final Map<String, IdTokenCredentials> byAudience = new HashMap<>();

    private GoogleCredential(
            GoogleCredentials credentials,
            Optional<IdTokenProvider> idTokens,
            String identity,
            TargetContext surroundings) {
        this.credentials = credentials;
        this.idTokens = idTokens;
        this.identity = identity;
        hide = surroundings::hide;
        recording = surroundings.recording();
        // Google's own clients ask for tokens without a call of this class.
        credentials.addChangeListener(changed -> hidden(changed.getAccessToken().getTokenValue()));
    }

    /** Opens the credential. Uses the network only if there is neither key nor token. */
    public static GoogleCredential open(TargetContext surroundings) throws TargetException {
        return open(surroundings, TOKEN_LIMIT);
    }

    /** Opens the credential. @param limit for a whole answer of the token service */
    static GoogleCredential open(TargetContext surroundings, Duration limit) throws TargetException {
        return open(surroundings, () -> new BoundedTransport(limit));
    }

    static GoogleCredential open(TargetContext surroundings, HttpTransportFactory transport) throws TargetException {
        String key = surroundings.get(KEY);
        String token = surroundings.get(TOKEN);
        if (!key.isBlank()) {
            return ofKey(key, surroundings, transport);
        }
        if (!token.isBlank()) {
            // Its end is not known; a refused call will show it.
            Date never = null;
            return new GoogleCredential(
                    GoogleCredentials.create(new AccessToken(token.strip(), never)),
                    Optional.empty(),
                    "the access token of " + TOKEN,
                    surroundings);
        }
        try {
            GoogleCredentials found =
                    GoogleCredentials.getApplicationDefault(transport).createScoped(SCOPES);
            FederatedIdentity.check(found);
            return new GoogleCredential(found, idTokens(found, transport), identity(found), surroundings);
        } catch (IOException e) {
            throw new TargetException(
                    "no Google Cloud credential: set " + KEY + " to the JSON key of a service account or " + TOKEN
                            + " to an access token, or run gcloud auth application-default login; in Jenkins, name one:"
                            + " credentials: [gcp: 'id']",
                    e);
        }
    }

    private static String identity(GoogleCredentials credentials) {
        if (credentials instanceof ServiceAccountCredentials account) {
            return account.getClientEmail();
        }
        if (credentials instanceof ExternalAccountCredentials external) {
            return FederatedIdentity.name(external);
        }
        return credentials instanceof UserCredentials
                ? "the default credentials of a person"
                : "the default credentials of this machine";
    }

    /**
     * Returns a provider of ID tokens. A person's tokens are made for the program that the person has logged in with,
     * independent of the audience.
     */
    static Optional<IdTokenProvider> idTokens(GoogleCredentials credentials, HttpTransportFactory transport) {
        if (credentials instanceof ExternalAccountCredentials external) {
            return FederatedIdentity.idTokens(external, transport);
        }
        return Optional.of(credentials)
                .filter(found -> !(found instanceof UserCredentials))
                .filter(IdTokenProvider.class::isInstance)
                .map(IdTokenProvider.class::cast);
    }

    private static GoogleCredential ofKey(String key, TargetContext surroundings, HttpTransportFactory transport)
            throws TargetException {
        JsonNode json = json(key);
        if (json.path("type").asText().equals(FederatedIdentity.TYPE)) {
            ExternalAccountCredentials external = FederatedIdentity.read(KEY, json, transport);
            GoogleCredentials scoped = external.createScoped(SCOPES);
            return new GoogleCredential(
                    scoped, idTokens(scoped, transport), FederatedIdentity.name(external), surroundings);
        }
        try {
            ServiceAccountCredentials account = ServiceAccountCredentials.fromStream(
                    new ByteArrayInputStream(key.getBytes(StandardCharsets.UTF_8)), transport);
            if (account.getPrivateKeyId().isBlank()) {
                // The key was unpacked by hand: a signature may lack the id, but must not have a wrong one.
                account = account.toBuilder().setPrivateKeyId(null).build();
            }
            GoogleCredentials scoped = account.createScoped(SCOPES);
            return new GoogleCredential(scoped, idTokens(scoped, transport), account.getClientEmail(), surroundings);
        } catch (IOException | RuntimeException e) {
            // The library's message may hold a part of the key.
            throw new TargetException(KEY + " is not the JSON key of a service account");
        }
    }

    private static JsonNode json(String key) {
        try {
            return new ObjectMapper().readTree(key);
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    /** Returns the credentials for Google's own clients. */
    public Credentials credentials() {
        return credentials;
    }

    /** Returns the recording in which clients that use this credential hand in what they send and receive. */
    public Recording recording() {
        return recording;
    }

    /**
     * Returns a transport for Google's own clients that hands in what they send and receive.
     *
     * @param service for instance {@code run}
     * @param limit for a whole answer
     */
    public HttpTransport recorded(String service, Duration limit) {
        return new BoundedTransport(limit, LARGEST_RECORDED, service, recording);
    }

    /** Returns the account, for the log; no secret. */
    public String identity() {
        return identity;
    }

    /** Returns a token that the services of Google Cloud accept as a login; it is made anew when it is about to end. */
    public synchronized String accessToken() throws TargetException {
        try {
            credentials.refreshIfExpired();
            return hidden(credentials.getAccessToken().getTokenValue());
        } catch (IOException e) {
            throw new TargetException("Google refuses a token to " + identity + ": " + firstLine(e), e);
        }
    }

    /** Returns whether it can prove its identity to a service that is not public. */
    public boolean makesIdTokens() {
        return idTokens.isPresent();
    }

    /** Returns an ID token. @param audience the URL of the service itself, also where one of its tags is asked */
    public synchronized String idToken(String audience) throws IOException {
        IdTokenCredentials tokens = byAudience.computeIfAbsent(audience, a -> IdTokenCredentials.newBuilder()
                .setIdTokenProvider(idTokens.orElseThrow(() -> new IllegalStateException(identity)))
                .setTargetAudience(a)
                .build());
        tokens.refreshIfExpired();
        return hidden(tokens.getIdToken().getTokenValue());
    }

    /** Masks the token, because its receiver may repeat it. */
    private String hidden(String token) {
        hide.accept(token);
        return token;
    }

    private static String firstLine(IOException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
