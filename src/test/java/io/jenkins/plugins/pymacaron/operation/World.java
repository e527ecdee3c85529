package io.jenkins.plugins.pymacaron.operation;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A cloud in memory, as slow to show what was done and as unfriendly as the real ones, that counts what was done to it.
 * Things are ready some minutes after they were made.
 */
final class World implements Effector {
    enum Fault {
        NONE,
        THROTTLED,
        /** The request never arrived. */
        LOST_REQUEST,
        /** It was done, but the answer never arrived. */
        LOST_ANSWER,
        /** The same as {@link #LOST_ANSWER}, by a defect of the client. */
        DEFECT,
        INTERRUPTED,
        REJECTED
    }

    private record Done(Instant at, Instant visible) {}

    private final InstantSource clock;
    private final Random random;
    private final Duration settle;
    private final Map<String, Done> done = new HashMap<>();
    private final Map<String, Deque<Fault>> faults = new HashMap<>();
    private double silence;

    /** The number of times that each effect has really happened. */
    final Map<String, Integer> count = new TreeMap<>();

    final Set<String> things = new TreeSet<>();

    /** @param settle how long an effect may stay invisible; each draws its own time up to that */
    World(InstantSource clock, long seed, Duration settle) {
        this.clock = clock;
        this.random = new Random(seed);
        this.settle = settle;
    }

    /** Sets the faults of the next attempts at {@code key}; the ones after them meet none. */
    World faults(String key, Fault... next) {
        faults.computeIfAbsent(key, k -> new ArrayDeque<>()).addAll(java.util.List.of(next));
        return this;
    }

    /** Sets how often look-ups and readings have no answer, from 0 to 1. */
    World silence(double probability) {
        silence = probability;
        return this;
    }

    @Override
    public Map<String, String> apply(Effect effect) throws EffectException, InterruptedException {
        Fault fault = faults.getOrDefault(effect.key(), new ArrayDeque<>(1)).poll();
        switch (fault == null ? Fault.NONE : fault) {
            case THROTTLED -> throw EffectException.retry("throttled");
            case LOST_REQUEST -> throw EffectException.uncertain("connection reset", null);
            case REJECTED -> throw EffectException.rejected("not allowed");
            case LOST_ANSWER -> {
                happen(effect);
                throw EffectException.uncertain("no answer", null);
            }
            case DEFECT -> {
                happen(effect);
                throw new IllegalStateException("half an answer");
            }
            case INTERRUPTED -> {
                happen(effect);
                throw new InterruptedException();
            }
            case NONE -> happen(effect);
        }
        return data(effect);
    }

    private void happen(Effect effect) {
        Instant now = clock.instant();
        long hidden = settle.isZero() ? 0 : random.nextLong(settle.toMillis());
        done.put(effect.key(), new Done(now, now.plusMillis(hidden)));
        count.merge(effect.key(), 1, Integer::sum);
        if (effect.verb().equals("make")) {
            things.add(effect.args().get("thing"));
        } else {
            things.remove(effect.args().get("thing"));
        }
    }

    private static Map<String, String> data(Effect effect) {
        return Map.of("id", "id of " + effect.args().get("thing"));
    }

    @Override
    public Lookup find(Effect effect) {
        if (random.nextDouble() < silence) {
            return Lookup.unknown("no answer");
        }
        Done it = done.get(effect.key());
        return it == null || clock.instant().isBefore(it.visible()) ? Lookup.ABSENT : Lookup.present(data(effect));
    }

    /** Reads for a {@link Observer}. */
    Map<String, String> read(Subject subject) throws IOException {
        if (random.nextDouble() < silence) {
            throw new IOException("no answer");
        }
        Done it = done.get(subject.id().replace("thing", "make"));
        boolean ready = it != null && clock.instant().isAfter(it.visible().plusSeconds(180));
        return Map.of("ready", Boolean.toString(ready));
    }
}
