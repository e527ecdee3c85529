package io.jenkins.plugins.pymacaron.targets.beanstalk;

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

/** Makes an environment with everything in it, in one call, and proves it at its own address. */
final class BeanstalkPrepareOperation implements Operation {
    static final String KIND = "beanstalk.prepare";

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Decision decide(State state, Optional<Observation> latest, Instant now) {
        BeanstalkPrepareParameters c = BeanstalkPrepareParameters.read(state.params());
        return Step.next(line(c, Claim.in(state.params())), state, latest, now, result(c, state));
    }

    private static List<Step> line(BeanstalkPrepareParameters c, Optional<Claim> claim) {
        List<Step> line = new ArrayList<>();
        if (c.newApplication()) {
            line.add(new Step.Do(BeanstalkEffects.application(c.version().get("application"))));
        }
        if (c.newVersion()) {
            line.add(new Step.Do(BeanstalkEffects.upload(c.version())));
            line.add(new Step.Do(BeanstalkEffects.version(c.version())));
        }
        if (c.newEnvironment()) {
            if (c.newVersion()) {
                line.add(BeanstalkWaitConditions.processed(c));
            }
            Effect create = BeanstalkEffects.create(c.creation());
            line.add(new Step.Do(c.servesAtOnce() ? Expectation.forth(create, List.of("", c.name()), claim) : create));
        }
        line.add(BeanstalkWaitConditions.serving(c));
        line.add(new Step.Do(BeanstalkEffects.address(c.name())));
        return line;
    }

    private static Map<String, String> result(BeanstalkPrepareParameters c, State state) {
        Map<String, String> result = new HashMap<>(c.deployed().toMap());
        state.result(BeanstalkEffects.address(c.name()).key())
                .map(found -> found.data().get("endpoint"))
                .ifPresent(endpoint -> result.put("url", c.scheme() + "://" + endpoint));
        return result;
    }

    /**
     * Returns the undo. An application version that was made is deleted, so that it does not hinder the next attempt.
     * An application stays: it is the user's.
     */
    @Override
    public List<Effect> undo(State state) {
        BeanstalkPrepareParameters c = BeanstalkPrepareParameters.read(state.params());
        String create = BeanstalkEffects.create(c.creation()).key();
        boolean environment = state.touched(create);
        if (environment && c.keepFailed() && state.stopCause().isEmpty()) {
            return List.of();
        }
        List<Effect> back = new ArrayList<>();
        if (environment) {
            Instant shown = state.result(create).orElseThrow().at().plus(BeanstalkEffects.SETTLE);
            // An environment that another deployment has taken over since is not ended by this one.
            back.add(Expectation.undo(
                    BeanstalkEffects.terminate(c.name(), c.service(), c.cname(), true, shown),
                    List.of(Expectation.ANY),
                    Claim.in(state.params())));
        } else if (state.touched(BeanstalkEffects.version(c.version()).key())) {
            // A version that an environment uses cannot be deleted, even while that environment ends; the next clean-up
            // deletes it.
            back.add(BeanstalkEffects.forget(
                    c.version().get("application"), c.version().get("label")));
        }
        return back;
    }
}
