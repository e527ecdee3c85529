package io.jenkins.plugins.pymacaron.target.cloudrun;

import io.jenkins.plugins.pymacaron.operation.Decision;
import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.Observation;
import io.jenkins.plugins.pymacaron.operation.Operation;
import io.jenkins.plugins.pymacaron.operation.State;
import io.jenkins.plugins.pymacaron.target.Expectation;
import io.jenkins.plugins.pymacaron.target.LiveMark.Claim;
import io.jenkins.plugins.pymacaron.target.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a revision and proves it: in staging with all traffic, for live without any, on the URL of a tag. A service that
 * is not there yet is made with it.
 */
final class Prepare implements Operation {
    static final String KIND = "cloud-run.prepare";

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Decision decide(State state, Optional<Observation> latest, Instant now) {
        Rollout r = Rollout.read(state.params());
        Map<String, String> result = new HashMap<>(r.deployed().toMap());
        state.result(Effects.locate(r.revision(), tag(r)).key())
                .map(located -> located.data().get(Effects.URL))
                .ifPresent(url -> result.put("url", url));
        return Step.next(line(r, operation(r, state), Claim.in(state.params())), state, latest, now, result);
    }

    private static String operation(Rollout r, State state) {
        return first(r).map(effect -> Effects.operation(effect, state)).orElse("");
    }

    private static List<Step> line(Rollout r, String operation, Optional<Claim> claim) {
        List<Step> line = new ArrayList<>();
        first(r).or(() -> claim.map(c -> Effects.claim(r.names().service(), r.revision())))
                .ifPresent(effect ->
                        line.add(new Step.Do(r.atOnce() ? Expectation.forth(effect, states(r), claim) : effect)));
        access(r).ifPresent(effect -> line.add(new Step.Do(effect)));
        line.add(Waits.ready(r, operation));
        line.add(new Step.Do(Effects.locate(r.revision(), tag(r))));
        line.add(r.atOnce() ? Waits.serving(r, operation) : Waits.answering(r));
        return line;
    }

    /** Where this operation finds the traffic, and puts it. */
    private static List<String> states(Rollout r) {
        return List.of(r.before().text(), Traffic.all(r.revision()).text());
    }

    private static Optional<Effect> first(Rollout r) {
        return switch (r.there()) {
            case NOTHING -> Optional.of(Effects.create(r));
            case SERVICE -> Optional.of(Effects.deploy(r));
            case REVISION ->
                Optional.of(
                        r.atOnce()
                                ? Effects.traffic(
                                        r.names().service(),
                                        Traffic.all(r.revision()),
                                        r.before(),
                                        r.spec().settings(),
                                        r.spec().settings().changes(r.had()),
                                        "")
                                : Effects.tag(r.revision(), r.tag()));
            case SERVES -> Optional.empty();
        };
    }

    private static Optional<Effect> access(Rollout r) {
        return Accesses.change(r.access(), r.names().service());
    }

    /** Under which tag the revision answers; none where it gets the traffic. */
    private static String tag(Rollout r) {
        return r.atOnce() ? "" : r.tag();
    }

    @Override
    public List<Effect> undo(State state) {
        Rollout r = Rollout.read(state.params());
        Optional<Claim> claim = Claim.in(state.params());
        List<Effect> back = new ArrayList<>();
        if (access(r).filter(effect -> state.touched(effect.key())).isPresent() && r.there() != Rollout.There.NOTHING) {
            Effect access = Accesses.back(r.access(), r.names().service()).orElseThrow();
            back.add(r.atOnce() ? Expectation.back(access, states(r), claim) : access);
        }
        if (first(r).filter(effect -> state.touched(effect.key())).isEmpty()) {
            return back;
        }
        if (r.there() == Rollout.There.NOTHING) {
            return List.of(Expectation.back(
                    Effects.deleteService(r.names().service(), r.deployed().deploymentId()),
                    List.of("", Traffic.all(r.revision()).text()),
                    claim));
        }
        if (!r.atOnce()) {
            back.add(Effects.untag(r.tag()));
        } else if (!r.before().shares().isEmpty()) {
            back.add(Expectation.back(
                    Effects.traffic(r.names().service(), r.before(), new Traffic(Map.of()), r.had(), "", r.revision()),
                    states(r),
                    claim));
            back.add(Expectation.back(Effects.serves(r.names().service(), r.before(), r.within()), states(r), claim));
        }
        if (r.there() == Rollout.There.SERVICE) {
            back.add(Effects.deleteRevision(r.revision()));
        }
        return back;
    }
}
