package io.jenkins.plugins.pymacaron.targets.beanstalk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.pymacaron.targets.cloud.PlayHosts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server that stands for AWS, judged by AWS's own client: what that cannot read, AWS would not have written. */
@Timeout(20 * 60)
class AwsCliTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final PlayHosts hosts = new PlayHosts(image -> Optional.of("v1"));
    private BeanstalkServer server;
    private AwsCommand aws;

    @TempDir
    private Path files;

    @BeforeEach
    void start() throws Exception {
        aws = AwsCommand.start(Map.of(
                "AWS_ACCESS_KEY_ID", BeanstalkServer.KEY,
                "AWS_SECRET_ACCESS_KEY", "secret",
                "AWS_DEFAULT_REGION", "eu-west-1",
                "AWS_MAX_ATTEMPTS", "1",
                "AWS_PAGER", ""));
        server = new BeanstalkServer(0, hosts, Duration.ofMillis(1));
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
        if (aws != null) {
            aws.close();
        }
        hosts.close();
    }

    private AwsCommand.Ended aws(String... args) throws Exception {
        List<String> all =
                new ArrayList<>(List.of("--endpoint-url", server.url().toString(), "--output", "json"));
        all.addAll(List.of(args));
        return aws.run(all);
    }

    private JsonNode answer(String... args) throws Exception {
        AwsCommand.Ended ended = aws(args);
        assertThat(ended.code()).as(ended.error()).isZero();
        return JSON.readTree(ended.output().isBlank() ? "{}" : ended.output());
    }

    private static final String EB = "elasticbeanstalk";

    private final Set<String> asked = new TreeSet<>();

    private JsonNode eb(String command, String... args) throws Exception {
        asked.add("beanstalk." + command);
        return answer(Stream.concat(Stream.of(EB, command), Stream.of(args)).toArray(String[]::new));
    }

    private JsonNode other(String service, String command, String... args) throws Exception {
        asked.add(service.replace("s3api", "s3") + "." + command);
        return answer(
                Stream.concat(Stream.of(service, command), Stream.of(args)).toArray(String[]::new));
    }

    private static String text(JsonNode answer, String path) {
        assertThat(answer.at(path).isMissingNode()).as(path + " of " + answer).isFalse();
        return answer.at(path).asText();
    }

    @Test
    void awsReadsTheAnswersOfTheServerToAllOurCalls() throws Exception {
        assertThat(text(other("sts", "get-caller-identity"), "/Account")).isEqualTo("123456789012");
        assertThat(text(other("ecr", "get-authorization-token"), "/authorizationData/0/authorizationToken"))
                .isNotEmpty();
        String bucket = text(eb("create-storage-location"), "/S3Bucket");
        assertThat(text(other("s3api", "get-bucket-location", "--bucket", bucket), "/LocationConstraint"))
                .isEqualTo("eu-west-1");
        other("s3api", "head-bucket", "--bucket", bucket);
        assertThat(eb(
                                "describe-configuration-options",
                                "--solution-stack-name",
                                "64bit Amazon Linux 2023 v4.10.0 running Docker")
                        .at("/Options"))
                .hasSizeGreaterThan(100);
        Path bundle = Files.write(files.resolve("b.zip"), new Bundle("dockerrun", "x/y@sha256:1", "", false).bytes());
        List<String> object = List.of("--bucket", bucket, "--key", "b.zip");
        String sum = "SHA256";
        other("s3api", "put-object", with(object, "--body", bundle.toString(), "--checksum-algorithm", sum));
        assertThat(text(other("s3api", "head-object", with(object, "--checksum-mode", "ENABLED")), "/ChecksumSHA256"))
                .isEqualTo(new Bundle("dockerrun", "x/y@sha256:1", "", false).checksum());

        String arn = text(eb("create-application", "--application-name", "hello"), "/Application/ApplicationArn");
        eb("update-tags-for-resource", "--resource-arn", arn, "--tags-to-add", "Key=lease,Value=me");
        assertThat(text(eb("list-tags-for-resource", "--resource-arn", arn), "/ResourceTags/0/Value"))
                .isEqualTo("me");
        eb("update-tags-for-resource", "--resource-arn", arn, "--tags-to-remove", "lease");
        assertThat(eb("list-tags-for-resource", "--resource-arn", arn).at("/ResourceTags"))
                .isEmpty();
        assertThat(text(eb("describe-applications", "--application-names", "hello"), "/Applications/0/ApplicationArn"))
                .isEqualTo(arn);
        assertThat(text(eb("describe-account-attributes"), "/ResourceQuotas/EnvironmentQuota/Maximum"))
                .isEqualTo("200");
        assertThat(eb("list-available-solution-stacks").at("/SolutionStacks")).hasSizeGreaterThan(2);

        String source = "S3Bucket=" + bucket + ",S3Key=b.zip";
        assertThat(text(
                        eb("create-application-version", version("v1", "--source-bundle", source)),
                        "/ApplicationVersion/Status"))
                .isEqualTo("PROCESSING");
        assertThat(text(
                        eb("describe-application-versions", "--application-name", "hello", "--version-labels", "v1"),
                        "/ApplicationVersions/0/SourceBundle/S3Key"))
                .isEqualTo("b.zip");
        assertThat(text(eb("create-environment", environment("hello-1", "hello-live")), "/Status"))
                .isEqualTo("Launching");
        eb("create-environment", environment("hello-2", "hello-2"));
        JsonNode environments = eb("describe-environments", "--application-name", "hello");
        for (int i = 0; i < 100 && environments.toString().contains("Launching"); i++) {
            environments = eb("describe-environments", "--application-name", "hello");
        }
        assertThat(text(environments, "/Environments/0/Status")).isEqualTo("Ready");
        assertThat(text(environments, "/Environments/0/Health")).isEqualTo("Green");
        assertThat(text(environments, "/Environments/0/CNAME")).isEqualTo("hello-live.eu-west-1.elasticbeanstalk.com");
        assertThat(text(environments, "/Environments/0/DateUpdated")).startsWith("20");
        assertThat(text(
                        eb(
                                "list-tags-for-resource",
                                "--resource-arn",
                                text(environments, "/Environments/0/EnvironmentArn")),
                        "/ResourceTags/0/Key"))
                .isEqualTo("a:b");
        assertThat(text(
                        eb("describe-environment-resources", "--environment-name", "hello-1"),
                        "/EnvironmentResources/Instances/0/Id"))
                .startsWith("i-");
        assertThat(text(eb("describe-events", "--environment-name", "hello-1"), "/Events/0/Severity"))
                .isEqualTo("INFO");
        Machine ill = server.service.machines.values().iterator().next();
        ill.redUntil = Instant.MAX;
        assertThat(text(
                        eb("describe-environment-health", "--environment-name", "hello-1", "--attribute-names", "All"),
                        "/Causes/0"))
                .contains("5xx");
        assertThat(text(
                        eb("describe-instances-health", "--environment-name", "hello-1", "--attribute-names", "All"),
                        "/InstanceHealthList/0/Causes/0"))
                .isNotEmpty();
        ill.redUntil = Instant.MIN;
        assertThat(text(
                        eb(
                                "describe-configuration-settings",
                                "--application-name",
                                "hello",
                                "--environment-name",
                                "hello-1"),
                        "/ConfigurationSettings/0/OptionSettings/0/OptionName"))
                .isEqualTo("IamInstanceProfile");
        assertThat(text(eb("check-dns-availability", "--cname-prefix", "hello-live"), "/Available"))
                .isEqualTo("false");

        eb(
                "swap-environment-cnames",
                "--source-environment-name",
                "hello-1",
                "--destination-environment-name",
                "hello-2");
        environments = eb("describe-environments", "--application-name", "hello");
        assertThat(text(environments, "/Environments/1/CNAME")).startsWith("hello-live.");
        assertThat(text(eb("terminate-environment", "--environment-name", "hello-1"), "/Status"))
                .isEqualTo("Terminating");
        server.service.stuck = true;
        eb("create-environment", environment("hello-3", "hello-3"));
        eb("abort-environment-update", "--environment-name", "hello-3");
        eb("describe-environments", "--application-name", "hello", "--no-include-deleted");
        eb("create-application-version", version("v2", "--source-bundle", source));
        eb("delete-application-version", version("v2", "--delete-source-bundle"));
        assertThat(eb("describe-application-versions", "--application-name", "hello")
                        .at("/ApplicationVersions"))
                .hasSize(1);
        assertThat(server.wire.troubles).isEmpty();
        assertThat(asked).as("whatever the target calls").containsAll(called());
    }

    private static String[] with(List<String> some, String... more) {
        return Stream.concat(some.stream(), Stream.of(more)).toArray(String[]::new);
    }

    private static String[] version(String label, String... more) {
        return with(List.of("--application-name", "hello", "--version-label", label), more);
    }

    private static String[] environment(String name, String prefix) {
        return version(
                "v1",
                "--environment-name",
                name,
                "--cname-prefix",
                prefix,
                "--tags",
                "Key=a:b,Value=c",
                "--solution-stack-name",
                "64bit Amazon Linux 2023 v4.10.0 running Docker",
                "--option-settings",
                "Namespace=aws:autoscaling:launchconfiguration,OptionName=IamInstanceProfile,Value=r");
    }

    /** Returns the calls in our sources, as aws names them: {@code beanstalk.describe-events}. */
    private static Set<String> called() throws Exception {
        Pattern call = Pattern.compile("aws\\s*\\.(beanstalk|s3|sts|ecr)\\([^)]*\\)+\\s*\\.(\\w+)\\(");
        Set<String> found = new TreeSet<>();
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            for (Path source :
                    sources.filter(file -> file.toString().endsWith(".java")).toList()) {
                Matcher m = call.matcher(Files.readString(source));
                while (m.find()) {
                    String words = m.group(2).replaceAll("(?<=[a-z])(?=[A-Z])|(?<=S)(?=Av)", "-");
                    found.add(m.group(1) + "." + words.toLowerCase(Locale.ROOT));
                }
            }
        }
        assertThat(found).hasSizeGreaterThan(20);
        return found;
    }

    @Test
    void awsUnderstandsWhatTheServerRefuses() throws Exception {
        assertThat(aws(EB, "terminate-environment", "--environment-name", "nobody")
                        .error())
                .contains("(InvalidParameterValue)", "No Environment found");
        assertThat(aws("s3api", "head-object", "--bucket", "none", "--key", "x").error())
                .contains("404");
    }
}
