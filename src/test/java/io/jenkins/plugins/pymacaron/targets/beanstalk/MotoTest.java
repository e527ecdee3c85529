package io.jenkins.plugins.pymacaron.targets.beanstalk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.pymacaron.targets.Recording;
import io.jenkins.plugins.pymacaron.targets.RegistryLogin;
import io.jenkins.plugins.pymacaron.targets.ServiceFiles;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.cloud.AnswerShape;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Makes every call of S3, STS, ECR and EC2 that a deployment makes, by the target's own clients, to a server that is
 * not ours: it accepts them, and our server answers them alike. IAM is not called.
 */
@Timeout(20 * 60)
class MotoTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ROLE = "aws_role: arn:aws:iam::123456789012:role/deployer\n";

    /** Headers by which the target goes, or a client of AWS checks what it got. */
    private static final Set<String> READ =
            Set.of("etag", "x-amz-checksum-sha256", "x-amz-bucket-region", "content-type");

    /** Fields of a group in EC2's answer that this project does not read. */
    private static final Set<String> UNREAD = Set.of("securityGroupInfo.securityGroupArn");

    private static List<JsonNode> theirs;
    private static List<JsonNode> ours;

    @BeforeAll
    static void everyCallIsMadeToBoth(@TempDir Path files) throws Exception {
        Optional<Path> program = Moto.program();
        assumeTrue(program.isPresent(), "there is no moto_server");
        try (Moto moto = Moto.start(program.get(), files.resolve("moto.log"));
                Rig rig = new Rig(Files.createDirectory(files.resolve("journals")))) {
            moto.bucket("bucket");
            String mine = moto.group("clients of the database");
            String generated = moto.group("awseb-e-0000000001-stack-AWSEBSecurityGroup-1A2B3C");
            theirs = calls(rig, moto.url(), files.resolve("theirs.jsonl"), mine, generated);

            rig.server.service.groups.own("sg-0123abcd", "clients of the database");
            String made = rig.server.service.groups.generate("e-0000000001", "AWSEBSecurityGroup");
            rig.server.service.buckets.remove("bucket", Bundle.AUTH_KEY);
            ours = calls(rig, rig.server.url(), files.resolve("ours.jsonl"), "sg-0123abcd", made);
        }
    }

    @AfterAll
    static void forget() {
        theirs = null;
        ours = null;
    }

    /** Makes the same calls one after another to a server, and returns their recording. */
    private static List<JsonNode> calls(Rig rig, URI server, Path record, String mine, String generated)
            throws Exception {
        Map<String, String> inherited =
                new HashMap<>(rig.surroundings(BeanstalkServer.KEY).inherited());
        inherited.put("AWS_ENDPOINT_URL", server.toString());
        inherited.put(Recording.VARIABLE, record.toString());
        TargetContext surroundings = new TargetContext(inherited, rig.log::add);
        try (BeanstalkClient aws = new BeanstalkClient(rig.config(""), surroundings)) {
            assertThat(aws.sts().getCallerIdentity().account()).isEqualTo(BeanstalkServer.ACCOUNT);
            assertThat(BeanstalkPreflight.regionOf(
                            aws.s3().getBucketLocation(r -> r.bucket("bucket")).locationConstraintAsString()))
                    .isEqualTo("eu-west-1");
            aws.s3().headBucket(r -> r.bucket("bucket"));
            catchThrowable(() -> aws.s3().headBucket(r -> r.bucket("there-is-none")));
            catchThrowable(() -> aws.s3().getBucketLocation(r -> r.bucket("there-is-none")));
            catchThrowable(() -> aws.s3().headObject(r -> r.bucket("bucket").key(Bundle.AUTH_KEY)));
            bundles(new ApplicationVersions(aws, "hello", ServiceFiles.NONE));
            assertThat(new GeneratedGroups(aws)
                            .without(Map.of(
                                    BeanstalkService.LOAD_BALANCER_GROUPS, mine + "," + generated + ",sg-0gone")))
                    .as("and one that is gone spoils no question")
                    .containsEntry(BeanstalkService.LOAD_BALANCER_GROUPS, mine + ",sg-0gone");
        }
        assertThat(EcrLogin.of(rig.config("registry: 123456789012.dkr.ecr.eu-west-1.amazonaws.com\n"), surroundings))
                .map(RegistryLogin::user)
                .contains("AWS");
        try (BeanstalkClient aws = new BeanstalkClient(rig.config(ROLE), surroundings)) {
            assertThat(aws.sts().getCallerIdentity().account()).isEqualTo(BeanstalkServer.ACCOUNT);
        }
        webIdentity(rig, inherited, record);
        try (Stream<String> lines = Files.lines(record)) {
            List<JsonNode> calls = new ArrayList<>();
            for (String line : lines.toList()) {
                calls.add(JSON.readTree(line));
            }
            return calls;
        }
    }

    private static void bundles(ApplicationVersions versions) throws Exception {
        Map<String, String> version = new HashMap<>(Map.of("bucket", "bucket", "key", "pymacaron/hello/v1-1.zip"));
        version.putAll(ApplicationVersions.params(new Bundle("dockerrun", "demo/hello@sha256:1", "", false)));
        assertThat(versions.isUploaded(version)).isFalse();
        versions.upload(version);
        assertThat(versions.isUploaded(version))
                .as("by the checksum that S3 keeps")
                .isTrue();
        version.putAll(ApplicationVersions.params(new Bundle("dockerrun", "demo/hello@sha256:22", "", false)));
        assertThat(versions.isUploaded(version)).as("another content").isFalse();
    }

    private static void webIdentity(Rig rig, Map<String, String> inherited, Path record) throws Exception {
        Map<String, String> vouched = new HashMap<>(inherited);
        vouched.keySet().removeIf(name -> name.contains("KEY"));
        vouched.put(
                "AWS_WEB_IDENTITY_TOKEN_FILE",
                Files.writeString(record.resolveSibling("token"), "a token of the CI")
                        .toString());
        vouched.put("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/deployer");
        try (BeanstalkClient aws = new BeanstalkClient(rig.config(""), new TargetContext(vouched, rig.log::add))) {
            assertThat(aws.sts().getCallerIdentity().account()).isEqualTo(BeanstalkServer.ACCOUNT);
        }
    }

    private static String what(JsonNode call) {
        return call.path("service").asText() + " " + call.path("method").asText() + " "
                + call.path("url").asText().replaceFirst("^[a-z]+://[^/]+", "") + " "
                + call.at("/request/body").asText().replaceFirst("(?s)^.*?Action=(\\w+).*$", "$1")
                + call.at("/request/headers/x-amz-target").asText();
    }

    @Test
    void bothAnswerTheSameCallsWithTheSameStatus() {
        assertThat(ours.stream().map(call -> what(call) + " " + call.path("status")))
                .containsExactlyElementsOf(theirs.stream()
                        .map(call -> what(call) + " " + call.path("status"))
                        .toList());
        assertThat(theirs.stream().map(call -> call.path("service").asText()))
                .contains("S3", "Sts", "Ecr", "Ec2")
                .hasSizeGreaterThan(12);
    }

    @Test
    void oursHasAllFieldsThatTheirsHas() throws Exception {
        Set<String> lacking = new TreeSet<>();
        for (int i = 0; i < theirs.size(); i++) {
            String what = what(theirs.get(i));
            if (theirs.get(i).path("status").asInt() / 100 == 2) {
                AnswerShape real =
                        AnswerShape.of(theirs.get(i).at("/answer/body").asText());
                AnswerShape mine = AnswerShape.of(ours.get(i).at("/answer/body").asText());
                mine.lacking(real).stream()
                        .filter(field -> UNREAD.stream().noneMatch(field::startsWith))
                        .forEach(field -> lacking.add(what + ": " + field));
            }
            JsonNode headers = theirs.get(i).at("/answer/headers");
            for (String header : READ) {
                // S3 says of what kind an object is where it is read; moto says it of every answer.
                boolean read = !header.equals("content-type")
                        || what.contains(" HEAD ")
                                && theirs.get(i).path("status").asInt() == 200;
                if (read
                        && headers.has(header)
                        && !ours.get(i).at("/answer/headers").has(header)) {
                    lacking.add(what + ": header " + header);
                }
            }
        }
        assertThat(lacking).isEmpty();
    }

    /** The code is what the target tells failures by. */
    @Test
    void refusalsHaveTheSameCode() {
        for (int i = 0; i < theirs.size(); i++) {
            if (theirs.get(i).path("status").asInt() / 100 != 2) {
                assertThat(code(ours.get(i))).as(what(ours.get(i))).isEqualTo(code(theirs.get(i)));
            }
        }
    }

    private static String code(JsonNode call) {
        return call.at("/answer/body").asText().replaceFirst("(?s)^.*<Code>(\\w+)</Code>.*$", "$1");
    }
}
