package io.jenkins.plugins.pymacaron.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HtmlReportTest {
    private static final String EVIL =
            "</script><script>alert(1)</script><!--<script>\"'><img src=x onerror=alert(1)>&amp;\u0000\u2028";

    private static String render(AcceptanceReport report) {
        return HtmlReport.render(
                Samples.rolledBack(), List.of(new TestSection("accept-live", "Accept live", report, Samples.log())));
    }

    private static JsonNode data(String html) throws Exception {
        Matcher json = Pattern.compile("<script type=\"application/json\">(.*?)</script>", Pattern.DOTALL)
                .matcher(html);
        assertThat(json.find()).isTrue();
        return new ObjectMapper().readTree(json.group(1));
    }

    @Test
    void tellsTheRun() {
        String html = render(Samples.acceptance(true));
        assertThat(html)
                .contains("<title>hello 261122-1503-41-9f3ab2 · Rolled back</title>")
                .contains("<h1>hello</h1>", "2026-11-22 14:03:12", "sha256:4f2c1bd0", "9f3ab2c41d0e<")
                .contains("<a href=\"http://127.0.0.1:8080\" rel=\"noreferrer noopener\">")
                .contains("7 of 9", "of 78 tests failed", "0 of 231 requests failed while switching", "33.9 s")
                .contains("<a href=\"#tests-accept-live\">Accept live</a>", "id=\"tests-accept-live\"")
                .contains("class=\"failure\" open=\"\"", "assert &#39;Hello None&#39; == &#39;Hello Ada&#39;")
                .contains("Booting worker with pid: 7");
    }

    private static StageSummary stage(String key, int begin, int end) {
        Instant start = Instant.parse("2026-11-22T14:00:00Z");
        return StageSummary.waiting(key, key)
                .begun(start.plusSeconds(begin))
                .ended(StageState.PASSED, start.plusSeconds(end), "");
    }

    private static String rowOf(String stage, List<StageSummary> stages) {
        String html = HtmlReport.render(
                RunSummary.builder("hello", Instant.parse("2026-11-22T14:00:00Z"))
                        .stages(stages)
                        .build(),
                List.of());
        return html.replaceFirst("(?s).*<th scope=\"row\">" + stage + "</th>(.*?)</tr>.*", "$1");
    }

    @Test
    void marksTheStagesThatNoOtherOneWaitedFor() {
        String aside = "not on the critical path";
        List<StageSummary> shortPush =
                List.of(stage("build", 0, 4), stage("accept", 4, 9), stage("push", 4, 6), stage("staging", 9, 12));
        List<StageSummary> longPush =
                List.of(stage("build", 0, 4), stage("accept", 4, 6), stage("push", 4, 9), stage("staging", 9, 12));

        assertThat(rowOf("push", shortPush)).contains(aside, "fill-opacity=\"0.45\"");
        assertThat(rowOf("accept", longPush)).contains(aside, "fill-opacity=\"0.45\"");
        for (String row : List.of(
                rowOf("build", shortPush),
                rowOf("accept", shortPush),
                rowOf("staging", shortPush),
                rowOf("push", longPush))) {
            assertThat(row).contains("fill-opacity=\"1\"").doesNotContain(aside);
        }
    }

    @Test
    void needsNothingButItself() {
        String html = render(Samples.acceptance(true));
        assertThat(html).doesNotContain("src=", "@import", "url(", " style=", " onclick=");
        assertThat(html.replace("http://127.0.0.1", "").replace("http://www.w3.org/2000/svg", ""))
                .doesNotContain("href=\"http:", "https:");
    }

    @Test
    void allowsItsOwnStyleAndScriptOnly() throws Exception {
        String html = render(Samples.acceptance(false));
        for (String element : List.of("style", "script")) {
            Matcher inline = Pattern.compile("<" + element + ">(.*?)</" + element + ">", Pattern.DOTALL)
                    .matcher(html);
            assertThat(inline.find()).isTrue();
            byte[] sha =
                    MessageDigest.getInstance("SHA-256").digest(inline.group(1).getBytes(StandardCharsets.UTF_8));
            String source = "sha256-" + Base64.getEncoder().encodeToString(sha);
            // Base64 may hold a plus or a slash, which need no escape in an attribute.
            assertThat(html).contains(element + "-src &#39;" + source + "&#39;");
        }
        assertThat(html).contains("default-src &#39;none&#39;");
    }

    @Test
    void escapesHostileTextsEverywhere() throws Exception {
        List<TestCase> cases = new ArrayList<>();
        for (CaseStatus status : CaseStatus.values()) {
            cases.add(new TestCase(EVIL, EVIL, status, Duration.ZERO, EVIL, EVIL, EVIL));
        }
        AcceptanceReport report =
                new AcceptanceReport(List.of(new TestSuite(EVIL, Duration.ZERO, cases, EVIL)), List.of(EVIL));
        StageSummary stage = Samples.stage(EVIL, EVIL, 0, 5, StageState.FAILED, EVIL)
                .withUrl(EVIL, "javascript:alert(1)")
                .withUrl("relative", "//evil")
                .withUrl("broken", "http://[" + EVIL);
        RunSummary run = RunSummary.builder(EVIL, Instant.EPOCH)
                .version(EVIL)
                .digest(EVIL)
                .image(EVIL)
                .commit(EVIL)
                .branch(EVIL)
                .outcome(RunOutcome.DEPLOY_FAILED, EVIL)
                .deployments(List.of(new Deployment(EVIL, EVIL, EVIL, "javascript:alert(1)")))
                .stages(List.of(stage))
                .build();
        String html = HtmlReport.render(run, List.of(new TestSection(EVIL, EVIL, report, EVIL)));
        assertThat(html).doesNotContain("<img", "<script>alert", "href=\"javascript", "href=\"//", "\u0000", "<!--");
        // Our own script and one island of data.
        assertThat(html.split("</script>", -1)).hasSize(3);
        assertThat(data(html).at("/rows/0/2").asText()).isEqualTo(EVIL);
    }

    @Test
    @Timeout(20 * 60)
    void holdsTenThousandCases() throws Exception {
        AcceptanceReport report = Samples.many(10_000);
        String html = render(report);
        assertThat(html.length()).isLessThan(4_000_000);
        JsonNode data = data(html);
        assertThat(html.split("class=\"failure\"", -1)).hasSize(20 + 1);
        assertThat(data.path("rows")).hasSize(9_980);
        assertThat(data.path("classes")).hasSize(280);
    }

    @Test
    void failuresBeyondThoseShownAreAmongTheDataWithTheirTrace() throws Exception {
        List<TestCase> cases = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            cases.add(new TestCase("c", "t" + i, CaseStatus.FAILED, Duration.ZERO, "m", "trace " + i, ""));
        }
        String html = render(new AcceptanceReport(List.of(new TestSuite("s", Duration.ZERO, cases, "")), List.of()));
        assertThat(html.split("class=\"failure\"", -1)).hasSize(50 + 1);
        assertThat(data(html).path("rows")).hasSize(10);
        assertThat(data(html).at("/rows/9/5").asText()).isEqualTo("trace 59");
    }

    @Test
    void isReadableWithoutItsScript() {
        String html = render(Samples.acceptance(false));
        String plain = html.substring(html.indexOf("<noscript>"), html.indexOf("</noscript>"));
        assertThat(plain).contains("<td>passed</td><td>testaccept.test_hello.TestHello test_ping</td><td>4 ms</td>");
    }

    @Test
    void drawsRunsOfEveryState() {
        for (StageState state : StageState.values()) {
            StageSummary stage = Samples.stage("s", "Stage", 0, 0, state, "");
            RunSummary run = Samples.summary(List.of(stage, StageSummary.waiting("w", "Later")))
                    .build();
            assertThat(HtmlReport.render(run, List.of()))
                    .contains(StateStyle.of(state).word(), "Later");
        }
        for (RunOutcome outcome : RunOutcome.values()) {
            RunSummary run = Samples.summary(List.of()).outcome(outcome, "").build();
            assertThat(HtmlReport.render(run, List.of())).contains(outcome.title());
        }
    }

    @Test
    void saysNothingTwice() {
        Counts counts = new Counts(3, 0, 0, 0);
        ServiceGap gap = new ServiceGap(80, 0, Duration.ZERO);
        StageSummary stage = Samples.stage("s", "Stage", 0, 5, StageState.PASSED, counts + ", " + gap)
                .with(counts)
                .with(gap);
        String html = HtmlReport.render(Samples.summary(List.of(stage)).build(), List.of());
        assertThat(html.split(counts.toString(), -1)).hasSize(2);
        assertThat(html.split(gap.toString(), -1)).hasSize(2);
    }

    @Test
    void refusesToEndUnbalanced() {
        assertThatThrownBy(() -> new Html(Writer.nullWriter()).open("p").end())
                .isInstanceOf(IllegalStateException.class);
    }
}
