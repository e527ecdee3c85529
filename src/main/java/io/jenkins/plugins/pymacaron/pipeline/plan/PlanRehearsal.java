package io.jenkins.plugins.pymacaron.pipeline.plan;

import io.jenkins.plugins.pymacaron.operation.Decision;
import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.Observation;
import io.jenkins.plugins.pymacaron.operation.State;
import io.jenkins.plugins.pymacaron.targets.Change;
import io.jenkins.plugins.pymacaron.targets.Expectation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rehearsal of a change: the steps that it would take if everything succeeded. Nothing happens.
 *
 * @param steps in their order
 * @param result the result of the change at its end
 */
public record PlanRehearsal(List<Step> steps, Map<String, String> result) {
    /** An effect or a wait. @param effect empty for a wait @param line as a plan shows it */
    record Step(Optional<Effect> effect, String line) {}

    List<Effect> effects() {
        return steps.stream().flatMap(step -> step.effect().stream()).toList();
    }

    public List<String> lines() {
        return steps.stream().map(Step::line).toList();
    }

    public static PlanRehearsal of(Change change) {
        List<Step> steps = new ArrayList<>();
        State state = State.begun(change.operation().kind(), change.params(), Instant.EPOCH);
        Optional<Observation> seen = Optional.empty();
        while (true) {
            Decision decision = change.operation().decide(state, seen, Instant.EPOCH);
            if (decision instanceof Decision.Apply apply) {
                Effect effect = apply.effect();
                if (!Expectation.isNote(effect)) {
                    steps.add(new Step(Optional.of(effect), "  " + effect.sentence()));
                }
                state = state.with(effect, new State.Result(State.Result.How.APPLIED, Map.of(), "", Instant.EPOCH));
                seen = Optional.empty();
            } else if (decision instanceof Decision.Await await) {
                if (seen.isPresent()) {
                    throw new IllegalStateException(
                            change.operation().kind() + " does not go on after what it hoped for");
                }
                steps.add(new Step(Optional.empty(), "  wait for " + await.what()));
                seen = Optional.of(new Observation(
                        await.subject(),
                        Instant.EPOCH,
                        change.hoped().get(await.subject().kind())));
            } else if (decision instanceof Decision.Done done) {
                return new PlanRehearsal(steps, done.result());
            } else {
                throw new IllegalStateException(decision.toString());
            }
        }
    }
}
