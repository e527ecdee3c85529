package io.jenkins.plugins.pymacaron.pipeline.state;

import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Target;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.util.Optional;

/**
 * How an environment stands before a run changes it.
 *
 * @param good what the run can go back to: what serves, or what served last and was ended by somebody else
 * @param serves whether {@code good} serves now
 */
public record ServingState(Optional<Deployed> good, boolean serves) {

    public static ServingState of(Target target) throws TargetException, InterruptedException {
        Optional<Deployed> current = target.current();
        return current.isPresent()
                ? new ServingState(current, true)
                : new ServingState(target.earlier().stream().findFirst(), false);
    }

    /** What serves now. */
    public Optional<Deployed> serving() {
        return serves ? good : Optional.empty();
    }

    /** For the user, after the environment's name. */
    public String sentence() {
        if (good.isEmpty()) {
            return "nothing serves now";
        }
        Deployed deployed = good.get();
        return serves
                ? deployed.version() + " serves at " + deployed.url() + " since " + deployed.since()
                : "nothing serves now; " + deployed.version() + ", which did last, is kept to go back to";
    }
}
