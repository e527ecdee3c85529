package io.jenkins.plugins.pymacaron.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({"90s,90", "10m,600", "1h30m,5400", "2d,172800", "1d1h1m1s,90061", "45,45", "0s,0"})
    void readsWhatPeopleWrite(String text, long seconds) {
        assertThat(Durations.parse(text)).contains(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "s", "-1s", "1.5h", "30m1h", "1 m", "10 minutes", "1M", "99999999999s", "1s1s"})
    void refusesEverythingElse(String text) {
        assertThat(Durations.parse(text)).isEmpty();
    }

    @Property
    void writesWhatItReads(@ForAll @LongRange(min = 0, max = 800_000_000) long seconds) {
        Duration duration = Duration.ofSeconds(seconds);
        assertThat(Durations.parse(Durations.write(duration))).contains(duration);
    }
}
