package io.jenkins.plugins.pymacaron.target.cloud;

import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.EffectException;
import io.jenkins.plugins.pymacaron.operation.Effector;
import io.jenkins.plugins.pymacaron.operation.Lookup;
import io.jenkins.plugins.pymacaron.target.Expectation;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A world in memory that compares what an effect expects, as the effectors of the targets do. That they do it, and that the
 * provider refuses what changes in between, is shown against the wire servers.
 */
public final class Compared implements Effector {
    private final Effector world;
    private final Supplier<List<String>> found;

    /** @param found what serves; each has to be expected */
    public Compared(Effector world, Supplier<List<String>> found) {
        this.world = world;
        this.found = found;
    }

    @Override
    public Lookup find(Effect effect) throws InterruptedException {
        return found.get().stream().anyMatch(one -> Expectation.isOver(effect, one))
                ? Lookup.present(Map.of())
                : world.find(effect);
    }

    @Override
    public Map<String, String> apply(Effect effect) throws EffectException, InterruptedException {
        for (String one : found.get()) {
            if (!Expectation.holds(effect, "what serves", one)) {
                return Map.of();
            }
        }
        return world.apply(effect);
    }
}
