package io.jenkins.plugins.pymacaron.targets.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.operation.CrashStory;
import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.Effector;
import io.jenkins.plugins.pymacaron.operation.Lookup;
import io.jenkins.plugins.pymacaron.operation.Observer;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.operation.Subject;
import io.jenkins.plugins.pymacaron.operation.VirtualTime;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.cloud.Faults;
import io.jenkins.plugins.pymacaron.targets.docker.Port.Box;
import io.jenkins.plugins.pymacaron.targets.docker.Port.Nature;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** A promotion on a Docker Engine that is busy, stalls, breaks off, or answers late, by the real driver in virtual time. */
class FaultyDockerTest {
    private static final String OLD = "a-old";
    private static final String NEW = "b-new";
    private static final Duration READY = Duration.ofSeconds(90);

    /** Each of its effects, forward and undo, has a limit, and each call may stall for some minutes beyond it. */
    private static final Duration LONGEST = Duration.ofHours(1);

    private record World(Port port, VirtualTime time, Random random) implements Effector, Observer.Reader {
        @Override
        public Lookup find(Effect effect) {
            return port.find(effect) ? Lookup.present(Map.of()) : Lookup.ABSENT;
        }

        @Override
        public Map<String, String> apply(Effect effect) throws InterruptedException {
            if (effect.verb().equals(DockerEffects.STOP) && random.nextInt(4) == 0) {
                // The client is ended, and the engine goes on: the container takes its time to end.
                Duration late = Duration.ofMillis(random.nextLong(DockerEffects.GRACE.toMillis()));
                time.schedule(late, () -> port.apply(effect));
                throw new InterruptedException();
            }
            port.apply(effect);
            return Map.of();
        }

        @Override
        public Map<String, String> read(Subject subject) {
            return port.read(subject.kind(), subject.id(), "v2");
        }
    }

    @Property(tries = 2_000, shrinking = ShrinkingMode.OFF)
    void eachPlanHasAnEndAndNoneAFalseSuccess(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        boolean shared = random.nextBoolean();
        boolean first = random.nextInt(4) == 0;
        Nature nature = random.nextInt(3) > 0 ? Nature.GOOD : Nature.values()[random.nextInt(4)];
        Port port = new Port(shared, nature);
        if (!first) {
            port.boxes.put(OLD, new Box(Nature.GOOD, true));
        }
        VirtualTime time = new VirtualTime(seed);
        World world = new World(port, time, new Random(random.nextLong()));
        Faults faults = new Faults(world, world, random.nextLong(), 0.1 * (1 + random.nextInt(4))).slow(time);
        Deployed deployed =
                new Deployed("docker/x/live", NEW, "v2", "sha256:2", "c", "http://127.0.0.1:1", NEW, time.instant());
        DockerDeployParameters r = new DockerDeployParameters(
                deployed,
                new ContainerCreation(NEW, "image", 1, 2, true, Map.of(DockerMetadata.DEPLOYMENT, NEW)),
                true,
                false,
                first ? Optional.empty() : Optional.of(OLD),
                shared && !first,
                Optional.empty(),
                READY);
        CrashStory story =
                new CrashStory(time, random.nextLong(), new DockerDeployOperation(), r.toParams(), faults, faults);
        if (random.nextInt(4) == 0) {
            story.stopAt(random.nextInt(30));
        }

        Outcome outcome = story.tell();

        String as = "seed " + seed + ": " + outcome;
        assertThat(Duration.between(VirtualTime.BEGIN, time.instant())).as(as).isLessThan(LONGEST);
        if (outcome instanceof Outcome.Done) {
            assertThat(nature).as(as).isEqualTo(Nature.GOOD);
            assertThat(port.boxes.get(NEW).running).as(as).isTrue();
            assertThat(first || !port.boxes.get(OLD).running).as(as).isTrue();
        } else if (outcome.left().isEmpty()) {
            assertThat(port.boxes).as(as).doesNotContainKey(NEW);
            assertThat(first || port.boxes.get(OLD).running).as(as).isTrue();
        }
        assertThat(port.created.getOrDefault(NEW, 0)).as(as).isLessThanOrEqualTo(1);
        assertThat(first || port.boxes.containsKey(OLD)).as(as).isTrue();
    }
}
