package io.jenkins.plugins.pymacaron.pipeline;

import io.jenkins.plugins.pymacaron.operation.Decision;
import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.Observation;
import io.jenkins.plugins.pymacaron.operation.Operation;
import io.jenkins.plugins.pymacaron.operation.State;
import io.jenkins.plugins.pymacaron.operation.Subject;
import io.jenkins.plugins.pymacaron.targets.CanaryVerdict;
import io.jenkins.plugins.pymacaron.targets.Expectation;
import io.jenkins.plugins.pymacaron.targets.LiveMark.Claim;
import io.jenkins.plugins.pymacaron.targets.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A change of {@link FakeTarget} as a line of steps: makes a revision and waits until it is ready, gives it a share of the
 * traffic, sends all of the traffic to it, deletes others. Its parameters say which of these.
 */
record FakeOperation(String kind) implements Operation {
    static final String CREATE = "create";
    static final String SHARE = "share";
    static final String ROUTE = "route";
    static final String DELETE = "delete";
    static final String FROM = "from";
    static final String READY = "ready";

    /** Subject of a revision that is being made. */
    static final String MADE = "revision";
    /** Subject of a revision with a part of the traffic. */
    static final String TRIED = "tried";

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static Effect effect(String verb, String revision, Map<String, String> more) {
        Map<String, String> args = new HashMap<>(more);
        args.put("program", revision);
        return new Effect(
                verb + ":" + revision,
                verb,
                args,
                Duration.ZERO,
                verb + " " + (revision.isEmpty() ? "nothing" : revision));
    }

    private static List<Step> line(State state) {
        Map<String, String> params = state.params();
        Optional<Claim> claim = Claim.in(params);
        List<Step> line = new ArrayList<>();
        Optional.ofNullable(params.get(CREATE)).ifPresent(revision -> {
            line.add(new Step.Do(effect(CREATE, revision, params)));
            line.add(new Step.Until(new Subject(MADE, revision), PATIENCE, revision + " to be ready", seen -> {
                String ready = seen.facts().getOrDefault(READY, "");
                return ready.isEmpty()
                        ? Step.Verdict.waitOn("it is starting")
                        : ready.equals("true") ? Step.Verdict.GO_ON : Step.Verdict.fail(ready);
            }));
        });
        Optional.ofNullable(params.get(SHARE)).ifPresent(revision -> {
            line.add(
                    new Step.Do(Expectation.forth(effect(SHARE, revision, Map.of()), List.of(Expectation.ANY), claim)));
            line.add(new Step.Until(
                    new Subject(TRIED, revision),
                    PATIENCE,
                    revision + " to do well",
                    seen -> CanaryVerdict.judge(seen.facts(), Step.Verdict.GO_ON)));
        });
        Optional.ofNullable(params.get(ROUTE))
                .ifPresent(revision -> line.add(new Step.Do(
                        Expectation.forth(effect(ROUTE, revision, Map.of()), List.of(Expectation.ANY), claim))));
        deletes(params).forEach(revision -> line.add(new Step.Do(effect(DELETE, revision, Map.of()))));
        return line;
    }

    private static List<String> deletes(Map<String, String> params) {
        String all = params.getOrDefault(DELETE, "");
        return all.isEmpty() ? List.of() : List.of(all.split(" "));
    }

    @Override
    public Decision decide(State state, Optional<Observation> latest, Instant now) {
        return Step.next(line(state), state, latest, now, state.params());
    }

    /** A deleted version does not come back; everything else is as it was. */
    @Override
    public List<Effect> undo(State state) {
        Map<String, String> params = state.params();
        List<Effect> back = new ArrayList<>();
        boolean moved =
                state.touched(ROUTE + ":" + params.get(ROUTE)) || state.touched(SHARE + ":" + params.get(SHARE));
        if (moved) {
            back.add(Expectation.undo(
                    effect(ROUTE, params.getOrDefault(FROM, ""), Map.of()),
                    List.of(Expectation.ANY),
                    Claim.in(params)));
        }
        if (state.touched(CREATE + ":" + params.get(CREATE))) {
            back.add(effect(DELETE, params.get(CREATE), Map.of()));
        }
        return back;
    }
}
