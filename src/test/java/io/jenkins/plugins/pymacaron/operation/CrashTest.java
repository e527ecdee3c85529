package io.jenkins.plugins.pymacaron.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Whenever a process dies: the same end, each effect once. */
class CrashTest {
    private static final int THINGS = 3;

    /** Beyond the longest story, so that each point is met. */
    private static final int POINTS = 160;

    @Provide
    Arbitrary<List<World.Fault>> faults() {
        return Arbitraries.of(World.Fault.class)
                .filter(f -> f != World.Fault.REJECTED)
                .list()
                .ofMaxSize(4);
    }

    private static Story story(long seed) {
        return new Story(seed, THINGS);
    }

    private static Story rejected(long seed) {
        Story story = story(seed);
        story.world.faults(Chain.make(2).key(), World.Fault.THROTTLED, World.Fault.REJECTED);
        // A process that died before it wrote down the refusal is refused again.
        IntStream.range(0, 9).forEach(i -> story.world.faults(Chain.make(2).key(), World.Fault.REJECTED));
        return story;
    }

    private static void allMade(Story story, Outcome outcome) {
        assertThat(outcome)
                .isEqualTo(new Outcome.Done(
                        Map.of("thing-0", "id of thing-0", "thing-1", "id of thing-1", "thing-2", "id of thing-2")));
        assertThat(story.world.count).isEqualTo(Map.of("make-0", 1, "make-1", 1, "make-2", 1));
        assertThat(story.world.things).hasSize(THINGS);
    }

    private static void allUndone(Story story, Outcome outcome) {
        List<String> left = outcome instanceof Outcome.Failed f ? f.left() : ((Outcome.Stopped) outcome).left();
        assertThat(left).isEmpty();
        assertThat(story.world.things).isEmpty();
        assertThat(story.world.count.values())
                .as("nothing twice: " + story.world.count)
                .allMatch(n -> n == 1);
        // An effect that was perhaps applied is undone too.
        assertThat(story.world.count.keySet())
                .containsAll(story.world.count.keySet().stream()
                        .filter(key -> key.startsWith("make"))
                        .map(key -> key.replace("make", "drop"))
                        .toList());
    }

    private static void either(Story story, Outcome outcome) {
        if (outcome instanceof Outcome.Done) {
            allMade(story, outcome);
        } else {
            assertThat(outcome).isInstanceOf(Outcome.Stopped.class);
            allUndone(story, outcome);
        }
    }

    @Test
    void withoutACrashEverythingIsMadeOnce() throws IOException {
        Story story = story(1);
        allMade(story, story.tell());
        assertThat(story.points()).isBetween(40, POINTS);
    }

    @Test
    void oneCrashAtEveryPoint() throws IOException {
        for (int at = 0; at < POINTS; at++) {
            Story story = story(at).crashAt(Set.of(at));
            allMade(story, story.tell());
        }
    }

    @Test
    void twoCrashesAtEveryPairOfPoints() throws IOException {
        for (int first = 0; first < 70; first++) {
            for (int second = first + 1; second < 70; second++) {
                Story story = story(first * 100L + second).crashAt(Set.of(first, second));
                allMade(story, story.tell());
                assertThat(story.processes()).isEqualTo(story.points() > second ? 3 : story.points() > first ? 2 : 1);
            }
        }
    }

    @Test
    void aRejectionIsUndoneThroughOneCrashAtEveryPoint() throws IOException {
        for (int at = 0; at < POINTS; at++) {
            Story story = rejected(at).crashAt(Set.of(at));
            Outcome outcome = story.tell();
            assertThat(outcome).isEqualTo(new Outcome.Failed("could not make thing-2: not allowed", List.of()));
            allUndone(story, outcome);
            assertThat(story.world.count)
                    .as("perhaps with drop-2, where the refusal was not written down")
                    .hasSizeBetween(4, 5);
        }
    }

    @Test
    void aStopAtEveryPointIsUndone() throws IOException {
        int undone = 0;
        for (int at = 0; at < POINTS; at++) {
            Story story = story(at).stopAt(at);
            Outcome outcome = story.tell();
            either(story, outcome);
            undone += outcome instanceof Outcome.Stopped ? 1 : 0;
        }
        assertThat(undone).isGreaterThan(20);
    }

    @Test
    void aStopAndACrashAtEveryPairOfPoints() throws IOException {
        for (int stop = 0; stop < 60; stop++) {
            for (int crash = 0; crash < 90; crash++) {
                Story story = story(stop * 100L + crash).stopAt(stop).crashAt(Set.of(crash));
                either(story, story.tell());
            }
        }
    }

    @Test
    void anOrderlyShutdownAtEveryPointUndoesNothing() throws IOException {
        for (int at = 0; at < POINTS; at++) {
            Story story = story(at).suspendAt(at);
            allMade(story, story.tell());
        }
    }

    @Property(tries = 3000)
    void faultsAndCrashes(
            @ForAll long seed,
            @ForAll("faults") List<World.Fault> first,
            @ForAll("faults") List<World.Fault> last,
            @ForAll @Size(max = 5) Set<@IntRange(max = POINTS) Integer> crashes)
            throws IOException {
        Story story = faulty(seed, first, last).crashAt(crashes);
        allMade(story, story.tell());
    }

    @Property(tries = 3000)
    void faultsCrashesAndAStop(
            @ForAll long seed,
            @ForAll("faults") List<World.Fault> first,
            @ForAll("faults") List<World.Fault> last,
            @ForAll @IntRange(max = POINTS) int stop,
            @ForAll @Size(max = 5) Set<@IntRange(max = POINTS) Integer> crashes)
            throws IOException {
        Story story = faulty(seed, first, last).stopAt(stop).crashAt(crashes);
        either(story, story.tell());
    }

    private static Story faulty(long seed, List<World.Fault> first, List<World.Fault> last) {
        Story story = story(seed);
        story.world
                .silence(0.3)
                .faults(Chain.make(0).key(), first.toArray(World.Fault[]::new))
                .faults(Chain.make(2).key(), last.toArray(World.Fault[]::new))
                .faults(Chain.drop(0).key(), last.toArray(World.Fault[]::new));
        return story;
    }
}
