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

    /** Returns the parameters of the deletion of a canary. @param deployment its Deployment */
    static Map<String, String> canary(List<GkeEffects> acts, String deployment) {
        return Map.of(ACTS, GkeEffects.write(acts), GkeEffects.COMPARED, deployment);
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Decision decide(State state, Optional<Observation> latest, Instant now) {
        Map<String, String> params = state.params();
        List<Step> line = GkeEffects.read(params.get(ACTS)).stream()
                .<Step>map(act -> new Step.Do(effect(act, params)))
                .toList();
        return Step.next(line, state, latest, now, Map.of());
    }

    /**
     * Returns the effect, which expects that no other deployment has taken over what serves; a canary that another run
     * has made since is left alone.
     */
    private static Effect effect(GkeEffects act, Map<String, String> params) {
        Optional<Claim> claim = Claim.in(params);
        Optional<Claim> canary = Claim.ofCandidate(params);
        if (canary.isPresent()) {
            return GkeEffects.compared(
                    Expectation.undo(act.effect(), List.of(Expectation.ANY), canary), params.get(GkeEffects.COMPARED));
        }
        return claim.isEmpty() ? act.effect() : Expectation.forth(act.effect(), List.of(Expectation.ANY), claim);
    }

    /** Returns no effects: deleted objects are not needed, and an interrupted deletion has simply deleted fewer. */
    @Override
    public List<Effect> undo(State state) {
        return List.of();
    }
}
