package io.jenkins.plugins.pymacaron.targets.docker;

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

/**
 * Makes one container serve on a port where another may serve now. It prepares (nothing to replace), activates (a new
 * container takes the place of the live one) and rolls back (the kept container takes the place of the bad one).
 *
 * <p>If both can listen on the port at once ({@code SO_REUSEPORT}), the old container ends only after the new one is
 * proven on an address of its own, so that no request fails. Otherwise the old one has to leave the port first. In both
 * cases it is stopped, not removed: {@link DockerDeleteOperation} removes it.
 */
final class DockerDeployOperation implements Operation {
    static final String KIND = "docker.replace";

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Decision decide(State state, Optional<Observation> latest, Instant now) {
        DockerDeployParameters r = DockerDeployParameters.read(state.params());
        return Step.next(
                line(r, Claim.in(state.params())),
                state,
                latest,
                now,
                r.deployed().toMap());
    }

    private static List<Step> line(DockerDeployParameters r, Optional<Claim> claim) {
        List<Step> line = new ArrayList<>();
        r.expected()
                .ifPresent(expected ->
                        line.add(LiveUnchangedCheck.step(r.deployed().environment(), expected)));
        if (r.creates()) {
            line.add(new Step.Do(DockerEffects.create(r.creation())));
        }
        if (r.old().isPresent() && !r.shared()) {
            line.add(new Step.Do(forth(DockerEffects.stop(r.old().get()), r, claim)));
        }
        if (!r.runs()) {
            line.add(new Step.Do(forth(DockerEffects.start(r.container()), r, claim)));
        }
        if (r.old().isPresent() && r.shared()) {
            line.add(DockerWaitConditions.serving(r));
            line.add(new Step.Do(forth(DockerEffects.stop(r.old().get()), r, claim)));
        }
        if (r.runs() && r.old().isEmpty() && claim.isPresent()) {
            line.add(new Step.Do(forth(DockerEffects.claim(r.container()), r, claim)));
        }
        line.add(DockerWaitConditions.live(r));
        return line;
    }

    /**
     * Returns the effect with its expectation; a rehearsal has none, because it runs beside what serves, and replaces
     * nothing.
     */
    private static Effect forth(Effect effect, DockerDeployParameters r, Optional<Claim> claim) {
        return isRehearsal(r) ? effect : Expectation.forth(effect, serving(r), claim);
    }

    private static boolean isRehearsal(DockerDeployParameters r) {
        return DockerMetadata.REHEARSAL.equals(r.creation().labels().get(DockerMetadata.ROLE));
    }

    /** Returns the containers that may run in the environment while this operation changes it. */
    private static List<String> serving(DockerDeployParameters r) {
        List<String> serving = new ArrayList<>(r.beside());
        serving.add(r.container());
        r.old().ifPresent(serving::add);
        return serving;
    }

    /**
     * Returns the undo: the old container serves again before the new one ends where both can listen, and after it
     * where they cannot. A kept container that was only started is only stopped.
     */
    @Override
    public List<Effect> undo(State state) {
        DockerDeployParameters r = DockerDeployParameters.read(state.params());
        Optional<Claim> claim = Claim.in(state.params());
        List<Effect> back = new ArrayList<>();
        if (state.touched(DockerEffects.create(r.creation()).key())) {
            back.add(back(DockerEffects.remove(r.container()), claim));
        } else if (state.touched(DockerEffects.start(r.container()).key())) {
            back.add(back(DockerEffects.stop(r.container()), claim));
        }
        if (r.old().isPresent()
                && state.touched(DockerEffects.stop(r.old().get()).key())) {
            back.add(
                    r.shared() ? 0 : back.size(),
                    Expectation.undo(DockerEffects.restore(r.old().get()), serving(r), claim));
        }
        if (claim.isPresent() && !back.isEmpty() && !isRehearsal(r)) {
            List<String> before = new ArrayList<>(r.beside());
            r.old().ifPresent(before::add);
            back.add(Expectation.undo(DockerEffects.unclaim(r.container(), r.old()), before, claim));
        }
        return back;
    }

    /** Undoes the effect, unless another deployment has come to the same container and makes it serve by now. */
    private static Effect back(Effect effect, Optional<Claim> claim) {
        return claim.isEmpty() ? effect : Expectation.undo(effect, List.of(Expectation.ANY), claim);
    }
}
