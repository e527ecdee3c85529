package io.jenkins.plugins.pymacaron.target.cloud;

import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.EffectException;
import io.jenkins.plugins.pymacaron.operation.Effector;
import io.jenkins.plugins.pymacaron.operation.Lookup;
import io.jenkins.plugins.pymacaron.operation.PollingObserver;
import io.jenkins.plugins.pymacaron.operation.Subject;
import java.io.IOException;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * What the way to any cloud does to requests: throttles them, loses them or their answers, and sometimes has none at all.
 * What the cloud itself refuses, and how late it shows what was done, is the business of its model behind this.
 */
public final class Faults implements Effector, PollingObserver.Reader {
    private final Effector world;
    private final PollingObserver.Reader reader;
    private final Random random;
    private final double often;

    /** @param often from 0 (never) to 1, for each request */
    public Faults(Effector world, PollingObserver.Reader reader, long seed, double often) {
        this.world = world;
        this.reader = reader;
        this.random = new Random(seed);
        this.often = often;
    }

    @Override
    public Map<String, String> apply(Effect effect) throws EffectException, InterruptedException {
        if (random.nextDouble() >= often) {
            return world.apply(effect);
        }
        switch (random.nextInt(5)) {
            case 0 -> throw EffectException.retry("throttled");
            case 1 -> throw EffectException.uncertain("connection reset", null);
            case 2 -> {
                world.apply(effect);
                throw EffectException.uncertain("no answer", null);
            }
            case 3 -> {
                world.apply(effect);
                throw new IllegalStateException("half an answer");
            }
            default -> {
                world.apply(effect);
                throw new InterruptedException();
            }
        }
    }

    @Override
    public Lookup find(Effect effect) throws InterruptedException {
        return random.nextDouble() < often ? Lookup.unknown("no answer") : world.find(effect);
    }

    @Override
    public Map<Subject, Map<String, String>> read(Set<Subject> subjects) throws IOException, InterruptedException {
        if (random.nextDouble() < often) {
            throw new IOException("no answer");
        }
        return reader.read(subjects);
    }
}
