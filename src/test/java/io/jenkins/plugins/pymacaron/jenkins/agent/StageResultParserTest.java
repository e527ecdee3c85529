package io.jenkins.plugins.pymacaron.jenkins.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import io.jenkins.plugins.pymacaron.jenkins.run.ServiceRun;
import io.jenkins.plugins.pymacaron.jenkins.run.StageRecord;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests good and bad outputs of processes, as builds keep them and Pipelines get them. */
class StageResultParserTest {
    private static final StageOrder PROMOTE = StageOrder.of("promote");
    private static final String GOOD = """
            {"schema":1,"stage":"promote","outcome":"SUCCEEDED","note":"v1","service":"hello",
            "environments":{"staging":"docker/hello/staging","live":["docker/hello/live"]},
            "state":{"image":{"digest":"sha256:1"}},
            "deployments":[{"slot":"live","target":"docker","environment":"docker/hello/live","url":"http://h:1",
            "version":"v1"}],"duration":"PT2.5S"}
            """.replace("\n", "");

    @Test
    void theLastLineIsTheResult() throws Exception {
        StageResult result = StageResultParser.parse(PROMOTE, "something that a profile prints\n" + GOOD + "\n\n");
        assertThat(result.outcome()).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(StepReturnValues.of(PROMOTE, result))
                .containsEntry("url", "http://h:1")
                .containsEntry("version", "v1")
                .containsKey("all");
        ServiceRun service = StageRecords.learn(new ServiceRun("."), result);
        assertThat(service.getLiveEnvironments()).containsExactly("docker/hello/live");
        assertThat(service.getStateJson()).contains("sha256:1");
        StageRecord record = StageRecords.stage(PROMOTE, result, "7", null);
        assertThat(record.getUrl()).isEqualTo("http://h:1");
        assertThat(record.getDurationMillis()).isEqualTo(2500);
        service.add(record);
        assertThat(StageRecords.tested(StageOrder.of("live"), service)).isEqualTo("http://h:1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "Error: no such class",
                "[]",
                "null",
                "{}",
                "{\"schema\":2}",
                "{\"schema\":1,\"outcome\":\"WON\"}",
                "{\"schema\":1,\"deployments\":7}",
                "{\"schema\":1"
            })
    void anythingElseIsOneLineThatSaysSo(String stdout) {
        assertThatThrownBy(() -> StageResultParser.parse(PROMOTE, stdout))
                .isInstanceOf(AbortException.class)
                .message()
                .startsWith("Promote to live ended with")
                .doesNotContain("\n");
    }

    @Test
    void depthAndSizeAreLimited() {
        String deep = "{\"schema\":1,\"config\":" + "[".repeat(50_000) + "]".repeat(50_000) + "}";
        assertThatThrownBy(() -> StageResultParser.parse(PROMOTE, deep)).isInstanceOf(AbortException.class);
        String big = "{\"schema\":1,\"log\":\"" + "x".repeat(17 << 20) + "\"}";
        assertThatThrownBy(() -> StageResultParser.parse(PROMOTE, big)).isInstanceOf(AbortException.class);
    }

    @Test
    void stagesBesideEachOtherKeepWhatTheOtherMade() throws Exception {
        StageResult push = StageResult.fromJson("{\"schema\":1,\"stage\":\"push\",\"image\":{\"digest\":\"new\"},"
                + "\"state\":{\"image\":{\"digest\":\"new\"}}}");
        StageResult container = StageResult.fromJson("{\"schema\":1,\"stage\":\"container\","
                + "\"image\":{\"digest\":\"\"},\"state\":{\"source\":{\"a\":\"b\"}}}");
        ServiceRun service = new ServiceRun(".").continuing("{\"image\":{\"digest\":\"\"}}");
        StageRecords.learn(StageRecords.learn(service, push), container);
        assertThat(StageResultParser.state(service.getStateJson()))
                .isEqualTo(Map.of("image", Map.of("digest", "new"), "source", Map.of("a", "b")));
        assertThat(service.getImage().getDigest()).isEqualTo("new");
    }

    @Test
    void testsWithoutTheEngineHaveAResultToo() throws Exception {
        StageOrder unit = StageOrder.of("unit");
        assertThat(ContainerTestRunner.result(unit, GOOD)).isEmpty();
        String xml =
                "<testsuite name='s'><testcase classname='c' name='t'><failure message='m'/></testcase></testsuite>";
        StageResult failed = ContainerTestRunner.result(unit, "pymacaron-tests 1 1700000000\n" + xml)
                .orElseThrow();
        assertThat(failed.outcome()).isEqualTo(RunOutcome.TESTS_FAILED);
        assertThat(failed.counts().orElseThrow().failed()).isEqualTo(1);
        StageResult ended = ContainerTestRunner.result(
                        unit,
                        "pymacaron-tests 2 1700000000\n<testsuite name='s'><testcase classname='c' name='t'/></testsuite>")
                .orElseThrow();
        assertThat(ended.outcome()).isEqualTo(RunOutcome.TESTS_FAILED);
        assertThat(ended.message()).contains("but the runner ended with exit code 2");
        for (String bad : List.of("pymacaron-tests ", "pymacaron-tests 0 x\n", "pymacaron-tests 0 1\n<!DOCTYPE a>")) {
            assertThatThrownBy(() -> ContainerTestRunner.result(unit, bad)).isInstanceOf(AbortException.class);
        }
    }

    @Test
    void textThatXmlCannotHoldIsReplaced() throws Exception {
        StageResult result = ContainerTestRunner.result(
                        StageOrder.of("unit"),
                        "pymacaron-tests 0 1\n<testsuite name='s'><testcase classname='c' name='t'/></testsuite>")
                .orElseThrow();
        String name = TestResults.named(result.report().orElseThrow(), "hello\u0001 / Unit")
                .suites()
                .get(0)
                .name();
        assertThat(name).isEqualTo("hello\uFFFD / Unit / s");
    }
}
