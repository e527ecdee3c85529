package io.jenkins.plugins.pymacaron.targets.beanstalk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.config.ConfigReader;
import io.jenkins.plugins.pymacaron.config.Overrides;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.http.DrippingServer;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.cloud.Calls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/** Tests the identity of a deployment to AWS. */
class BeanstalkClientTest {
    @TempDir
    private Path home;

    private final Map<String, String> inherited = new HashMap<>();
    private final Set<String> hidden = new HashSet<>();

    private AwsCredentials credentials(String secrets) throws Exception {
        inherited.put("HOME", home.toString());
        inherited.put("AWS_EC2_METADATA_DISABLED", "true");
        try (BeanstalkClient aws = client(secrets)) {
            return aws.credentials().resolveCredentials();
        }
    }

    private BeanstalkClient client(String secrets) throws Exception {
        String text = """
                name: hello
                docker_repo: demo
                deploy_target: beanstalk
                live_url: https://hello.example.com
                aws_user: deployer
                aws_keypair: pair
                aws_instance_type: t3.small
                aws_region: eu-west-1
                docker_bucket: bucket
                env_secrets: [%s]
                """.formatted(secrets);
        PymConfig config = ConfigReader.read("f", text.getBytes(StandardCharsets.UTF_8), Overrides.NONE)
                .base();
        return new BeanstalkClient(config, new TargetContext(inherited, line -> {}, hidden::add));
    }

    @Test
    void credentialsThatJenkinsBindsComeFirst() throws Exception {
        inherited.put("AWS_ACCESS_KEY_ID", "AKIDSHELL");
        inherited.put("AWS_SECRET_ACCESS_KEY", "of the shell");
        inherited.put("AWS_SESSION_TOKEN", "of the shell");
        assertThat(credentials("").accessKeyId()).isEqualTo("AKIDSHELL");
        assertThat(credentials("")).isInstanceOf(AwsSessionCredentials.class);

        inherited.put("PYM_AWS_ACCESS_KEY_ID", "AKIDJENKINS");
        inherited.put("PYM_AWS_SECRET_ACCESS_KEY", "of Jenkins");
        assertThat(credentials("AWS_ACCESS_KEY_ID").accessKeyId()).isEqualTo("AKIDJENKINS");
        assertThat(credentials("")).as("no token of another").isNotInstanceOf(AwsSessionCredentials.class);
    }

    @Test
    void theServicesOwnAreNotThePipelines() throws Exception {
        Files.createDirectories(home.resolve(".aws"));
        Files.writeString(
                home.resolve(".aws/credentials"),
                "[deployer]\naws_access_key_id = AKIDPROFILE\naws_secret_access_key = x\n");
        inherited.put("AWS_ACCESS_KEY_ID", "AKIDSERVICE");
        inherited.put("AWS_SECRET_ACCESS_KEY", "of the service");
        assertThat(credentials("AWS_ACCESS_KEY_ID").accessKeyId()).isEqualTo("AKIDPROFILE");
    }

    /** AWS repeats the token in the error for a wrong signature. */
    @Test
    void theSecretsOfAProfileAreMasked() throws Exception {
        Files.createDirectories(home.resolve(".aws"));
        Files.writeString(home.resolve(".aws/credentials"), """
                [deployer]
                aws_access_key_id = ASIAPROFILE
                aws_secret_access_key = key-of-the-profile
                aws_session_token = token-of-the-profile
                """);

        assertThat(credentials("").accessKeyId()).isEqualTo("ASIAPROFILE");

        assertThat(hidden).containsExactlyInAnyOrder("key-of-the-profile", "token-of-the-profile");
    }

    @Test
    void aProfileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> credentials("")).hasMessageContaining("deployer");
    }

    /** The process would lose all of its memory in the middle of a change. */
    @ParameterizedTest
    @ValueSource(ints = {200, 400, 500})
    void anAnswerWithoutEndIsEndedByItsSize(int status) throws Exception {
        try (DrippingServer server = DrippingServer.flooding(status);
                BeanstalkClient aws = clientOf(server)) {
            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    () -> aws.beanstalk().describeApplications(), () -> aws.s3().listBuckets())) {
                // Of an error, the SDK tells the status only.
                assertThatThrownBy(call)
                        .isInstanceOf(SdkException.class)
                        .isNotInstanceOfAny(ApiCallTimeoutException.class, ApiCallAttemptTimeoutException.class)
                        .hasStackTraceContaining(
                                status == 200 ? "its answer is larger than " + BoundedAnswers.LARGEST + " bytes" : "");
            }
        }
    }

    @Test
    void anAnswerThatDripsIsEndedByItsTime() throws Exception {
        try (DrippingServer server = new DrippingServer();
                BeanstalkClient aws = clientOf(server)) {
            Calls calls = Calls.brief(new BeanstalkFailureMapper(), Duration.ofMillis(300));
            assertThatThrownBy(() -> calls.read("list", () -> aws.beanstalk().describeApplications()))
                    .hasMessage("cannot list: there was no whole answer within 0.3 s");
        }
    }

    private BeanstalkClient clientOf(DrippingServer server) throws Exception {
        inherited.put("AWS_ENDPOINT_URL", server.url().toString());
        inherited.put("AWS_ACCESS_KEY_ID", "AKIDSHELL");
        inherited.put("AWS_SECRET_ACCESS_KEY", "of the shell");
        return client("");
    }
}
