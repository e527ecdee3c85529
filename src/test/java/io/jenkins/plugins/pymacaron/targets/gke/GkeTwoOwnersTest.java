package io.jenkins.plugins.pymacaron.targets.gke;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.operation.VirtualTime;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.LiveMark.Claim;
import io.jenkins.plugins.pymacaron.targets.cloud.Compared;
import io.jenkins.plugins.pymacaron.targets.cloud.TwoOwners;
import io.jenkins.plugins.pymacaron.targets.gke.GkeDeployParameters.Back;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;

/** An old journal of GKE that is taken up after another owner has deployed. */
class GkeTwoOwnersTest {
    private static final String OLD = "old";
    private static final String MINE = "mine";
    private static final String THEIRS = "theirs";
    private static final int POINTS = 45;

    @AfterContainer
    static void theSecondOwnerCameToDeploy() {
        TwoOwners.enoughOvertaken("gke");
    }

    private static ObjectNode manifest(Kind kind, String name, String deployment) {
        Map<String, Object> rest = kind == Kind.DEPLOYMENT
                ? Map.of(
                        "spec",
                        Map.of(
                                "template",
                                Map.of("metadata", Map.of("labels", Map.of(GkeMetadata.DEPLOYMENT, deployment)))))
                : Map.of("data", kind == Kind.SECRET ? deployment : "the same for all");
        return DeploymentManifests.object(kind, "hello", name, Map.of(), Map.of(), rest);
    }

    static String owner(World world) {
        return world.wanted.isEmpty() ? GkeDeployParameters.NO_OWNER : world.wanted;
    }

    /** Returns the parameters as {@link GkeDeployPlanner} settles them at that moment. */
    private static GkeDeployParameters serving(World world, String id, Optional<String> expected) {
        List<GkeEffects> acts = new ArrayList<>();
        List<Back> back = new ArrayList<>();
        boolean first = world.wanted.isEmpty();
        String secret = "hello-env-" + id;
        if (!world.objects.containsKey("Secret/" + secret)) {
            acts.add(GkeEffects.apply(Kind.SECRET, manifest(Kind.SECRET, secret, id), "create Secret"));
        }
        acts.add(GkeEffects.apply(Kind.DEPLOYMENT, manifest(Kind.DEPLOYMENT, "hello", id), "apply Deployment"));
        if (!world.objects.containsKey("Service/hello")) {
            acts.add(GkeEffects.apply(Kind.SERVICE, manifest(Kind.SERVICE, "hello", id), "apply Service"));
            back.add(new Back("apply:Service/hello", GkeEffects.delete(Kind.SERVICE, "hello")));
        }
        String key = "apply:Deployment/hello";
        if (first) {
            back.add(new Back(key, GkeEffects.delete(Kind.DEPLOYMENT, "hello")));
        } else if (!world.wanted.equals(id)) {
            back.add(new Back(key, GkeEffects.template("hello", world.wanted)));
            if (!world.sets.contains(id)) {
                back.add(new Back(key, GkeEffects.forget("hello", id)));
            }
        }
        if (!world.objects.containsKey("Secret/" + secret)) {
            back.add(new Back("apply:Secret/" + secret, GkeEffects.delete(Kind.SECRET, secret)));
        }
        return rolling(id, expected, acts, back, List.of(owner(world), id));
    }

    private static GkeDeployParameters again(World world, String id) {
        GkeEffects act = GkeEffects.template("hello", id);
        return rolling(
                id,
                Optional.empty(),
                List.of(act),
                List.of(new Back(act.effect().key(), GkeEffects.template("hello", world.wanted))),
                List.of(owner(world), id));
    }

    static GkeDeployParameters rolling(
            String id, Optional<String> expected, List<GkeEffects> acts, List<Back> back, List<String> owners) {
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
                Duration.ofMinutes(10),
                owners);
    }

    /** The work of the first owner. */
    enum First {
        PROMOTION,
        ROLLBACK,
        VERY_FIRST
    }

    /** A story and its world. */
    static final class Tale {
        final VirtualTime time;
        final World world;
        final TwoOwners story;
        final Map<String, String> params;
        final AtomicReference<String> mark = new AtomicReference<>("");

        Tale(long seed, First first) {
            time = new VirtualTime(seed);
            world = new World(time, seed, 0);
            if (first != First.VERY_FIRST) {
                world.objects.put("Service/hello", "");
                world.sets.add(OLD);
                world.serves(first == First.ROLLBACK ? MINE : OLD);
            }
            story = new TwoOwners(
                    "gke",
                    seed,
                    time,
                    new Compared(world, () -> List.of(owner(world)), mark).fencing(),
                    world,
                    () -> world.wanted + " " + world.objects.containsKey("Service/hello") + " "
                            + world.objects.containsKey("Secret/hello-env-" + world.wanted));
            params = claiming(
                    "first",
                    first == First.ROLLBACK
                            ? again(world, OLD)
                            : serving(world, MINE, Optional.of(first == First.VERY_FIRST ? "" : OLD)));
        }

        Map<String, String> claiming(String run, GkeDeployParameters rolling) {
            Map<String, String> params = new HashMap<>(rolling.toParams());
            Claim.of(run, mark.get(), rolling.deployed().version()).into(params);
            return params;
        }

        boolean deploy(String id) throws IOException {
            time.advance(Duration.ofMinutes(2));
            world.settle();
            return story.alone(
                    new GkeDeployOperation(), claiming("second", serving(world, id, Optional.of(world.serving))));
        }

        boolean rollBack(String id) throws IOException {
            time.advance(Duration.ofMinutes(2));
            world.settle();
            return story.alone(new GkeDeployOperation(), claiming("second", again(world, id)));
        }
    }

    @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
    void nothingOfAnOlderJournalChangesWhatAnotherOwnerMadeLive(@ForAll long seed, @ForAll First first)
            throws IOException {
        Tale tale = new Tale(seed, first);

        tale.story.random(new GkeDeployOperation(), tale.params, () -> tale.deploy(THEIRS));
    }

    /** A user does this when the first deployment was lost: he deploys the same commit again, on another machine. */
    @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
    void theSameDeploymentOfAnotherOwnerStays(@ForAll long seed, @ForAll First first) throws IOException {
        Tale tale = new Tale(seed, first);

        tale.story
                .mayBeDone()
                .random(new GkeDeployOperation(), tale.params, () -> tale.deploy(first == First.ROLLBACK ? OLD : MINE));
    }

    /**
     * Another deployment was made live and rolled back since: the serving version is the once expected one, and not by
     * chance.
     */
    @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
    void aRollbackOfAnotherOwnerStays(@ForAll long seed, @ForAll boolean back) throws IOException {
        Tale tale = new Tale(seed, back ? First.ROLLBACK : First.PROMOTION);

        tale.story.random(
                new GkeDeployOperation(), tale.params, () -> tale.deploy(THEIRS) && tale.rollBack(back ? MINE : OLD));
    }

    @Example
    void atEachPointAtWhichAProcessCanDie() throws IOException {
        for (First first : First.values()) {
            for (int i = 0; i < 2 * POINTS; i++) {
                Tale tale = new Tale(i, first);
                tale.story.diesAt(i / 2, i % 2 == 0, new GkeDeployOperation(), tale.params, () -> tale.deploy(THEIRS));
            }
        }
    }
}
