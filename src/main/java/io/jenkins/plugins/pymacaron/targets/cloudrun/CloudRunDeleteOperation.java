package io.jenkins.plugins.pymacaron.targets.cloudrun;

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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Deletes resources that are no longer needed. They are settled when the operation is asked for. */
final class CloudRunDeleteOperation implements Operation {
    static final String KIND = "cloud-run.remove";

    @Override
    public String kind() {
        return KIND;
    }

    static Map<String, String> params(List<String> tags, List<String> revisions) {
        return Map.of("tags", String.join(" ", tags), "revisions", String.join(" ", revisions));
    }

    /**
     * Returns the parameters that delete a service with all its contents, which the deployment has made.
     *
     * @param traffic the traffic split now
     */
    static Map<String, String> service(String service, String madeBy, TrafficSplit traffic) {
        return Map.of("service", service, "madeBy", madeBy, "traffic", traffic.text());
    }

    @Override
    public Decision decide(State state, Optional<Observation> latest, Instant now) {
        return Step.next(effects(state.params()).<Step>map(Step.Do::new).toList(), state, latest, now, Map.of());
    }

    private static Stream<Effect> effects(Map<String, String> params) {
        List<Effect> effects = new ArrayList<>();
        words(params.get("tags")).map(CloudRunEffects::untag).forEach(effects::add);
        words(params.get("revisions")).map(CloudRunEffects::deleteRevision).forEach(effects::add);
        if (params.containsKey("service")) {
            Effect delete = CloudRunEffects.deleteService(params.get("service"), params.get("madeBy"));
            Optional<Claim> claim = Claim.in(params);
            effects.add(
                    claim.isEmpty()
                            ? delete
                            : Expectation.forth(delete, List.of(params.getOrDefault("traffic", "")), claim));
        }
        return effects.stream();
    }

    private static Stream<String> words(String text) {
        return text == null ? Stream.empty() : Stream.of(text.split(" ")).filter(word -> !word.isEmpty());
    }

    /** Returns no effects: deleted resources are not needed, and an interrupted deletion has simply deleted fewer. */
    @Override
    public List<Effect> undo(State state) {
        return List.of();
    }
}
