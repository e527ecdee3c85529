package io.jenkins.plugins.pymacaron.targets.gke;

import io.jenkins.plugins.pymacaron.operation.Decision;
import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.Observation;
import io.jenkins.plugins.pymacaron.operation.Operation;
import io.jenkins.plugins.pymacaron.operation.State;
import io.jenkins.plugins.pymacaron.targets.Expectation;
import io.jenkins.plugins.pymacaron.targets.LiveMark.Claim;
import io.jenkins.plugins.pymacaron.targets.Step;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Deletes objects that are no longer needed. They are settled when the operation is asked for. */
final class GkeDeleteOperation implements Operation {
    static final String KIND = "gke.remove";
    private static final String ACTS = "acts";

    static Map<String, String> params(List<GkeEffects> acts) {
        return Map.of(ACTS, GkeEffects.write(acts));
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Decision decide(State state, Optional<Observation> latest, Instant now) {
        Optional<Claim> claim = Claim.in(state.params());
        List<Step> line = GkeEffects.read(state.params().get(ACTS)).stream()
                .<Step>map(act -> new Step.Do(effect(act, claim)))
                .toList();
        return Step.next(line, state, latest, now, Map.of());
    }

    /** Returns the effect, which expects that no other deployment has taken over what serves. */
    private static Effect effect(GkeEffects act, Optional<Claim> claim) {
        return claim.isEmpty() ? act.effect() : Expectation.forth(act.effect(), List.of(Expectation.ANY), claim);
    }

    /** Returns no effects: deleted objects are not needed, and an interrupted deletion has simply deleted fewer. */
    @Override
    public List<Effect> undo(State state) {
        return List.of();
    }
}
