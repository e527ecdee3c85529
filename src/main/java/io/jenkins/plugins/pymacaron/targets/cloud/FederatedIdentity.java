package io.jenkins.plugins.pymacaron.targets.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.ExternalAccountCredentials;
import com.google.auth.oauth2.IdTokenProvider;
import com.google.auth.oauth2.IdentityPoolCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.auth.oauth2.PluggableAuthCredentials;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads the configuration of a workload identity pool ({@code "type": "external_account"}). It exchanges a token from
 * elsewhere, from a file or an address, for one of Google's. Google asks each reader of such a configuration to check
 * its addresses ("Externally sourced credentials"): a token is sent to Google alone, and no program is run for it.
 */
final class FederatedIdentity {
    static final String TYPE = "external_account";

    private static final Pattern TOKENS = Pattern.compile("sts(?:\\.[a-z0-9-]+)?\\.googleapis\\.com");
    private static final Pattern ACCOUNTS = Pattern.compile("iamcredentials(?:\\.[a-z0-9-]+)?\\.googleapis\\.com");
    /** The hosts at which clouds tell a machine its identity. */
    private static final List<String> METADATA = List.of("169.254.169.254", "localhost", "127.0.0.1");

    private static final int LIFETIME_SECONDS = 3600;

    private FederatedIdentity() {}

    /**
     * Reads the configuration.
     *
     * @throws TargetException for a configuration that runs a program, sends tokens elsewhere, or lacks a part
     */
    static ExternalAccountCredentials read(String where, JsonNode config, HttpTransportFactory transport)
            throws TargetException {
        if (!config.at("/credential_source/executable").isMissingNode()) {
            throw runsAProgram(where);
        }
        expect(where, config, "/token_url", TOKENS, false);
        expect(where, config, "/service_account_impersonation_url", ACCOUNTS, true);
        String source = config.at("/credential_source/url").asText();
        if (!source.isEmpty() && !source.startsWith("https://") && !METADATA.contains(host(source))) {
            throw new TargetException(
                    where + " takes its token from an address that is not https; use https, or a file");
        }
        try {
            return ExternalAccountCredentials.fromStream(
                    new ByteArrayInputStream(config.toString().getBytes(StandardCharsets.UTF_8)), transport);
        } catch (IOException | RuntimeException e) {
            throw new TargetException(where + " is not the configuration of a workload identity pool");
        }
    }

    static TargetException runsAProgram(String where) {
        return new TargetException(where
                + " is a workload identity configuration that runs a program (credential_source.executable), which is"
                + " refused; have the token written to a file, and name that: credential_source.file");
    }

    /** Checks the configuration of the machine itself. */
    static void check(Object credentials) throws TargetException {
        if (credentials instanceof PluggableAuthCredentials) {
            throw runsAProgram("GOOGLE_APPLICATION_CREDENTIALS");
        }
    }

    private static void expect(String where, JsonNode config, String field, Pattern host, boolean optional)
            throws TargetException {
        String url = config.at(field).asText();
        boolean good = url.isEmpty()
                ? optional
                : url.startsWith("https://") && host.matcher(host(url)).matches();
        if (!good) {
            throw new TargetException(where + " sends tokens elsewhere than to Google: its " + field.substring(1)
                    + " is not one of googleapis.com");
        }
    }

    private static String host(String url) {
        try {
            return String.valueOf(URI.create(url).getHost());
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    static String name(ExternalAccountCredentials credentials) {
        return Optional.ofNullable(credentials.getServiceAccountEmail())
                .orElse("the workload identity " + credentials.getAudience());
    }

    /**
     * Returns a provider of ID tokens. Only a service account can make them: the pool's own tokens have no audience
     * that Cloud Run accepts.
     */
    static Optional<IdTokenProvider> idTokens(ExternalAccountCredentials credentials, HttpTransportFactory transport) {
        if (credentials.getServiceAccountEmail() == null || !(credentials instanceof IdentityPoolCredentials pool)) {
            return Optional.empty();
        }
        IdentityPoolCredentials itself = IdentityPoolCredentials.newBuilder(pool)
                .setServiceAccountImpersonationUrl(null)
                .build()
                .createScoped(GoogleCredential.SCOPES);
        return Optional.of(ImpersonatedCredentials.create(
                itself,
                pool.getServiceAccountEmail(),
                List.of(),
                GoogleCredential.SCOPES,
                LIFETIME_SECONDS,
                transport));
    }
}
