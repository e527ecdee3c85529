package io.jenkins.plugins.pymacaron.targets.cloudrun;

import io.jenkins.plugins.pymacaron.operation.Decision;
import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.Observation;
import io.jenkins.plugins.pymacaron.operation.Operation;
import io.jenkins.plugins.pymacaron.operation.State;
import io.jenkins.plugins.pymacaron.targets.Expectation;
import io.jenkins.plugins.pymacaron.targets.LiveMark.Claim;
import io.jenkins.plugins.pymacaron.targets.LiveUnchangedCheck;
import io.jenkins.plugins.pymacaron.targets.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sends the traffic of a service to a revision that exists: at once or step by step, forward or in a rollback. */
final class CloudRunActivateOperation implements Operation {
    static final String KIND = "cloud-run.shift";

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Decision decide(State state, Optional<Observation> latest, Instant now) {
        CloudRunActivateParameters m = CloudRunActivateParameters.read(state.params());
        return Step.next(line(m, state), state, latest, now, m.deployed().toMap());
    }

    private static List<Step> line(CloudRunActivateParameters m, State state) {
        Optional<Claim> claim = Claim.in(state.params());
        List<Step> line = new ArrayList<>();
        // If it serves already, its own proof is the only wait.
        boolean changes = !m.from().equals(m.to()) || m.access() != CloudRunPrepareParameters.Access.AS_IT_IS;
        m.expected()
                .filter(expected -> changes)
                .ifPresent(expected -> line.add(LiveUnchangedCheck.step(
                        m.deployed().environment(), expected, m.deployed().deploymentId())));
        if (!m.from().equals(m.to())) {
            for (int percent : m.canary()) {
                TrafficSplit share = m.share(percent);
                Effect canary = CloudRunEffects.canary(m.service(), share, m.revision());
                line.add(new Step.Do(Expectation.forth(canary, states(m), claim)));
                line.add(CloudRunWaitConditions.canary(m, share, CloudRunEffects.operation(canary, state)));
            }
            line.add(new Step.Do(Expectation.forth(last(m), states(m), claim)));
        } else if (claim.isPresent()) {
            line.add(
                    new Step.Do(Expectation.forth(CloudRunEffects.claim(m.service(), m.revision()), states(m), claim)));
        }
        InvokerPolicies.change(m.access(), m.service())
                .ifPresent(effect -> line.add(new Step.Do(Expectation.forth(effect, states(m), claim))));
        line.add(CloudRunWaitConditions.live(
                m, m.from().equals(m.to()) ? "" : CloudRunEffects.operation(last(m), state)));
        return line;
    }

    private static Effect last(CloudRunActivateParameters m) {
        return CloudRunEffects.traffic(
                m.service(), m.to(), m.from(), m.settings(), m.settings().changes(m.had()), m.forget());
    }

    /** Returns the states of the traffic that this operation finds and makes. */
    static List<String> states(CloudRunActivateParameters m) {
        List<String> states =
                new ArrayList<>(List.of(m.from().text(), m.settled().text(), m.to().text()));
        m.canary().forEach(percent -> states.add(m.share(percent).text()));
        return states;
    }

    @Override
    public List<Effect> undo(State state) {
        CloudRunActivateParameters m = CloudRunActivateParameters.read(state.params());
        Optional<Claim> claim = Claim.in(state.params());
        List<Effect> back = new ArrayList<>();
        InvokerPolicies.change(m.access(), m.service())
                .filter(effect -> state.touched(effect.key()))
                .flatMap(effect -> InvokerPolicies.back(m.access(), m.service()))
                .map(effect -> Expectation.undo(CloudRunEffects.fencing(effect, state), states(m), claim))
                .ifPresent(back::add);
        boolean moved = state.touched(last(m).key())
                || m.canary().stream()
                        .anyMatch(percent ->
                                state.touched(CloudRunEffects.canary(m.service(), m.share(percent), m.revision())
                                        .key()));
        // If nothing served before, the traffic cannot be sent back; withdrawing deletes the service.
        if (moved && !m.settled().shares().isEmpty()) {
            // The version of a rollback was accepted before, so it stays in the history.
            String forget = m.forget().isEmpty() ? m.revision() : "";
            back.add(
                    0,
                    Expectation.undo(
                            CloudRunEffects.fenced(
                                    CloudRunEffects.traffic(
                                            m.service(), m.settled(), new TrafficSplit(Map.of()), m.had(), "", forget),
                                    state),
                            states(m),
                            claim));
            back.add(
                    1,
                    Expectation.undo(CloudRunEffects.serves(m.service(), m.settled(), m.within()), states(m), claim));
        }
        return back;
    }
}
