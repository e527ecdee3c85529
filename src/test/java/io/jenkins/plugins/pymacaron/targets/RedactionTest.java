package io.jenkins.plugins.pymacaron.targets;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that are secret by their place do not reach a recording. */
class RedactionTest {
    private static String body(String type, String text) {
        return Redaction.body(type, text.getBytes(StandardCharsets.UTF_8)).orElse("-");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"access_token\":\"X\",\"expires_in\":1} | {\"access_token\":\"****\",\"expires_in\":1}",
                "{\"env\":[{\"name\":\"A\",\"value\":\"X\"}]} | {\"env\":[{\"name\":\"A\",\"value\":\"****\"}]}",
                "{\"kind\":\"Secret\",\"data\":{\"a\":\"X\"}} | {\"kind\":\"Secret\",\"data\":{\"a\":\"****\"}}",
                "{\"authorizationData\":[{\"authorizationToken\":\"X\"}]} | {\"authorizationData\":[{\"authorizationToken\":\"****\"}]}",
                "{\"nextPageToken\":\"p\",\"image\":\"i\"} | {\"nextPageToken\":\"p\",\"image\":\"i\"}",
                "{\"a\":[\"b\"],\"tokens\":[\"X\"]} | {\"a\":[\"b\"],\"tokens\":[\"****\"]}"
            })
    void ofJson(String said, String kept) {
        assertThat(body("application/json; charset=utf-8", said)).isEqualTo(kept);
    }

    @Test
    void ofXmlAndForms() {
        assertThat(body(
                        "text/xml",
                        "<Credentials><AccessKeyId>X</AccessKeyId><SecretAccessKey>X</SecretAccessKey>"
                                + "<SessionToken>X</SessionToken><NextToken>n</NextToken></Credentials>"))
                .doesNotContain("X<")
                .contains("<NextToken>n<");
        assertThat(body(
                        "text/xml",
                        "<member><Value>X</Value><Namespace>aws:elasticbeanstalk:application:environment</Namespace>"
                                + "</member><member><Namespace>aws:asg</Namespace><Value>1</Value></member>"))
                .doesNotContain("X")
                .contains("<Value>1</Value>");
        assertThat(body(
                        "application/x-www-form-urlencoded",
                        "Action=C&O.member.1.Namespace=aws%3Aelasticbeanstalk%3Aapplication%3Aenvironment"
                                + "&O.member.1.OptionName=A&O.member.1.Value=X&O.member.2.Value=1&assertion=X"))
                .doesNotContain("X")
                .contains("O.member.1.Value=****", "O.member.2.Value=1", "assertion=****");
        assertThat(body("text/plain", "X")).isEqualTo("-");
        assertThat(Redaction.url(URI.create("https://h/p?X-Amz-Signature=X&a=b")))
                .isEqualTo("https://h/p?X-Amz-Signature=****&a=b");
    }

    @Test
    void theRunsOwnMaskGoesOverAllAndAFileThatCannotBeWrittenEndsNothing(@TempDir Path files) throws Exception {
        Path file = files.resolve("calls");
        List<String> log = new ArrayList<>();
        Recording.Exchange call = new Recording.Exchange(
                "s",
                "GET",
                URI.create("http://h/hidden"),
                Map.of("Authorization", "Bearer X", "Content-Type", "application/json"),
                "{\"a\":\"hidden\"}".getBytes(StandardCharsets.UTF_8),
                200,
                Map.of(),
                new byte[0],
                Duration.ZERO);

        Recording.into(file, text -> text.replace("hidden", "****"), log::add).add(call);
        Recording lost = Recording.into(files.resolve("none/calls"), text -> text, log::add);
        lost.add(call);
        lost.add(call);

        assertThat(Files.readString(file)).contains("http://h/****").doesNotContain("hidden", "Bearer");
        assertThat(log).singleElement().asString().startsWith("Cannot record calls in ");
    }
}
