package io.jenkins.plugins.pymacaron.jenkins.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.pipeline.contract.Parameter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StageOrderTest {
    @ParameterizedTest
    @CsvSource({"'', .", ". , .", "./a/b/, a/b", "a//./b, a/b", "a/../b, b", "a\\b, a/b", "a/.., ."})
    void aDirectoryHasOneName(String given, String normal) {
        assertThat(StageOrder.of("unit").in(given).getDirectory()).isEqualTo(normal);
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "a/../..", "/etc", "C:/x", "\\\\host\\share"})
    void andStaysInTheWorkspace(String given) {
        assertThatThrownBy(() -> StageOrder.of("unit").in(given)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void withersLeaveTheirOriginAlone() {
        StageOrder plain = StageOrder.of("build");
        StageOrder asked = plain.with(Parameter.ENVIRONMENT, "eu")
                .with(Parameter.VERSION, " v1 ")
                .with(Parameter.FORCE_BUILD, true)
                .with(Parameter.PUSH, false)
                .secrets(Map.of("A", "b"));
        assertThat(plain.getRequest()).isEmpty();
        assertThat(asked.getRequest())
                .isEqualTo(Map.of("environment", "eu", "version", "v1", "forceBuild", "true", "push", "false"));
        assertThat(asked.forStage("push").getSecrets()).isEqualTo(Map.of("A", "b"));
        assertThat(asked.with(Parameter.VERSION, "").getRequest()).doesNotContainKey("version");
    }

    @Test
    void onlyThreeStagesNeedTheirEnvironments() {
        assertThat(StageOrder.of("staging").isMutating()).isTrue();
        assertThat(StageOrder.of("promote").isMutating()).isTrue();
        assertThat(StageOrder.of("rollback").isMutating()).isTrue();
        assertThat(StageOrder.of("accept-staging").isMutating()).isFalse();
    }

    @Test
    void itSurvivesARestart() throws Exception {
        StageOrder order = StageOrder.of("staging")
                .in("a")
                .timeouts(Map.of("staging", "10m"))
                .last(true);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(order);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            StageOrder read = (StageOrder) in.readObject();
            assertThat(read.getStage()).isEqualTo("staging");
            assertThat(read.getDirectory()).isEqualTo("a");
            assertThat(read.getTimeouts()).isEqualTo(Map.of("staging", "10m"));
            assertThat(read.isLast()).isTrue();
        }
    }

    @Test
    void shellWordsStayWords() {
        assertThat(ShellWords.quote("a'b $c")).isEqualTo("'a'\\''b $c'");
    }
}
