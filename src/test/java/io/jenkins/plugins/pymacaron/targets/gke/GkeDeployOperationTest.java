package io.jenkins.plugins.pymacaron.targets.gke;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.operation.CrashStory;
import io.jenkins.plugins.pymacaron.operation.Operation;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.operation.VirtualTime;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.cloud.Faults;
import io.jenkins.plugins.pymacaron.targets.gke.GkeDeployParameters.Back;
import io.jenkins.plugins.pymacaron.targets.gke.World.Nature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** The operations of the target in thousands of worlds, driven as they are in earnest, with crashes at any point. */
class GkeDeployOperationTest {
    private static final String OLD = "old";
    private static final String NEW = "new";
    private static final String SECRET = "Secret/hello-env-new";

    private static ObjectNode manifest(Kind kind, String name, String deployment) {
        Map<String, Object> rest = kind == Kind.DEPLOYMENT
                ? Map.of(
                        "spec",
                        Map.of(
                                "template",
                                Map.of("metadata", Map.of("labels", Map.of(GkeMetadata.DEPLOYMENT, deployment)))))
                : Map.of("data", deployment);
        return DeploymentManifests.object(kind, "hello", name, Map.of(), Map.of(), rest);
    }

    private static GkeDeployParameters deployment(boolean first, boolean front, Optional<String> expected) {
        List<GkeEffects> acts = new ArrayList<>();
        List<Back> back = new ArrayList<>();
        acts.add(GkeEffects.apply(Kind.SECRET, manifest(Kind.SECRET, "hello-env-new", NEW), "create Secret"));
        acts.add(GkeEffects.apply(Kind.DEPLOYMENT, manifest(Kind.DEPLOYMENT, "hello", NEW), "apply Deployment"));
        if (front) {
            acts.add(GkeEffects.apply(Kind.SERVICE, manifest(Kind.SERVICE, "hello", NEW), "apply Service"));
            GkeEffects old =
                    GkeEffects.apply(Kind.SERVICE, manifest(Kind.SERVICE, "hello", OLD), "change Service back");
            back.add(new Back("apply:Service/hello", first ? GkeEffects.delete(Kind.SERVICE, "hello") : old));
        }
        String key = "apply:Deployment/hello";
        if (first) {
            back.add(new Back(key, GkeEffects.delete(Kind.DEPLOYMENT, "hello")));
        } else {
            back.add(new Back(key, GkeEffects.template("hello", OLD)));
            back.add(new Back(key, GkeEffects.forget("hello", NEW)));
        }
        back.add(new Back("apply:Secret/hello-env-new", GkeEffects.delete(Kind.SECRET, "hello-env-new")));
        return rolling(NEW, acts, back, expected);
    }

    private static GkeDeployParameters rolling(
            String id, List<GkeEffects> acts, List<Back> back, Optional<String> expected) {
        Deployed deployed = new Deployed(
                "gke/hello/live",
                id,
                "version of " + id,
                "digest of " + id,
                "c",
                "http://127.0.0.1:1",
                "hello/" + id,
                VirtualTime.BEGIN);
        return new GkeDeployParameters(
                deployed,
                expected,
                acts,
                back,
                new GkeWaitConditions("hello", id, "hello-service", ""),
                Duration.ofMinutes(10));
    }

    private static final class Told {
        final VirtualTime time;
        final World world;
        Outcome outcome;
        String journal = "";

        /** Whether nothing else could answer any more, at the moment at which it was said to be over. */
        boolean alone;

        Told(long seed, double refused) {
            time = new VirtualTime(seed);
            world = new World(time, seed, refused);
        }

        Told tell(long seed, Operation operation, Map<String, String> params, Random random) throws Exception {
            Faults faults = new Faults(world, world, seed, random.nextInt(3) * 0.1);
            if (random.nextBoolean()) {
                faults.slow(time);
            }
            CrashStory story = new CrashStory(time, seed, operation, params, faults, faults);
            Set<Integer> crashes = new HashSet<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                crashes.add(random.nextInt(60));
            }
            story.crashAt(crashes);
            if (random.nextInt(3) == 0) {
                story.stopAt(random.nextInt(40));
            } else if (random.nextInt(3) == 0) {
                story.suspendAt(random.nextInt(40));
            }
            outcome = story.tell();
            journal = story.journal();
            alone = world.isAlone();
            // A rollback needs its half minute.
            time.advance(Duration.ofMinutes(2));
            world.settle();
            return this;
        }

        boolean done() {
            return outcome instanceof Outcome.Done;
        }

