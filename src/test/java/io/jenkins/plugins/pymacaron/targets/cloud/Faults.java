package io.jenkins.plugins.pymacaron.targets.cloud;

import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.EffectException;
import io.jenkins.plugins.pymacaron.operation.Effector;
import io.jenkins.plugins.pymacaron.operation.Lookup;
import io.jenkins.plugins.pymacaron.operation.Observer;
import io.jenkins.plugins.pymacaron.operation.Subject;
import io.jenkins.plugins.pymacaron.operation.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;

/**
 * The faults of requests to any cloud: throttled or lost requests, lost answers, and sometimes no connection at all.
 * With a clock, it also delays requests by minutes, returns outdated answers, and carries requests out after their client has
 * given up. The model of the cloud behind this
 * makes the cloud's own refusals and delays.
 */
public final class Faults implements Effector, Observer.Reader {
    private final Effector world;
    private final Observer.Reader reader;
    private static final int LONGEST_STALL = 180;
    private static final Duration STALE_FOR = Duration.ofSeconds(10);

    private final Random random;
    private final double often;
    private final Map<Object, Old> old = new HashMap<>();
    private Optional<VirtualTime> time = Optional.empty();
    private boolean stalling;
    private Optional<LateRequests> lateWorld = Optional.empty();
    private Duration latest = Duration.ZERO;

    /** An earlier answer, and its time. */
    private record Old(Instant at, Object what) {}

    /** @param often from 0 (never) to 1, for each request */
    public Faults(Effector world, Observer.Reader reader, long seed, double often) {
        this.world = world;
        this.reader = reader;
        this.random = new Random(seed);
        this.often = often;
    }

    /** Makes it as slow and as late as a cloud can be, too. */
    public Faults slow(VirtualTime clock) {
        time = Optional.of(clock);
        return this;
    }

    /** Lets requests whose client has given up be carried out up to {@code atMost} later. */
    public Faults late(LateRequests world, VirtualTime clock, Duration atMost) {
        lateWorld = Optional.of(world);
        latest = atMost;
        time = Optional.of(clock);
        return this;
    }

    private boolean happens() {
        return random.nextDouble() < often;
    }

    /** Time goes on for all others. A caller whose time for this request is over interrupts it. */
    private void stall() throws InterruptedException {
        // One at a time: on one thread, this one cannot return before another one that began later.
        if (time.isPresent() && !stalling && happens()) {
            stalling = true;
            time.get().advance(Duration.ofSeconds(random.nextInt(LONGEST_STALL)));
            stalling = false;
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    /** Now and then what was read a moment ago, if it was. */
    private <T> Optional<T> stale(Class<T> type, Object key, Duration within) {
        Old before = old.get(key);
        boolean usable = time.isPresent()
                && before != null
                && before.at().plus(within).isAfter(time.get().instant());
        return usable && happens() ? Optional.of(type.cast(before.what())) : Optional.empty();
    }

    private <T> T read(Object key, T what) {
        time.ifPresent(clock -> old.putIfAbsent(key, new Old(clock.instant(), what)));
        time.filter(clock -> old.get(key).at().plus(STALE_FOR).isBefore(clock.instant()))
                .ifPresent(clock -> old.put(key, new Old(clock.instant(), what)));
        return what;
    }

    @Override
    public Map<String, String> apply(Effect effect) throws EffectException, InterruptedException {
        stall();
        if (!happens()) {
            return world.apply(effect);
        }
        if (lateWorld.isPresent() && random.nextBoolean()) {
            BooleanSupplier request = lateWorld.get().send(effect);
            time.get().schedule(Duration.ofSeconds(random.nextInt((int) latest.toSeconds())), request::getAsBoolean);
            throw EffectException.uncertain("connection reset", null);
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
        stall();
        if (happens()) {
            return Lookup.unknown("no answer");
        }
        // The effect itself says how late a cloud may show it.
        Duration late = effect.settle().compareTo(STALE_FOR) < 0 ? effect.settle() : STALE_FOR;
        // An undo may have the key of what it undoes, with other arguments.
        Optional<Lookup> before = stale(Lookup.class, effect, late);
        return before.isPresent() ? before.get() : read(effect, world.find(effect));
    }

    @Override
    public Map<String, String> read(Subject subject) throws IOException, InterruptedException {
        stall();
        if (happens()) {
            throw new IOException("no answer");
        }
        Facts now = new Facts(reader.read(subject));
        Optional<Facts> before = stale(Facts.class, subject, STALE_FOR);
        return before.orElseGet(() -> read(subject, now)).all();
    }

    private record Facts(Map<String, String> all) {}
}
