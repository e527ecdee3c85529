package io.jenkins.plugins.pymacaron.pipeline.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.config.DeployTarget;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the request of a caller, as it goes from the controller to the agent and into the state of a run. */
class StageSpecTest {
    private static StageSpec spec(Map<String, String> request) {
        return new StageSpec(
                StageSpec.SCHEMA,
                "promote",
                "job-1",
                "/work/service",
                "/work/home",
                request,
                Map.of("promote", Duration.ofMinutes(7)),
                List.of("PYM_SECRET"),
                true,
                Map.of("source", Map.of("commit", "c0ffee")));
    }

    @Test
    void aSpecificationIsTheSameOnTheOtherSide() throws Exception {
        StageSpec spec = spec(Map.of("environment", "qa", "push", "false"));

        assertThat(StageSpec.fromJson(spec.toJson())).isEqualTo(spec);
    }

    @Test
    void anEntryThatIsLeftOutIsNotAskedFor() throws Exception {
        StageSpec spec = StageSpec.fromJson(
                "{\"schema\": 1, \"stage\": \"unit\", \"run\": \"r\", \"directory\": \"d\", \"home\": \"h\"}");

        assertThat(spec.request()).isEmpty();
        assertThat(spec.timeouts()).isEmpty();
        assertThat(spec.secrets()).isEmpty();
        assertThat(spec.state()).isEmpty();
        assertThat(spec.last()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../x", "a b", "", "a/b", "ü"})
    void aNameOfARunThatCouldLeadElsewhereIsRefused(String run) {
        String json = spec(Map.of()).toJson().replace("job-1", run);

        assertThatThrownBy(() -> StageSpec.fromJson(json))
                .isInstanceOf(IOException.class)
                .hasMessage("a StageSpec needs a run of letters, digits and ._-");
    }

    @Test
    void withoutADirectoryNothingCanBeDone() {
        assertThatThrownBy(() -> StageSpec.fromJson("{\"schema\": 1, \"stage\": \"unit\", \"run\": \"r\"}"))
                .hasMessage("a StageSpec needs stage, directory and home");
    }

    @Test
    void anEmptyTextIsNotAskedFor() {
        assertThat(spec(Map.of("version", "")).asked("version")).isEmpty();
        assertThat(spec(Map.of("version", "two")).asked("version")).contains("two");
    }

    @Test
    void aSpecificationBecomesARequestOfTheSameWishes() throws Exception {
        RunRequest request = spec(Map.of(
                        "environment", "qa",
                        "target", "gke",
                        "version", "two",
                        "forceBuild", "true",
                        "push", "false",
                        "python", "/usr/bin/python3",
                        "keepFailed", "true",
                        "canary", "5, 25",
                        "images", "0",
                        "allowOlder", "true"))
                .toRequest(true);

        assertThat(request.is(Parameter.SHIP)).isTrue();
        assertThat(spec(Map.of("ship", "false")).toRequest(true).is(Parameter.SHIP))
                .isFalse();
        assertThat(request)
                .isEqualTo(RunRequest.of(Path.of("/work/service"))
                        .withTimeouts(Map.of("promote", Duration.ofMinutes(7)))
                        .with(Parameter.ENVIRONMENT, "qa")
                        .with(Parameter.TARGET, "gke")
                        .with(Parameter.VERSION, "two")
                        .with(Parameter.FORCE_BUILD, "true")
                        .with(Parameter.PUSH, "false")
                        .with(Parameter.PYTHON, "/usr/bin/python3")
                        .with(Parameter.KEEP_FAILED, "true")
                        .with(Parameter.CANARY, "5, 25")
                        .with(Parameter.IMAGES, "0")
                        .with(Parameter.ALLOW_OLDER, "true")
                        .with(Parameter.TEST_AGAIN, "true"));
        assertThat(request.target()).contains(DeployTarget.GKE);
        assertThat(request.python()).contains(Path.of("/usr/bin/python3"));
        assertThat(request.images()).contains(1);
        assertThat(request.push()).isFalse();
        assertThat(request.deploy()).isTrue();
        assertThat(request.tests()).isEqualTo(RunRequest.Tests.ALL);
        assertThat(request.branch().or(request::commit).or(request::token)).isEmpty();
        assertThat(List.of(Parameter.FORCE_BUILD, Parameter.KEEP_FAILED, Parameter.ALLOW_OLDER))
                .allMatch(request::is);
    }

    @Test
    void theImageThatIsDeployedIsAlwaysKeptAndANumberThatIsNoneKeepsAll() throws Exception {
        assertThat(spec(Map.of("images", "0")).toRequest(false).images()).contains(1);
        assertThat(spec(Map.of("images", "7")).toRequest(false).images()).contains(7);
        assertThat(spec(Map.of("images", "many")).toRequest(false).images()).contains(Integer.MAX_VALUE);
        assertThat(spec(Map.of()).toRequest(false).images()).isEmpty();
    }

    @Test
    void aTargetThatDoesNotExistIsOneLineWithThoseThatDo() {
        assertThatThrownBy(() -> spec(Map.of("target", "heroku")).toRequest(true))
                .hasMessage("there is no target heroku; the targets are docker, beanstalk, cloud-run and gke");
    }

    @Test
    void aRequestIsTheSameAfterItWasKept() throws Exception {
        RunRequest request = spec(Map.of("environment", "qa", "target", "beanstalk", "canary", "5", "images", "3"))
                .toRequest(false);

        assertThat(RunRequest.fromMap(request.directory(), Optional.empty(), request.toMap()))
                .isEqualTo(request);
        assertThat(RunRequest.fromMap(
                        Path.of("/d"),
                        Optional.empty(),
                        RunRequest.of(Path.of("/d")).toMap()))
                .isEqualTo(RunRequest.of(Path.of("/d")));
    }

    @Test
    void theTokenIsNeitherKeptNorShown() {
        Map<String, String> map = new HashMap<>(RunRequest.of(Path.of("/d")).toMap());
        RunRequest request = RunRequest.fromMap(Path.of("/d"), Optional.of("t0ken"), map);

        assertThat(request.toMap().toString()).doesNotContain("t0ken");
        assertThat(request.toString()).doesNotContain("t0ken");
    }

    @ParameterizedTest
    @EnumSource
    void aStageIsFoundByItsKey(Stage stage) {
        assertThat(Stage.ofKey(stage.key())).contains(stage);
        assertThat(stage.key()).matches("[a-z-]+");
        assertThat(Arrays.stream(Stage.values()).filter(s -> s.title().equals(stage.title())))
                .containsExactly(stage);
    }

    @Test
    void aStageThatDoesNotExistIsNotFound() {
        assertThat(Stage.ofKey("Build image")).isEmpty();
        assertThat(Stage.ofKey("")).isEmpty();
    }

    @Test
    void aSuspendedOrLostFailureStaysSoAroundAnother() {
        StageFailedException suspended = StageFailedException.suspended("the disk is full");
        StageFailedException lost = StageFailedException.lost(RunOutcome.SUPERSEDED, "another has the lease");
        StageFailedException around = new StageFailedException(RunOutcome.TESTS_FAILED, "around", lost);

        assertThat(suspended).hasMessage("the disk is full; the change is not finished");
        assertThat(suspended.isSuspended()).isTrue();
        assertThat(suspended.isLost()).isFalse();
        assertThat(around.isSuspended()).isTrue();
        assertThat(around.isLost()).isTrue();
        assertThat(around.outcome()).isEqualTo(RunOutcome.TESTS_FAILED);
        assertThat(new StageFailedException(RunOutcome.TESTS_FAILED, "plain").isSuspended())
                .isFalse();
    }

    @Test
    void adviceIsInTheWordsOfWhereTheUserIs() {
        assertThat(NextStepAdvice.SHELL.deploy("two")).isEqualTo("--deploy two");
        assertThat(NextStepAdvice.PIPELINE.deploy("two")).isEqualTo("pymDeploy(version: 'two')");
        for (NextStepAdvice advice : NextStepAdvice.values()) {
            List<String> all = List.of(
                    advice.registry(),
                    advice.notPushed(),
                    advice.python(),
                    advice.otherPython(),
                    advice.set(Parameter.ALLOW_OLDER),
                    advice.unfinished());
            assertThat(all).allSatisfy(text -> assertThat(text).isNotBlank());
            boolean shell = advice == NextStepAdvice.SHELL;
            assertThat(String.join(" ", all).contains("--")).as(advice.name()).isEqualTo(shell);
        }
    }
}
