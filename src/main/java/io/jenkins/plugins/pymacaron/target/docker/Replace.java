package io.jenkins.plugins.pymacaron.target.docker;

import io.jenkins.plugins.pymacaron.operation.Decision;
import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.Observation;
import io.jenkins.plugins.pymacaron.operation.Operation;
import io.jenkins.plugins.pymacaron.operation.State;
import io.jenkins.plugins.pymacaron.target.Expectation;
import io.jenkins.plugins.pymacaron.target.Step;
import io.jenkins.plugins.pymacaron.target.Unchanged;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lets one container serve on a port where perhaps another serves now. It prepares (nothing to replace), activates (a
 * new container takes the place of the live one) and reverts (the kept container takes the place of the bad one).
 *
 * <p>Where both can listen on the port at once ({@code SO_REUSEPORT}), the old container ends only after the new one is
 * proven on an address of its own, so that no request fails. Otherwise the old one has to leave the port first. Either
 * way it is stopped, not removed: {@link Retire} does that.
 */
final class Replace implements Operation {
    static final String KIND = "docker.replace";

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Decision decide(State state, Optional<Observation> latest, Instant now) {
        Replacement r = Replacement.read(state.params());
        return Step.next(line(r), state, latest, now, r.deployed().toMap());
    }

    private static List<Step> line(Replacement r) {
        List<Step> line = new ArrayList<>();
        r.expected().ifPresent(expected -> line.add(Unchanged.step(r.deployed().environment(), expected)));
        if (r.creates()) {
            line.add(new Step.Do(Effects.create(r.creation())));
        }
        if (r.old().isPresent() && !r.shared()) {
            line.add(new Step.Do(forth(Effects.stop(r.old().get()), r)));
        }
        if (!r.runs()) {
            line.add(new Step.Do(forth(Effects.start(r.container()), r)));
        }
        if (r.old().isPresent() && r.shared()) {
            line.add(Waits.serving(r));
            line.add(new Step.Do(forth(Effects.stop(r.old().get()), r)));
        }
        line.add(Waits.live(r));
        return line;
    }

    /** A rehearsal stands beside what serves, and replaces nothing. */
    private static Effect forth(Effect effect, Replacement r) {
        return Labels.REHEARSAL.equals(r.creation().labels().get(Labels.ROLE))
                ? effect
                : Expectation.forth(effect, serving(r));
    }

    /** Containers that may run in the environment while this operation changes it. */
    private static List<String> serving(Replacement r) {
        return r.old().map(old -> List.of(r.container(), old)).orElse(List.of(r.container()));
    }

    /**
     * The old container serves again before the new one ends where both can listen, and after it where they cannot. What
     * was only started, because it had been kept, is only stopped.
     */
    @Override
    public List<Effect> undo(State state) {
        Replacement r = Replacement.read(state.params());
        List<Effect> back = new ArrayList<>();
        if (state.touched(Effects.create(r.creation()).key())) {
            back.add(Effects.remove(r.container()));
        } else if (state.touched(Effects.start(r.container()).key())) {
            back.add(Effects.stop(r.container()));
        }
        if (r.old().isPresent() && state.touched(Effects.stop(r.old().get()).key())) {
            back.add(
                    r.shared() ? 0 : back.size(),
                    Expectation.back(Effects.restore(r.old().get()), serving(r)));
        }
        return back;
    }
}
