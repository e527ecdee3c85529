package io.jenkins.plugins.pymacaron.target.docker;

import io.jenkins.plugins.pymacaron.operation.Decision;
import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.Observation;
import io.jenkins.plugins.pymacaron.operation.Operation;
import io.jenkins.plugins.pymacaron.operation.State;
import io.jenkins.plugins.pymacaron.target.Step;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Removes containers that are no longer needed. Which ones was settled when it was asked for. */
final class Retire implements Operation {
    static final String KIND = "docker.retire";
    private static final String CONTAINERS = "containers";

    static Map<String, String> params(List<String> containers) {
        return Map.of(CONTAINERS, String.join(" ", containers));
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Decision decide(State state, Optional<Observation> latest, Instant now) {
        String names = state.params().get(CONTAINERS);
        List<Step> line = names.isEmpty()
                ? List.of()
                : List.of(names.split(" ")).stream()
                        .<Step>map(name -> new Step.Do(Effects.remove(name)))
                        .toList();
        return Step.next(line, state, latest, now, Map.of());
    }

    /** What was removed is not needed: a retirement that was broken off is simply shorter. */
    @Override
    public List<Effect> undo(State state) {
        return List.of();
    }
}
