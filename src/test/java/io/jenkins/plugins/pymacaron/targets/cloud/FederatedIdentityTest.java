package io.jenkins.plugins.pymacaron.targets.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.testing.http.MockHttpTransport;
import com.google.api.client.testing.http.MockLowLevelHttpRequest;
import com.google.api.client.testing.http.MockLowLevelHttpResponse;
import com.google.auth.oauth2.UserCredentials;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configurations of workload identity pools, as Google's documentation shows them. */
class FederatedIdentityTest {
    private static final String ACCOUNT = "deployer@my-project.iam.gserviceaccount.com";

    @TempDir
    private Path directory;

    private final List<String> asked = new ArrayList<>();

    private String config(String source) {
        return """
                {
                  "type": "external_account",
                  "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q",
                  "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
                  "token_url": "https://sts.googleapis.com/v1/token",
                  "service_account_impersonation_url":
                    "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/%s:generateAccessToken",
                  "credential_source": %s
                }
                """.formatted(ACCOUNT, source);
    }

    private GoogleCredential open(String config) throws TargetException {
        MockHttpTransport google = new MockHttpTransport() {
            @Override
            public MockLowLevelHttpRequest buildRequest(String method, String url) {
                asked.add(url);
                return new MockLowLevelHttpRequest(url) {
                    @Override
                    public MockLowLevelHttpResponse execute() throws IOException {
                        String answer = url.contains("generateIdToken")
                                ? "{\"token\": \"eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjQxMDI0NDQ4MDB9.c2ln\"}"
                                : url.contains("generateAccessToken")
                                        ? "{\"accessToken\": \"ya29.as\", \"expireTime\": \"2100-01-01T00:00:00Z\"}"
                                        : "{\"access_token\": \"ya29.sts\", \"expires_in\": 3600, \"issued_token_type\":"
                                                + " \"urn:ietf:params:oauth:token-type:access_token\", \"token_type\":"
                                                + " \"Bearer\"}";
                        return new MockLowLevelHttpResponse()
                                .setContentType("application/json")
                                .setContent(answer);
                    }
                };
            }
        };
        return GoogleCredential.open(new TargetContext(Map.of(GoogleCredential.KEY, config), line -> {}), () -> google);
    }

    @Test
    void aTokenInAFileIsEnoughToBeAnAccount() throws Exception {
        Path token = Files.writeString(directory.resolve("token"), "jwt-of-the-ci");
        GoogleCredential credential = open(config("{\"file\": \"" + token + "\"}"));

        assertThat(credential.identity()).isEqualTo(ACCOUNT);
        assertThat(credential.accessToken()).isEqualTo("ya29.as");
        assertThat(credential.makesIdTokens()).isTrue();
        assertThat(credential.idToken("https://hello")).endsWith(".c2ln");
        assertThat(asked)
                .allSatisfy(url -> assertThat(url).contains(".googleapis.com/"))
                .anyMatch(url -> url.endsWith(ACCOUNT + ":generateIdToken"));
    }

    @Test
    void aPoolWithoutAnAccountMakesNoIdTokens() throws Exception {
        Path token = Files.writeString(directory.resolve("token"), "jwt-of-the-ci");
        String config = config("{\"file\": \"" + token + "\"}")
                .replaceFirst("\"service_account_impersonation_url\":\\s+\"[^\"]+\",", "");

        assertThat(open(config).makesIdTokens()).isFalse();
        assertThat(open(config).identity()).contains("workloadIdentityPools/p");
    }

    @Test
    void noProgramIsRun() {
        assertThatThrownBy(() -> open(config("{\"executable\": {\"command\": \"/bin/sh -c id\"}}")))
                .isInstanceOf(TargetException.class)
                .hasMessageContaining("runs a program (credential_source.executable), which is refused");
    }

    @ParameterizedTest
    @CsvSource({
        "https://sts.googleapis.com/, https://sts.googleapis.com.example.com/, token_url is not one of googleapis.com",
        "https://sts., http://sts., token_url is not one of googleapis.com",
        "iamcredentials.googleapis.com, evil.example.com, service_account_impersonation_url is not one of googleapis.com",
        "https://ci.example.com, http://ci.example.com, takes its token from an address that is not https"
    })
    void tokensGoToGoogleAlone(String good, String bad, String problem) {
        String config = config("{\"url\": \"https://ci.example.com/token\"}");
        assertThat(config).contains(good);

        assertThatThrownBy(() -> open(config.replace(good, bad)))
                .isInstanceOf(TargetException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void aPersonMakesNoIdTokens() {
        UserCredentials person = UserCredentials.newBuilder()
                .setClientId("gcloud")
                .setClientSecret("x")
                .setRefreshToken("y")
                .build();
        assertThat(GoogleCredential.idTokens(person, MockHttpTransport::new)).isEmpty();
        assertThatThrownBy(() -> open("{\"type\": \"authorized_user\"}"))
                .hasMessage(GoogleCredential.KEY + " is not the JSON key of a service account");
    }
}
