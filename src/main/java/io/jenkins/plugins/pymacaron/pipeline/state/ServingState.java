package io.jenkins.plugins.pymacaron.pipeline.state;

import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Target;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The state of an environment before a run changes it.
 *
 * @param good the deployment that the run can return to: the one that serves, or the one that served last and was ended
 *     from outside
 * @param serves whether {@code good} serves now
 */
public record ServingState(Optional<Deployed> good, boolean serves) {

    public static ServingState of(Target target) throws TargetException, InterruptedException {
        Optional<Deployed> current = target.current();
        return current.isPresent()
                ? new ServingState(current, true)
                : new ServingState(target.earlier().stream().findFirst(), false);
    }

    /** Returns the deployment that serves now. */
    public Optional<Deployed> serving() {
        return serves ? good : Optional.empty();
    }

    /** Returns the words for the user, after the environment's name. */
    public String sentence() {
        if (good.isEmpty()) {
            return "nothing serves now";
        }
        Deployed deployed = good.get();
        return serves
                ? deployed.version() + " serves at " + deployed.url() + " since "
                        + deployed.since().truncatedTo(ChronoUnit.SECONDS)
                : "nothing serves now; " + deployed.version() + ", which did last, is kept for a rollback";
    }
}
