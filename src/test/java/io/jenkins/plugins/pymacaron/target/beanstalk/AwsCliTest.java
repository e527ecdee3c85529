package io.jenkins.plugins.pymacaron.target.beanstalk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.process.Finished;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import io.jenkins.plugins.pymacaron.target.cloud.PlayHosts;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server that stands for AWS, judged by AWS's own client: what that cannot read, AWS would not have written. */
@Timeout(120)
class AwsCliTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final Processes processes = new Processes(SecretMask.NONE, line -> {});
    private final PlayHosts hosts = new PlayHosts(image -> Optional.of("v1"));
    private BeanstalkServer server;

    @BeforeEach
    void start() throws Exception {
        boolean there = false;
        try {
            there = processes
                    .run(Command.of("aws", "--version").within(Duration.ofSeconds(60)))
                    .ok();
        } catch (IOException e) {
            // not installed
        }
        assumeTrue(there, "there is no aws command");
        server = new BeanstalkServer(0, hosts, Duration.ofMillis(1));
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
        hosts.close();
    }

    private Finished aws(String... args) throws Exception {
        List<String> argv =
                new ArrayList<>(List.of("aws", "--endpoint-url", server.url().toString(), "--output", "json"));
        argv.addAll(List.of(args));
        return processes.run(Command.of(argv)
                .with(Map.of(
                        "AWS_ACCESS_KEY_ID", BeanstalkServer.KEY,
                        "AWS_SECRET_ACCESS_KEY", "secret",
                        "AWS_DEFAULT_REGION", "eu-west-1",
                        "AWS_MAX_ATTEMPTS", "1",
                        "AWS_PAGER", ""))
                .within(Duration.ofSeconds(60)));
    }

    private JsonNode answer(String... args) throws Exception {
        Finished finished = aws(args);
        assertThat(finished.ok()).as(finished.tail()).isTrue();
        return JSON.readTree(finished.output().isBlank() ? "{}" : finished.output());
    }

    private static final String EB = "elasticbeanstalk";

    @Test
    void awsReadsWhatTheServerWrites() throws Exception {
        assertThat(answer("sts", "get-caller-identity").path("Account").asText())
                .isEqualTo("123456789012");
        String bucket = answer(EB, "create-storage-location").path("S3Bucket").asText();
        server.service.buckets.put(bucket, "b.zip", new Bundle("dockerrun", "x/y@sha256:1", "").bytes());
        answer(EB, "create-application", "--application-name", "hello");
        JsonNode version = answer(
                EB,
                "create-application-version",
                "--application-name",
                "hello",
                "--version-label",
                "v1",
                "--source-bundle",
                "S3Bucket=" + bucket + ",S3Key=b.zip");
        assertThat(version.at("/ApplicationVersion/Status").asText()).isEqualTo("Processing");
        JsonNode made = answer(
                EB,
                "create-environment",
                "--application-name",
                "hello",
                "--environment-name",
                "hello-1",
                "--cname-prefix",
                "hello-live",
                "--version-label",
                "v1",
                "--tags",
                "Key=a:b,Value=c",
                "--solution-stack-name",
                "64bit Amazon Linux 2023 v4.10.0 running Docker",
                "--option-settings",
                "Namespace=aws:autoscaling:launchconfiguration,OptionName=IamInstanceProfile,Value=r");
        assertThat(made.path("Status").asText()).isEqualTo("Launching");
        // A call of aws takes much longer than the server's environments.
        JsonNode environment = answer(EB, "describe-environments", "--application-name", "hello")
                .at("/Environments/0");
        assertThat(environment.path("Status").asText()).isEqualTo("Ready");
        assertThat(environment.path("Health").asText()).isEqualTo("Green");
        assertThat(environment.path("CNAME").asText()).isEqualTo("hello-live.eu-west-1.elasticbeanstalk.com");
        JsonNode tags = answer(
                EB,
                "list-tags-for-resource",
                "--resource-arn",
                environment.path("EnvironmentArn").asText());
        assertThat(tags.at("/ResourceTags/0/Key").asText()).isEqualTo("a:b");
        assertThat(answer(EB, "describe-events", "--environment-name", "hello-1")
                        .at("/Events/0/Severity")
                        .asText())
                .isEqualTo("INFO");
        assertThat(answer(EB, "check-dns-availability", "--cname-prefix", "hello-live")
                        .path("Available")
                        .asBoolean())
                .isFalse();
        assertThat(answer("ecr", "get-authorization-token")
                        .at("/authorizationData/0/authorizationToken")
                        .asText())
                .isNotEmpty();
        assertThat(answer("s3api", "get-bucket-location", "--bucket", bucket)
                        .path("LocationConstraint")
                        .asText())
                .isEqualTo("eu-west-1");
        assertThat(server.wire.troubles).isEmpty();
    }

    @Test
    void awsUnderstandsWhatTheServerRefuses() throws Exception {
        assertThat(aws(EB, "terminate-environment", "--environment-name", "nobody")
                        .tail())
                .contains("(InvalidParameterValue)", "No Environment found");
        assertThat(aws("s3api", "head-object", "--bucket", "none", "--key", "x").tail())
                .contains("404");
    }
}
