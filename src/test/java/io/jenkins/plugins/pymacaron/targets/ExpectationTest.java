package io.jenkins.plugins.pymacaron.targets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.State;
import io.jenkins.plugins.pymacaron.targets.LiveMark.Claim;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExpectationTest {
    /** The driver puts in front of it what could not be done; the run has to know it all the same. */
    @Test
    void aRefusalIsKnownByTheReasonThatTheOperationEndsWith() {
        Effect effect = Expectation.forth(
                new Effect("traffic", "traffic", Map.of(), Duration.ZERO, "send the traffic to v2"),
                List.of("v1", "v2"),
                Optional.empty());
        assertThatThrownBy(() -> Expectation.holds(effect, "the traffic of hello", "v3", ""))
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
    void theOtherRunIsNamedWhoseMarkIsThere() {
        Effect effect = new Effect("traffic", "traffic", Map.of(), Duration.ZERO, "send the traffic to v2");
        List<String> states = List.of("v1", "v2");
        Optional<Claim> claim = Optional.of(Claim.of("run-1", "", "v2"));
        String theirs = Claim.of("run-2", "", "v2").mine();

        assertThatThrownBy(() -> Expectation.holds(Expectation.forth(effect, states, claim), "live", "v2", theirs))
                .satisfies(refused -> assertThat(Expectation.why("could not do it: " + refused.getMessage()))
                        .contains(
                                "superseded by v2 of run-2: live is v2 by now, which another deployment made; it stays"
                                        + " as it is"));
        assertThat(Expectation.isOver(Expectation.undo(effect, states, claim), "v2", theirs))
                .isTrue();
    }

    @Test
    void aMarkOfItsOwnAndTheOneBeforeAreExpected() throws Exception {
        String before = Claim.of("run-0", "", "v1").mine();
        Claim claim = Claim.of("run-1", before, "v2");
        Effect effect = Expectation.forth(
                new Effect("traffic", "traffic", Map.of(), Duration.ZERO, "send"), List.of("v1"), Optional.of(claim));

        assertThat(Expectation.holds(effect, "live", "v1", before)).isTrue();
        assertThat(Expectation.holds(effect, "live", "v1", claim.mine())).isTrue();
        assertThat(Expectation.isMarked(effect, before)).isFalse();
        assertThat(Expectation.isMarked(effect, claim.mine())).isTrue();
    }

    @Test
    void aMarkFitsIntoATagAndIsReadAgain() {
        LiveMark mark = new LiveMark("host/ü" + "r".repeat(300), "v 1" + "x".repeat(300), "abc");

        assertThat(mark.text()).hasSizeLessThanOrEqualTo(256).matches("[A-Za-z0-9._+=:/@ -]+");
        assertThat(LiveMark.parse(mark.text()).orElseThrow().text()).isEqualTo(mark.text());
        assertThat(LiveMark.parse("written by hand")).isEmpty();
        assertThat(LiveMark.parse("")).isEmpty();
    }

    @Test
    void anotherFailureIsNotTakenForIt() {
        assertThat(Expectation.why("could not send the traffic to v2: forbidden"))
                .isEmpty();
    }
}
