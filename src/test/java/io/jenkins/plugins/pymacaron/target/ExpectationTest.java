package io.jenkins.plugins.pymacaron.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExpectationTest {
    /** The driver puts in front of it what could not be done; the run has to know it all the same. */
    @Test
    void aRefusalIsKnownByTheReasonThatTheOperationEndsWith() {
        Effect effect = Expectation.forth(
                new Effect("traffic", "traffic", Map.of(), Duration.ZERO, "send the traffic to v2"),
                List.of("v1", "v2"));
        assertThatThrownBy(() -> Expectation.holds(effect, "the traffic of hello", "v3"))
                .satisfies(refused -> {
                    State state = State.begun("kind", Map.of(), Instant.EPOCH)
                            .with(
                                    effect,
                                    new State.Result(
                                            State.Result.How.REJECTED, Map.of(), refused.getMessage(), Instant.EPOCH));

                    assertThat(Expectation.why(state.rejection().orElseThrow()))
                            .contains("the traffic of hello is v3 by now, which another deployment made; it stays as it"
                                    + " is");
                });
    }

    @Test
    void anotherFailureIsNotTakenForIt() {
        assertThat(Expectation.why("could not send the traffic to v2: forbidden"))
                .isEmpty();
    }
}
