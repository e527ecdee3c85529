package io.jenkins.plugins.pymacaron.targets.docker;

import io.jenkins.plugins.pymacaron.operation.Decision;
import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.Observation;
import io.jenkins.plugins.pymacaron.operation.Operation;
import io.jenkins.plugins.pymacaron.operation.State;
import io.jenkins.plugins.pymacaron.targets.Expectation;
import io.jenkins.plugins.pymacaron.targets.LiveMark.Claim;
import io.jenkins.plugins.pymacaron.targets.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Stops and removes containers that are no longer needed. They are settled when the operation is asked for. */
final class DockerDeleteOperation implements Operation {
    static final String KIND = "docker.retire";
    /** The containers to remove. */
    private static final String CONTAINERS = "containers";
    /** The containers to stop and keep. */
    private static final String STOPPED = "stopped";

    /** The containers to remove unless they run by then. */
    private static final String IDLE = "idle";

    private static final String REHEARSALS = "rehearsals";
    /** The container that serves, for a retention. */
    private static final String SERVING = "serving";

    static Map<String, String> params(List<String> stopped, List<String> removed) {
        return Map.of(CONTAINERS, String.join(" ", removed), STOPPED, String.join(" ", stopped));
    }

    /**
     * Returns the parameters of a retention, see {@link DockerEffects#beside}.
     *
     * @param idle the containers to remove that do not run
     * @param rehearsals the containers to remove that serve no user
     * @param serving the container that serves; empty if there is none that the others could replace
     */
    static Map<String, String> params(
            List<String> stopped,
            List<String> removed,
            List<String> idle,
            List<String> rehearsals,
            Optional<String> serving) {
        Map<String, String> params = new HashMap<>(params(stopped, removed));
        params.put(REHEARSALS, String.join(" ", rehearsals));
        params.put(IDLE, String.join(" ", idle));
        serving.ifPresent(name -> params.put(SERVING, name));
        return params;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Decision decide(State state, Optional<Observation> latest, Instant now) {
        List<Step> line = new ArrayList<>();
        Optional<String> serving = Optional.ofNullable(state.params().get(SERVING));
        names(state, STOPPED).forEach(name -> line.add(new Step.Do(beside(serving, DockerEffects.stop(name)))));
        Optional<Claim> claim = Claim.in(state.params());
        for (String name : names(state, CONTAINERS)) {
            Effect remove = beside(serving, DockerEffects.remove(name));
            line.add(
                    new Step.Do(claim.isEmpty() ? remove : Expectation.forth(remove, List.of(Expectation.ANY), claim)));
        }
        names(state, REHEARSALS).forEach(name -> line.add(new Step.Do(DockerEffects.remove(name))));
        names(state, IDLE).forEach(name -> line.add(new Step.Do(DockerEffects.ifStopped(DockerEffects.remove(name)))));
        return Step.next(line, state, latest, now, Map.of());
    }

    private static Effect beside(Optional<String> serving, Effect effect) {
        return serving.map(name -> DockerEffects.beside(name, effect)).orElse(effect);
    }

    private static List<String> names(State state, String param) {
        String names = state.params().getOrDefault(param, "");
        return names.isEmpty() ? List.of() : List.of(names.split(" "));
    }

    /** Returns no effects: removed containers are not needed, and an interrupted removal has simply removed fewer. */
    @Override
    public List<Effect> undo(State state) {
        return List.of();
    }
}
