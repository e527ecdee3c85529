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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Deletes resources that are no longer needed. They are settled when the operation is asked for. A tag that another run
 * has set since stays, and so does its revision.
 */
final class CloudRunDeleteOperation implements Operation {
    static final String KIND = "cloud-run.remove";

    /** With the name of a tag: the mark of its candidate, when the operation was settled. */
    private static final String MARK = "mark.";

    @Override
    public String kind() {
        return KIND;
    }

    static Map<String, String> params(List<String> tags, List<String> revisions) {
        return Map.of("tags", String.join(" ", tags), "revisions", String.join(" ", revisions));
    }

    /** Returns the parameters that delete those tags and revisions. @param notes the annotations of the service now */
    static Map<String, String> params(List<String> tags, List<String> revisions, Map<String, String> notes) {
        Map<String, String> params = new HashMap<>(params(tags, revisions));
        tags.forEach(tag -> params.put(MARK + tag, CloudRunMetadata.candidate(notes, tag)));
        return params;
    }

    /** Returns the parameters that delete a candidate, unless another run has made it serve since; as {@link #params}. */
    static Map<String, String> candidate(List<String> tags, String revision, Map<String, String> notes) {
        Map<String, String> params = params(tags, List.of(), notes);
        params.put("candidate", revision);
        return params;
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
        words(params.get("tags")).map(tag -> untag(tag, params)).forEach(effects::add);
        words(params.get("candidate")).map(CloudRunEffects::deleteCandidate).forEach(effects::add);
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

    private static Effect untag(String tag, Map<String, String> params) {
        Effect untag = CloudRunEffects.untag(tag);
        // The candidate of another run is no failure: as in an undo, there is nothing to do.
        return Optional.ofNullable(params.get(MARK + tag))
                .map(mark -> Expectation.undo(untag, List.of(Expectation.ANY), Optional.of(new Claim(mark, mark))))
                .orElse(untag);
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
