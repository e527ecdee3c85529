package io.jenkins.plugins.pymacaron.targets.cloud;

import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.EffectException;
import java.util.function.BooleanSupplier;

/** A world in memory that can get a request long after its client has given it up. */
public interface LateRequests {
    /**
     * Sends the request of an effect, with the precondition that it has now.
     *
     * @return carries the request out when it is called, unless its precondition is gone or the world refuses it, and
     *     returns whether it did
     */
    BooleanSupplier send(Effect effect) throws EffectException;
}