        /** Returns whether the undo is complete. */
        boolean clean() {
            return outcome instanceof Outcome.Failed failed && failed.left().isEmpty()
                    || outcome instanceof Outcome.Stopped stopped
                            && stopped.left().isEmpty();
        }
    }

    @Property(tries = 10_000, shrinking = ShrinkingMode.BOUNDED)
    void servesTheNewOneOrWhatServedBefore(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        boolean first = random.nextInt(4) == 0;
        Nature nature = random.nextInt(3) > 0 ? Nature.GOOD : Nature.values()[random.nextInt(5)];
        Told told = new Told(seed, random.nextInt(4) == 0 ? 0.3 : 0);
        told.world.nature(NEW, nature);
        if (!first) {
            told.world.serves(OLD);
        }
        boolean front = random.nextBoolean();
        GkeDeployParameters rolling = deployment(first, front, Optional.of(first ? "" : OLD));

        told.tell(seed, new GkeDeployOperation(), rolling.toParams(), random);

        if (told.done()) {
            assertThat(nature).isEqualTo(Nature.GOOD);
            assertThat(told.world.serving).isEqualTo(NEW);
            assertThat(told.world.objects).containsKey(SECRET);
            assertThat(first || told.world.sets.contains(OLD))
                    .as("kept for a rollback")
                    .isTrue();
        } else if (told.clean()) {
            assertThat(told.world.wanted).isEqualTo(first ? "" : OLD);
            assertThat(told.world.serving).isEqualTo(first ? "" : OLD);
            assertThat(told.alone).as("undone while what was undone answers").isTrue();
            assertThat(told.world.sets).doesNotContain(NEW);
            assertThat(told.world.objects).doesNotContainKey(SECRET);
            assertThat(first && told.world.objects.containsKey("Service/hello")).isFalse();
        }
        if (!first) {
            assertThat(told.world.gap).as("nothing served for a moment").isFalse();
        }
    }

    @Property(tries = 2000)
    void isUndoneAndStaysThere(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        Told told = new Told(seed, 0);
        told.world.sets.add(OLD);
        told.world.serves(NEW);
        Nature nature = random.nextInt(3) > 0 ? Nature.GOOD : Nature.values()[random.nextInt(5)];
        told.world.nature(OLD, nature);
        GkeEffects act = GkeEffects.template("hello", OLD);
        GkeDeployParameters back = rolling(
                OLD,
                List.of(act),
                List.of(new Back(act.effect().key(), GkeEffects.template("hello", NEW))),
                Optional.empty());

        told.tell(seed, new GkeDeployOperation(), back.toParams(), random);

        if (told.done()) {
            assertThat(nature).isEqualTo(Nature.GOOD);
            assertThat(told.world.serving).isEqualTo(OLD);
        } else if (told.clean()) {
            assertThat(told.world.serving).isEqualTo(NEW);
            assertThat(told.alone).as("undone while what was undone answers").isTrue();
        }
        assertThat(told.world.gap).isFalse();
        assertThat(told.world.sets).contains(OLD, NEW);
    }

    /**
     * The version before has no pod any more that gets ready: this is reported, and the undone version is not removed.
     */
    @Property(tries = 1000)
    void aVersionThatDoesNotServeAgainIsReportedAsLeft(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        Told told = new Told(seed, 0);
        told.world.serves(OLD);
        told.world.nature(OLD, Nature.NEVER_READY);
        told.world.nature(NEW, Nature.ANOTHER_VERSION);

        told.tell(
                seed,
                new GkeDeployOperation(),
                deployment(false, false, Optional.of(OLD)).toParams(),
                random);

        assertThat(told.done()).isFalse();
        assertThat(told.world.gap).isFalse();
        if (told.clean()) {
            assertThat(told.world.serving).as("it never left").isEqualTo(OLD);
        } else {
            assertThat(told.outcome.left()).anyMatch(left -> left.contains("see that only " + OLD + " serves"));
        }
    }

    @Property(tries = 1000)
    void nothingIsDoneIfAnotherOwnerWasFaster(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        Told told = new Told(seed, 0);
        told.world.serves("somebody else's");

        told.tell(
                seed,
                new GkeDeployOperation(),
                deployment(false, true, Optional.of(OLD)).toParams(),
                random);

        assertThat(told.done()).isFalse();
        assertThat(told.world.wanted).isEqualTo("somebody else's");
        assertThat(told.world.objects).isEmpty();
    }

    @Property(tries = 1000)
    void removingRemovesExactlyWhatWasAskedFor(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        Told told = new Told(seed, 0);
        told.world.sets.addAll(List.of(OLD, "older"));
        told.world.serves(NEW);
        told.world.objects.putAll(new TreeMap<>(Map.of("Secret/a", "", "Secret/b", "")));
        List<GkeEffects> acts = List.of(GkeEffects.forget("hello", "older"), GkeEffects.delete(Kind.SECRET, "a"));

        told.tell(seed, new GkeDeleteOperation(), GkeDeleteOperation.params(acts), random);

        assertThat(told.world.sets).contains(OLD, NEW);
        assertThat(told.world.objects).containsKey("Secret/b");
        if (told.done()) {
            assertThat(told.world.sets).containsExactlyInAnyOrder(OLD, NEW);
            assertThat(told.world.objects).containsOnlyKeys("Secret/b");
        }
    }

    @Example
    void parametersSurviveTheJournal() {
        GkeDeployParameters rolling = deployment(false, true, Optional.of(OLD));

        assertThat(GkeDeployParameters.read(rolling.toParams())).isEqualTo(rolling);
    }
}
