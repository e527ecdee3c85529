package io.jenkins.plugins.pymacaron.targets.cloud;

import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.EffectException;
import io.jenkins.plugins.pymacaron.operation.Effector;
import io.jenkins.plugins.pymacaron.operation.Lookup;
import io.jenkins.plugins.pymacaron.targets.Expectation;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A world in memory that compares what an effect expects, and keeps the mark that it leaves, as the effectors of the targets
 * do. That they do it, and that the provider refuses what changes in between, is shown against the wire servers.
 */
public final class Compared implements Effector, LateRequests {
    private final Effector world;
    private final Supplier<List<String>> found;
    private final AtomicReference<String> mark;
    private boolean fences;
    private Predicate<Effect> elsewhere = effect -> false;
    private Predicate<Effect> marks = effect -> true;

    /**
     * @param found what serves; each has to be expected
     * @param mark of the operation that changed it last
     */
    public Compared(Effector world, Supplier<List<String>> found, AtomicReference<String> mark) {
        this.world = world;
        this.found = found;
        this.mark = mark;
    }

    /** Makes an undo leave its mark too, as the targets do whose provider compares what it changes. */
    public Compared fencing() {
        fences = true;
        return this;
    }

    /** Leaves alone those effects that change something else than what serves. */
    public Compared except(Predicate<Effect> others) {
        elsewhere = others;
        return this;
    }

    /** Lets only those effects leave their mark. */
    public Compared marking(Predicate<Effect> those) {
        marks = those;
        return this;
    }

    @Override
    public Lookup find(Effect effect) throws InterruptedException {
        if (elsewhere.test(effect)) {
            return world.find(effect);
        }
        if (Expectation.isOver(effect, found.get(), mark.get())) {
            return Lookup.present(Map.of());
        }
        boolean marked = !marks.test(effect)
                || (fences ? Expectation.isFenced(effect, mark.get()) : Expectation.isMarked(effect, mark.get()));
        return marked ? world.find(effect) : Lookup.ABSENT;
    }

    @Override
    public Map<String, String> apply(Effect effect) throws EffectException, InterruptedException {
        if (elsewhere.test(effect)) {
            return world.apply(effect);
        }
        if (!Expectation.holds(effect, "what serves", found.get(), mark.get())) {
            return Map.of();
        }
        Map<String, String> result = world.apply(effect);
        leave(effect);
        return result;
    }

    private void leave(Effect effect) {
        Expectation.mark(effect).filter(text -> marks.test(effect)).ifPresent(mark::set);
    }

    @Override
    public BooleanSupplier send(Effect effect) throws EffectException {
        if (!Expectation.holds(effect, "what serves", found.get(), mark.get())) {
            return () -> false;
        }
        BooleanSupplier request = ((LateRequests) world).send(effect);
        return () -> {
            boolean done = request.getAsBoolean();
            if (done) {
                leave(effect);
            }
            return done;
        };
    }
}
