package io.jenkins.plugins.pymacaron.pipeline;

import io.jenkins.plugins.pymacaron.operation.Decision;
import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.Observation;
import io.jenkins.plugins.pymacaron.operation.State;
import io.jenkins.plugins.pymacaron.target.Change;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A change asked what it would do, as if all went well. Nothing happens.
 *
 * @param effects in their order
 * @param lines what it would do and wait for, as a plan shows it
 * @param result what the change would return at its end
 */
record Rehearsal(List<Effect> effects, List<String> lines, Map<String, String> result) {

    static Rehearsal of(Change change) {
        List<Effect> effects = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        State state = State.begun(change.operation().kind(), change.params(), Instant.EPOCH);
        Optional<Observation> seen = Optional.empty();
        while (true) {
            Decision decision = change.operation().decide(state, seen, Instant.EPOCH);
            if (decision instanceof Decision.Apply apply) {
                Effect effect = apply.effect();
                effects.add(effect);
                lines.add("  " + effect.sentence());
                state = state.with(effect, new State.Result(State.Result.How.APPLIED, Map.of(), "", Instant.EPOCH));
                seen = Optional.empty();
            } else if (decision instanceof Decision.Await await) {
                if (seen.isPresent()) {
                    throw new IllegalStateException(
                            change.operation().kind() + " does not go on after what it hoped for");
                }
                lines.add("  wait for " + await.what());
                seen = Optional.of(new Observation(
                        await.subject(),
                        Instant.EPOCH,
                        change.hoped().get(await.subject().kind())));
            } else if (decision instanceof Decision.Done done) {
                return new Rehearsal(effects, lines, done.result());
            } else {
                throw new IllegalStateException(decision.toString());
            }
        }
    }
}
