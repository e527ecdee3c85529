package io.jenkins.plugins.pymacaron.targets.beanstalk;

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
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Makes an environment the owner of the live CNAME, and proves it through the URL that users know. A swap is its own
 * inverse, so the effect is never "swap" but "this one owns it".
 */
final class BeanstalkActivateOperation implements Operation {
    static final String KIND = "beanstalk.swap";

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Decision decide(State state, Optional<Observation> latest, Instant now) {
        BeanstalkActivateParameters s = BeanstalkActivateParameters.read(state.params());
        return Step.next(
                line(s, Claim.in(state.params())),
                state,
                latest,
                now,
                s.deployed().toMap());
    }

    private static List<Step> line(BeanstalkActivateParameters s, Optional<Claim> claim) {
        List<Step> line = new ArrayList<>();
        if (s.swaps()) {
            s.expected()
                    .ifPresent(expected -> line.add(LiveUnchangedCheck.step(
                            s.deployed().environment(), expected, s.deployed().deploymentId())));
            line.add(new Step.Do(
                    Expectation.forth(BeanstalkEffects.own(s.name(), s.from(), s.cname()), owners(s), claim)));
        } else if (claim.isPresent()) {
            line.add(new Step.Do(Expectation.forth(BeanstalkEffects.claim(s.name(), s.cname()), owners(s), claim)));
        }
        line.add(BeanstalkWaitConditions.live(s));
        return line;
    }

    @Override
    public List<Effect> undo(State state) {
        BeanstalkActivateParameters s = BeanstalkActivateParameters.read(state.params());
        return s.swaps()
                        && state.touched(BeanstalkEffects.own(s.name(), s.from(), s.cname())
                                .key())
                ? Stream.of(
                                BeanstalkEffects.own(s.from(), s.name(), s.cname()),
                                BeanstalkEffects.serves(s.from(), s.cname()))
                        .map(effect -> Expectation.undo(effect, owners(s), Claim.in(state.params())))
                        .toList()
                : List.of();
    }

    /** Returns the environments that this operation finds, or makes, the owner of the CNAME. */
    private static List<String> owners(BeanstalkActivateParameters s) {
        return List.of(s.from(), s.name());
    }
}
