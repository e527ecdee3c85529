package io.jenkins.plugins.pymacaron.targets.cloud;

import io.jenkins.plugins.pymacaron.operation.CrashStory;
import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.EffectException;
import io.jenkins.plugins.pymacaron.operation.Effector;
import io.jenkins.plugins.pymacaron.operation.Lookup;
import io.jenkins.plugins.pymacaron.operation.Observer;
import io.jenkins.plugins.pymacaron.operation.Operation;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.operation.VirtualTime;
import io.jenkins.plugins.pymacaron.targets.Expectation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * An operation whose processes die, and another owner who takes a whole deployment to its end while none of them is there.
 * From then on nothing that the older journal does may change what serves.
 */
public final class TwoOwners {
    /** The older operation has fewer points than that at which its process can die. */
    private static final int POINTS = 45;

    /** The number of stories, and the number in which the second owner deployed and the first was told so. */
    private static final Map<String, Integer> COUNT = new TreeMap<>();

    /** Fails where the invariant was hardly put to the test. */
    public static void enoughOvertaken(String name) {
        synchronized (COUNT) {
            int stories = COUNT.getOrDefault(name + ": stories", 0);
            int deployed = COUNT.getOrDefault(name + ": second owner deployed", 0);
            if (deployed * 2 < stories) {
                throw new AssertionError(
                        "the second owner deployed in " + deployed + " of " + stories + " stories only");
            }
        }
    }

    /** Takes a deployment to its end. */
    @FunctionalInterface
    public interface Second {
        /** @return whether it serves and was proven */
        boolean deploy() throws IOException;
    }

    public final VirtualTime time;
    public final Random random;
    private final String name;
    private final Effector world;
    private final Observer.Reader reader;
    private final Supplier<String> live;
    private String serves;
    private boolean before;
    private boolean over;
    private boolean same;
    private final List<String> violations = new ArrayList<>();

    /**
     * @param live in one line, what serves
     * @param world made with {@code time}
     */
    public TwoOwners(
            String name, long seed, VirtualTime time, Effector world, Observer.Reader reader, Supplier<String> live) {
        this.name = name;
        this.time = time;
        random = new Random(seed);
        this.world = world;
        this.reader = reader;
        this.live = live;
    }

    /** Runs a whole operation of one process without any trouble. */
    public boolean alone(Operation operation, Map<String, String> params) throws IOException {
        return new CrashStory(time, random.nextLong(), operation, params, world, reader).tell() instanceof Outcome.Done;
    }

    /** Random deaths, faults of the way and ways of going on. @throws AssertionError where the invariant does not hold */
    public Outcome random(Operation operation, Map<String, String> params, Second second) throws IOException {
        Set<Integer> deaths = new TreeSet<>();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            deaths.add(random.nextInt(POINTS));
        }
        Faults way = new Faults(new Watched(), reader, random.nextLong(), random.nextInt(3) * 0.1);
        CrashStory story = new CrashStory(time, random.nextLong(), operation, params, way, way).crashAt(deaths);
        return tell(story, 1 + random.nextInt(2), random.nextBoolean(), second);
    }

    /** Lets the process die once at that point. */
    public Outcome diesAt(int point, boolean undone, Operation operation, Map<String, String> params, Second second)
            throws IOException {
        return tell(
                new CrashStory(time, random.nextLong(), operation, params, new Watched(), reader)
                        .crashAt(Set.of(point)),
                1,
                undone,
                second);
    }

    private Outcome tell(CrashStory story, int after, boolean undone, Second second) throws IOException {
        if (undone) {
            story.undoneByOthers();
        }
        story.between(process -> {
            if (process == after) {
                before = story.hasEnded();
                boolean deployed = second.deploy();
                count("second owner " + (deployed ? "deployed" : "did not get through"));
                if (deployed) {
                    serves = live.get();
                    over = true;
                }
            }
        });
        Outcome outcome = story.tell();
        check(outcome, story.journal());
        return outcome;
    }

    /** Allows both to deploy the same, so that the first one may say that it serves. */
    public TwoOwners mayBeDone() {
        same = true;
        return this;
    }

    private void check(Outcome outcome, String journal) {
        count("stories");
        if (!over) {
            return;
        }
        if (!violations.isEmpty() || !serves.equals(live.get())) {
            throw new AssertionError("what the second owner made live, " + serves + ", was changed to " + live.get()
                    + " by " + violations + "; " + outcome + "\n" + journal);
        }
        if (outcome instanceof Outcome.Done && !before && !same) {
            throw new AssertionError("a false success; " + serves + " serves\n" + journal);
        }
        if (!before) {
            boolean told = outcome instanceof Outcome.Failed failed
                    && Expectation.why(failed.reason()).isPresent();
            count(
                    outcome instanceof Outcome.Stopped
                            ? "undone"
                            : told ? "ended as superseded" : "ended as failed, not as superseded");
            count(outcome.left().isEmpty() ? "nothing left" : "something left");
        }
    }

    private void count(String what) {
        synchronized (COUNT) {
            COUNT.merge(name + ": " + what, 1, Integer::sum);
        }
    }

    /** Notes each effect of the older journal that changes what serves. */
    private final class Watched implements Effector {
        @Override
        public Lookup find(Effect effect) throws InterruptedException {
            return world.find(effect);
        }

        @Override
        public Map<String, String> apply(Effect effect) throws EffectException, InterruptedException {
            String there = live.get();
            Map<String, String> result = world.apply(effect);
            if (over && !there.equals(live.get())) {
                violations.add(effect.key());
            }
            return result;
        }
    }
}
