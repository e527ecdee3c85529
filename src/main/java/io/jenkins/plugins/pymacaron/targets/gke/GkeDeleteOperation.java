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

/** Deletes objects that are no longer needed. Which ones was settled when it was asked for. */
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

    /** What serves is not another deployment's by now. */
    private static Effect effect(GkeEffects act, Optional<Claim> claim) {
        return claim.isEmpty() ? act.effect() : Expectation.forth(act.effect(), List.of(Expectation.ANY), claim);
    }

    /** What was deleted is not needed: a removal that was broken off is simply shorter. */
    @Override
    public List<Effect> undo(State state) {
        return List.of();
    }
}
