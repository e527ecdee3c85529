package io.jenkins.plugins.pymacaron.target.cloudrun;

import io.jenkins.plugins.pymacaron.operation.Decision;
import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.Observation;
import io.jenkins.plugins.pymacaron.operation.Operation;
import io.jenkins.plugins.pymacaron.operation.State;
import io.jenkins.plugins.pymacaron.target.Expectation;
import io.jenkins.plugins.pymacaron.target.LiveMark.Claim;
import io.jenkins.plugins.pymacaron.target.Step;
import io.jenkins.plugins.pymacaron.target.Unchanged;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sends the traffic of a service to a revision that is there: at once or step by step, forth or back. */
final class Shift implements Operation {
    static final String KIND = "cloud-run.shift";

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Decision decide(State state, Optional<Observation> latest, Instant now) {
        Move m = Move.read(state.params());
        return Step.next(line(m, state), state, latest, now, m.deployed().toMap());
    }

    private static List<Step> line(Move m, State state) {
        Optional<Claim> claim = Claim.in(state.params());
        List<Step> line = new ArrayList<>();
        // Where it serves already, its own proof is all that there is to wait for.
        boolean changes = !m.from().equals(m.to()) || m.access() != Rollout.Access.AS_IT_IS;
        m.expected()
                .filter(expected -> changes)
                .ifPresent(expected -> line.add(Unchanged.step(
                        m.deployed().environment(), expected, m.deployed().deploymentId())));
        if (!m.from().equals(m.to())) {
            for (int percent : m.canary()) {
                Traffic share = m.share(percent);
                Effect canary = Effects.canary(m.service(), share, m.revision());
                line.add(new Step.Do(Expectation.forth(canary, states(m), claim)));
                line.add(Waits.canary(m, share, Effects.operation(canary, state)));
            }
            line.add(new Step.Do(Expectation.forth(last(m), states(m), claim)));
        } else if (claim.isPresent()) {
            line.add(new Step.Do(Expectation.forth(Effects.claim(m.service(), m.revision()), states(m), claim)));
        }
        Accesses.change(m.access(), m.service())
                .ifPresent(effect -> line.add(new Step.Do(Expectation.forth(effect, states(m), claim))));
        line.add(Waits.live(m, m.from().equals(m.to()) ? "" : Effects.operation(last(m), state)));
        return line;
    }

    private static Effect last(Move m) {
        return Effects.traffic(
                m.service(), m.to(), m.from(), m.settings(), m.settings().changes(m.had()), m.forget());
    }

    /** Where this operation finds the traffic, and puts it. */
    static List<String> states(Move m) {
        List<String> states = new ArrayList<>(List.of(m.from().text(), m.to().text()));
        m.canary().forEach(percent -> states.add(m.share(percent).text()));
        return states;
    }

    @Override
    public List<Effect> undo(State state) {
        Move m = Move.read(state.params());
        Optional<Claim> claim = Claim.in(state.params());
        List<Effect> back = new ArrayList<>();
        Accesses.change(m.access(), m.service())
                .filter(effect -> state.touched(effect.key()))
                .flatMap(effect -> Accesses.back(m.access(), m.service()))
                .map(effect -> Expectation.back(effect, states(m), claim))
                .ifPresent(back::add);
        boolean moved = state.touched(last(m).key())
                || m.canary().stream()
                        .anyMatch(percent -> state.touched(Effects.canary(m.service(), m.share(percent), m.revision())
                                .key()));
        // Where nothing served before there is nothing to send the traffic back to; withdrawing takes the service away.
        if (moved && !m.from().shares().isEmpty()) {
            back.add(
                    0,
                    Expectation.back(
                            Effects.traffic(m.service(), m.from(), new Traffic(Map.of()), m.had(), "", m.revision()),
                            states(m),
                            claim));
            back.add(1, Expectation.back(Effects.serves(m.service(), m.from(), m.within()), states(m), claim));
        }
        return back;
    }
}
