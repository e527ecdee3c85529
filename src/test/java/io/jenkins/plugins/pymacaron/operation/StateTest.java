package io.jenkins.plugins.pymacaron.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.operation.State.Result;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StateTest {
    private final State begun = State.begun("test.chain", Chain.length(2), VirtualTime.BEGIN);

    private static Result result(Result.How how) {
        return new Result(how, Map.of("id", "7"), "because", VirtualTime.BEGIN.plusSeconds(1));
    }

    @Test
    void knowsWhatItWasBegunWith() {
        assertThat(begun.kind()).isEqualTo("test.chain");
        assertThat(begun.params()).isEqualTo(Chain.length(2));
        assertThat(begun.started()).isEqualTo(VirtualTime.BEGIN);
        assertThat(begun.result("make-0")).isEmpty();
        assertThat(begun.touched("make-0")).isFalse();
        assertThat(begun.outcome()).isEmpty();
    }

    @Test
    void everyResultButARejectionMayHaveLeftSomething() {
        for (Result.How how : Result.How.values()) {
            State state = begun.with(Chain.make(0), result(how));
            assertThat(state.result("make-0")).contains(result(how));
            assertThat(state.touched("make-0")).isEqualTo(how != Result.How.REJECTED);
        }
    }

    @Test
    void anOpenIntentMayHaveLeftSomething() {
        State state = begun.with(new Entry.Intent(VirtualTime.BEGIN, Chain.make(0), false));
        assertThat(state.touched("make-0")).isTrue();
        assertThat(state.result("make-0")).isEmpty();
    }

    @Test
    void saysWhyAnEffectWasRejected() {
        assertThat(begun.rejection()).isEmpty();
        for (Result.How how : List.of(Result.How.REJECTED, Result.How.DOUBTFUL)) {
            assertThat(begun.with(Chain.make(0), result(how)).rejection()).contains("could not make thing-0: because");
        }
    }

    @Test
    void isNotChangedByWhatFollows() {
        begun.with(Chain.make(0), result(Result.How.APPLIED));
        assertThat(begun.result("make-0")).isEmpty();
        assertThatThrownBy(() -> begun.with(Chain.make(0), result(Result.How.APPLIED))
                        .with(Chain.make(0), result(Result.How.APPLIED)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anEffectHasAKeyAndTime() {
        assertThatThrownBy(() -> new Effect("", "v", Map.of(), Chain.SETTLE, "s"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Effect("k", "v", Map.of(), Chain.SETTLE.negated(), "s"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Chain.make(0).within(java.time.Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new Subject("container", "x")).hasToString("container x");
    }
}
