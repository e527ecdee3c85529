package io.jenkins.plugins.pymacaron.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private static final FilePosition HERE = new FilePosition(1, 1);
    private static final FilePosition THERE = new FilePosition(2, 3);
    private static final Key<String> NAME = ServiceKeys.NAME;
    private static final Key<String> PLATFORM = ServiceKeys.PLATFORM;

    @Test
    void aKeyThatIsNotSetHasItsDefault() {
        assertThat(Settings.EMPTY.find(PLATFORM)).isEmpty();
        assertThat(Settings.EMPTY.value(PLATFORM)).contains("linux/amd64");
        assertThat(Settings.EMPTY.value(NAME)).isEmpty();
        assertThat(Settings.EMPTY.at(NAME)).isEqualTo(FilePosition.NONE);
    }

    @Test
    void theUpperSettingWinsWithItsPlace() {
        Settings below = Settings.EMPTY.with(NAME, "a", HERE).with(PLATFORM, "linux/arm64", HERE);
        Settings both = Settings.EMPTY.with(NAME, "b", THERE).over(below);

        assertThat(both.find(NAME)).contains("b");
        assertThat(both.at(NAME)).isEqualTo(THERE);
        assertThat(both.find(PLATFORM)).contains("linux/arm64");
        assertThat(below.find(NAME)).contains("a");
    }

    @Test
    void nothingUndoesWhatIsBelow() {
        Settings both =
                Settings.EMPTY.withNothing(PLATFORM, THERE).over(Settings.EMPTY.with(PLATFORM, "linux/arm64", HERE));

        assertThat(both.find(PLATFORM)).isEmpty();
        assertThat(both.value(PLATFORM)).contains("linux/amd64");
    }

    @Test
    void anUnusableValueIsNotMissing() {
        assertThat(Settings.EMPTY.misses(NAME)).isTrue();
        assertThat(Settings.EMPTY.withNothing(NAME, HERE).misses(NAME)).isTrue();
        assertThat(Settings.EMPTY.withUnusable(NAME, HERE).misses(NAME)).isFalse();
        assertThat(Settings.EMPTY.withUnusable(NAME, HERE).hasUnusable(NAME)).isTrue();
        assertThat(Settings.EMPTY.with(NAME, "a", HERE).hasUnusable(NAME)).isFalse();
    }

    @Test
    void blocksAreMergedAndMayBeUndone() {
        Key<Duration> build = PipelineKeys.stages().get("build");
        Key<Duration> push = PipelineKeys.stages().get("push");
        Settings low = Settings.EMPTY.with(build, Duration.ofSeconds(1), HERE).with(push, Duration.ofSeconds(2), HERE);
        Settings high = Settings.EMPTY.with(push, Duration.ofSeconds(3), THERE);
        Settings below = Settings.EMPTY.with(PipelineKeys.TIMEOUTS, low, HERE);

        Settings merged = Settings.EMPTY
                .with(PipelineKeys.TIMEOUTS, high, THERE)
                .over(below)
                .find(PipelineKeys.TIMEOUTS)
                .orElseThrow();
        assertThat(merged.find(build)).contains(Duration.ofSeconds(1));
        assertThat(merged.find(push)).contains(Duration.ofSeconds(3));
        assertThat(Settings.EMPTY
                        .withNothing(PipelineKeys.TIMEOUTS, THERE)
                        .over(below)
                        .find(PipelineKeys.TIMEOUTS))
                .isEmpty();
    }
}
