package io.jenkins.plugins.pymacaron.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BackoffTest {
    @Test
    void growsToItsCap() {
        Backoff backoff = new Backoff(Duration.ofSeconds(1), 1.5, Duration.ofSeconds(4), 0);
        assertThat(backoff.delay(0, 0.9)).isEqualTo(Duration.ofSeconds(1));
        assertThat(backoff.delay(2, 0.9)).isEqualTo(Duration.ofMillis(2250));
        assertThat(backoff.delay(4, 0.9)).isEqualTo(Duration.ofSeconds(4));
    }

    @Property
    void staysWithinTheJitterHoweverOftenItIsTried(
            @ForAll @IntRange(max = Integer.MAX_VALUE) int attempt,
            @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double random) {
        assertThat(Backoff.RETRY.delay(attempt, random)).isBetween(Duration.ofMillis(375), Duration.ofMillis(37_500));
    }

    @Test
    void refusesWhatWouldNotWait() {
        Duration second = Duration.ofSeconds(1);
        assertThatThrownBy(() -> new Backoff(Duration.ZERO, 2, second, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Backoff(second, 0.5, second, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Backoff(second, 2, Duration.ZERO, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Backoff(second, 2, second, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
