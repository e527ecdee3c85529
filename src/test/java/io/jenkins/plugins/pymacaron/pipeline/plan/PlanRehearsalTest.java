package io.jenkins.plugins.pymacaron.pipeline.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.pipeline.FakeTarget;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Change;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The operations of a deployment asked what they would do. */
class PlanRehearsalTest {
    private static final Candidate TWO = new Candidate("two", "image", "two", "sha256:two", "c-two");

    private FakeTarget live;

    @BeforeEach
    void begin() throws IOException {
        live = new FakeTarget("docker/hello/live");
        live.serving("one", "c-one");
    }

    @AfterEach
    void end() {
        live.close();
    }

    @Test
    void aPlanNamesEffectsAndWaitsInTheirOrderAndNothingHappens() throws Exception {
        PlanRehearsal plan = PlanRehearsal.of(live.prepare(TWO));

        assertThat(plan.lines()).containsExactly("  create r-two", "  wait for r-two to be ready");
        assertThat(plan.effects()).extracting(Effect::key).containsExactly("create:r-two");
        assertThat(Deployed.fromMap(plan.result()).map(Deployed::version)).contains("two");
        assertThat(live.applied).isEmpty();
        assertThat(live.versions()).containsExactly("one");
    }

    @Test
    void aCanaryShowsItsSteps() throws Exception {
        live.canary = true;

        PlanRehearsal plan = PlanRehearsal.of(live.activate(TWO, live.current().orElseThrow(), live.current()));

        assertThat(plan.lines()).containsExactly("  share r-one", "  wait for r-one to do well", "  route r-one");
    }

    @Test
    void aChangeWithNothingToDoHasNoLines() throws Exception {
        assertThat(PlanRehearsal.of(live.retire(live.current().orElseThrow(), 1))
                        .lines())
                .isEmpty();
    }

    /** The plan would else go on for ever. */
    @Test
    void anOperationThatDoesNotGoOnAfterWhatItHopedForIsAFaultOfOurs() throws Exception {
        Change prepare = live.prepare(TWO);
        Change hopeless = new Change(prepare.operation(), prepare.params(), Map.of("revision", Map.of()));

        assertThatThrownBy(() -> PlanRehearsal.of(hopeless))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("fake.prepare does not go on after what it hoped for");
    }
}
