package io.jenkins.plugins.pymacaron.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunSummaryTest {
    @TempDir
    Path directory;

    @Test
    void comesBackFromItsFile() throws Exception {
        Path file = directory.resolve("summary.json");
        RunSummary.builder("before", Instant.EPOCH).build().write(file);
        Samples.rolledBack().write(file);
        assertThat(RunSummary.read(file)).isEqualTo(Samples.rolledBack());
        assertThat(Files.list(directory)).containsExactly(file);
        assertThat(Files.getPosixFilePermissions(file)).contains(PosixFilePermission.GROUP_READ);
    }

    @Test
    void isPlainJsonForOtherTools() throws Exception {
        JsonNode json = new ObjectMapper().readTree(Samples.rolledBack().toJson());
        assertThat(json.path("schema").asInt()).isEqualTo(1);
        assertThat(json.path("outcome").asText()).isEqualTo("ROLLED_BACK");
        assertThat(json.path("started").asText()).isEqualTo("2026-11-22T14:03:12.250Z");
        assertThat(json.at("/stages/7/duration").asText()).isEqualTo("PT1.89S");
        assertThat(json.at("/stages/7/gap/probes").asInt()).isEqualTo(231);
        assertThat(json.at("/stages/8/counts/failed").asInt()).isEqualTo(1);
        assertThat(json.at("/stages/0").has("counts")).isFalse();
        assertThat(json.at("/stages/8/counts").has("total")).isFalse();
    }

    @Test
    void aRunThatJustBeganNeedsLittle() throws Exception {
        Path file = directory.resolve("summary.json");
        Files.writeString(
                file,
                "{\"schema\":1,\"service\":\"hello\",\"somethingNew\":[1],\"stages\":[{\"key\":\"unit\",\"name\":\"Unit tests\",\"state\":\"WAITING\"}]}");
        RunSummary read = RunSummary.read(file);
        assertThat(read.outcome()).isEqualTo(RunOutcome.RUNNING);
        assertThat(read.stages()).containsExactly(StageSummary.waiting("unit", "Unit tests"));
        assertThat(read.counts()).isEqualTo(Counts.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{",
                "{\"schema\":2}",
                "{\"schema\":0}",
                "{\"schema\":1,\"started\":\"yesterday\"}",
                "{\"schema\":1,\"stages\":{\"a\":1}}",
                "{\"schema\":1,\"outcome\":\"FINE\"}"
            })
    void refusesOtherFilesInOneLine(String content) throws Exception {
        Path file = Files.writeString(directory.resolve("summary.json"), content);
        assertThatThrownBy(() -> RunSummary.read(file))
                .isInstanceOf(IOException.class)
                .message()
                .startsWith(file.toString())
                .doesNotContain("\n");
    }

    @Test
    void refusesAHugeFile() throws Exception {
        Path file = Files.writeString(directory.resolve("summary.json"), " ".repeat((4 << 20) + 1));
        assertThatThrownBy(() -> RunSummary.read(file)).hasMessageContaining("bigger than 4 MiB");
    }

    @Test
    void stagesTellTheirStory() {
        Instant at = Instant.parse("2026-11-22T14:00:00Z");
        StageSummary stage = StageSummary.waiting("promote", "Promote to live")
                .begun(at)
                .withUrl("live", "http://x")
                .with(new ServiceGap(100, 2, Duration.ofMillis(41)))
                .ended(StageState.PASSED, at.plusSeconds(2), "")
                .with(StageState.ROLLED_BACK, "back to 1");
        assertThat(stage.duration()).isEqualTo(Duration.ofSeconds(2));
        assertThat(stage.state()).isEqualTo(StageState.ROLLED_BACK);
        assertThat(stage.gap().orElseThrow()).hasToString("2 of 100 probes failed, longest gap 41 ms");
        assertThat(stage.ended(StageState.FAILED, at.minusSeconds(9), "clock was set back")
                        .duration())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "7,7 ms",
        "999,999 ms",
        "1240,1.24 s",
        "9994,9.99 s",
        "12345,12.3 s",
        "59960,1 min 00 s",
        "185000,3 min 05 s",
        "7620000,2 h 07 min",
        "-5,0 ms"
    })
    void spellsDurations(long millis, String text) {
        assertThat(HumanFormats.duration(Duration.ofMillis(millis))).isEqualTo(text);
    }

    @Test
    void countsAddUp() {
        assertThat(Samples.rolledBack().counts()).isEqualTo(new Counts(75, 1, 0, 2));
        assertThat(List.of(Counts.NONE, new Counts(1, 0, 0, 0), new Counts(0, 0, 2, 0)))
                .extracting(Counts::toString)
                .containsExactly("no tests", "1 test: 1 passed", "2 tests: 2 errors");
    }
}
