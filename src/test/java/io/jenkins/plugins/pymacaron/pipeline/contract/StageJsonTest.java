package io.jenkins.plugins.pymacaron.pipeline.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.pipeline.contract.StageParts.Answers;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageParts.Ending;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageParts.HandedOn;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageParts.Products;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageParts.Subject;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageParts.Tested;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult.Environments;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult.MadeDeployment;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult.MadeImage;
import io.jenkins.plugins.pymacaron.report.AcceptanceReport;
import io.jenkins.plugins.pymacaron.report.CaseStatus;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.report.TestCase;
import io.jenkins.plugins.pymacaron.report.TestSuite;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class StageJsonTest {
    private static StageResult result(String text, Map<String, Map<String, String>> state, AcceptanceReport report) {
        return new StageResult(
                StageResult.SCHEMA,
                new Ending("live", RunOutcome.TESTS_FAILED, text, "", Instant.ofEpochMilli(1), Duration.ofMillis(2)),
                new Subject(text, "abc", text, text, new Environments(text, List.of(text), text, List.of(text))),
                new HandedOn(state, List.of(text)),
                new Products(
                        Optional.of(new MadeImage(text, "", "sha256:1", "1", "abc", true)),
                        List.of(new MadeDeployment(
                                "live", text, "", text, "", "", "", "", "", "", Instant.ofEpochSecond(7))),
                        List.of(),
                        Map.of(text, List.of(text, "1"), "nothing is kept", List.of()),
                        Optional.of(Instant.ofEpochMilli(3))),
                new Tested(Optional.of(report), Optional.of(report.counts()), text, Optional.empty()),
                new Answers(Map.of("name", text, "live", List.of(Map.of("key", text))), List.of(text), List.of(text)));
    }

    private static AcceptanceReport report(List<TestCase> cases) {
        return new AcceptanceReport(List.of(new TestSuite("suite", Duration.ofSeconds(1), cases, "")), List.of());
    }

    @Provide
    Arbitrary<Map<String, Map<String, String>>> states() {
        Arbitrary<String> text = Arbitraries.strings().ofMaxLength(12);
        return Arbitraries.maps(text, Arbitraries.maps(text, text).ofMaxSize(3)).ofMaxSize(4);
    }

    @Provide
    Arbitrary<AcceptanceReport> reports() {
        Arbitrary<String> text = Arbitraries.strings().ofMaxLength(20);
        return Combinators.combine(text, text, Arbitraries.of(CaseStatus.values()), text, text)
                .as((group, name, status, message, detail) ->
                        new TestCase(group, name, status, Duration.ofMillis(3), message, detail, name))
                .list()
                .ofMaxSize(5)
                .map(StageJsonTest::report);
    }

    @Property(tries = 300)
    void aWrittenDocumentIsRead(
            @ForAll String text,
            @ForAll("states") Map<String, Map<String, String>> state,
            @ForAll("reports") AcceptanceReport report)
            throws IOException {
        StageResult result = result(text, state, report);

        String json = result.toJson();

        assertThat(json).matches("[ -\\x7f]*");
        assertThat(StageResult.fromJson(json)).isEqualTo(result);
    }

    @Property(tries = 100)
    void aSpecIsRead(@ForAll String text, @ForAll("states") Map<String, Map<String, String>> state) throws IOException {
        StageSpec spec = new StageSpec(
                StageSpec.SCHEMA,
                "staging",
                "job-1",
                "/srv/" + text,
                "/home",
                Map.of("version", text),
                Map.of("staging", Duration.ofMinutes(3)),
                List.of(text),
                true,
                state);
        assertThat(StageSpec.fromJson(spec.toJson())).isEqualTo(spec);
    }

    @Example
    void theNumberOfKeptImagesIsARequestOverTheConfiguration() throws IOException {
        assertThat(asking(Map.of()).images()).isEmpty();
        assertThat(asking(Map.of("images", "3")).images()).contains(3);
        assertThat(asking(Map.of("images", "0")).images())
                .as("that which is deployed stays")
                .contains(1);
        assertThat(asking(Map.of("images", "all")).images())
                .as("when in doubt, all stay")
                .contains(Integer.MAX_VALUE);
        RunRequest kept = RunRequest.fromMap(
                Path.of("/srv"), Optional.empty(), asking(Map.of("images", "3")).toMap());
        assertThat(kept.images()).as("of a run that is resumed").contains(3);
    }

    private static RunRequest asking(Map<String, String> request) throws IOException {
        return new StageSpec(
                        StageSpec.SCHEMA,
                        "live",
                        "job-1",
                        "/srv",
                        "/home",
                        request,
                        Map.of(),
                        List.of(),
                        true,
                        Map.of())
                .toRequest(true);
    }

    @Example
    void aFieldThatIsLeftOutIsEmpty() throws IOException {
        StageResult result = StageResult.fromJson("{\"schema\":1,\"outcome\":\"SUCCEEDED\",\"later\":[{}]}");
        assertThat(result.image()).isEmpty();
        assertThat(result.report()).isEmpty();
        assertThat(result.counts()).isEmpty();
        assertThat(result.gap()).isEmpty();
        assertThat(result.environments().live()).isEmpty();
        assertThat(result.state()).isEmpty();
        assertThat(StageResult.fromJson(result.toJson())).isEqualTo(result);
        assertThat(StageResult.fromJson("{\"schema\":1,\"image\":null,\"report\":{},\"state\":null}")
                        .image())
                .isEmpty();
    }

    @Example
    void aForgottenEntryIsNamedSoThatItIsNotKept() throws IOException {
        StageResult result = result("", Map.of("made-live-activate", Map.of()), AcceptanceReport.EMPTY);
        assertThat(StageResult.fromJson(result.toJson()).state()).containsEntry("made-live-activate", Map.of());
    }

    /** Any input from an agent gives the controller a result or one line, soon. */
    @Property(tries = 300)
    void everyInputIsAResultOrOneLine(@ForAll("hostile") String json) {
        try {
            StageResult.fromJson(json).toJson();
        } catch (IOException e) {
            assertThat(e.getMessage()).isNotBlank().doesNotContain("\n").hasSizeLessThan(200);
        }
    }

    @Provide
    Arbitrary<String> hostile() {
        String good = result("text", Map.of("image", Map.of("a", "b")), report(List.of()))
                .toJson();
        Arbitrary<String> cut = Arbitraries.integers().between(0, good.length()).map(n -> good.substring(0, n));
        Arbitrary<String> swapped = Combinators.combine(
                        Arbitraries.integers().between(0, good.length() - 1),
                        Arbitraries.of("{", "}", "[", "]", "null", "\"", ":", ",", "-1", "1e999999999", "\\u0000"))
                .as((at, with) -> good.substring(0, at) + with + good.substring(at + 1));
        return Arbitraries.oneOf(cut, swapped, Arbitraries.strings());
    }

    @Example
    void refusesWhatIsTooMuch() {
        List<String> all = List.of(
                "{\"schema\":1,\"config\":{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}}",
                "{\"schema\":1,\"plan\":[\"" + "x".repeat(5 << 20) + "\"]}",
                "{\"schema\":1,\"config\":{\"a\":[" + "[],".repeat(2_000_000) + "[]]}}",
                "{\"schema\":1,\"later\":[" + "1,".repeat(4_000_000) + "1]}",
                "{\"schema\":1}" + " ".repeat(17 << 20),
                "{\"schema\":1,\"duration\":\"PT" + "9".repeat(900) + "H\"}",
                "{\"schema\":1,\"outcome\":\"WONDERFUL\"}",
                "{\"schema\":1,\"state\":{\"a\":null}}",
                "{\"schema\":1,\"plan\":[null]}",
                "{\"schema\":\"1\",\"state\":{\"a\":{\"b\":{}}}}",
                "{\"schema\":2}",
                "{\"schema\":1e99}",
                "{}",
                "[]",
                "null",
                "");
        for (String json : all) {
            assertThatThrownBy(() -> StageResult.fromJson(json))
                    .as(json.substring(0, Math.min(80, json.length())))
                    .isInstanceOf(IOException.class)
                    .message()
                    .contains("StageResult")
                    .doesNotContain("\n")
                    .hasSizeLessThan(200);
        }
        for (String json : List.of("{\"schema\":1}", "{\"schema\":1,\"stage\":\"unit\",\"run\":\"../x\"}", "null")) {
            assertThatThrownBy(() -> StageSpec.fromJson(json)).isInstanceOf(IOException.class);
        }
    }

    @Example
    void aReportThatIsTooBigIsCutAndKeepsEveryFailure() throws IOException {
        String output = "\u00e9\u0000".repeat(8 << 10);
        List<TestCase> cases = IntStream.range(0, 30_000)
                .mapToObj(i -> new TestCase(
                        "group",
                        "test" + i,
                        i % 1000 == 0 ? CaseStatus.FAILED : CaseStatus.PASSED,
                        Duration.ZERO,
                        "",
                        i % 50 == 0 ? output + "the end" : "",
                        ""))
                .toList();
        StageResult result = result("text", Map.of(), report(cases));

        String json = result.toJson();

        assertThat(json.length()).isLessThan(StageJson.MAX_CHARACTERS);
        StageResult read = StageResult.fromJson(json);
        assertThat(read.counts()).isEqualTo(result.counts());
        AcceptanceReport sent = read.report().orElseThrow();
        assertThat(sent.counts().failed()).isEqualTo(30);
        assertThat(sent.notes().stream().collect(Collectors.joining())).contains("did not fail are left out");
        assertThat(sent.cases().findFirst().orElseThrow().detail()).endsWith("the end");
    }
}
