package io.jenkins.plugins.pymacaron.targets.docker;

import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.Effector;
import io.jenkins.plugins.pymacaron.operation.Lookup;
import io.jenkins.plugins.pymacaron.operation.VirtualTime;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.LiveMark.Claim;
import io.jenkins.plugins.pymacaron.targets.cloud.Compared;
import io.jenkins.plugins.pymacaron.targets.cloud.TwoOwners;
import io.jenkins.plugins.pymacaron.targets.docker.Port.Box;
import io.jenkins.plugins.pymacaron.targets.docker.Port.Nature;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
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

/** An old journal of the docker target that is taken up after another owner has deployed. */
class DockerTwoOwnersTest {
    private static final String OLD = "a-old";
    private static final String MINE = "b-mine";
    private static final String THEIRS = "c-theirs";
    private static final int POINTS = 45;

    @AfterContainer
    static void theSecondOwnerCameToDeploy() {
        TwoOwners.enoughOvertaken("docker");
    }

    /** The work of the first owner. */
    enum First {
        PROMOTION,
        ROLLBACK,
        VERY_FIRST
    }

    /** A story and its world. */
    private static final class Tale implements Effector {
        final Port port;
        final boolean shared;
        final VirtualTime time;
        final TwoOwners story;
        final Map<String, String> params;
        final AtomicReference<String> mark = new AtomicReference<>("");

        Tale(long seed, First first, boolean shared) {
            this.shared = shared;
            port = new Port(shared, Nature.GOOD);
            if (first != First.VERY_FIRST) {
                port.boxes.put(OLD, new Box(Nature.GOOD, first == First.PROMOTION));
            }
            if (first == First.ROLLBACK) {
                port.boxes.put(MINE, new Box(Nature.GOOD, true));
            }
            time = new VirtualTime(seed);
            story = new TwoOwners(
                    "docker",
                    seed,
                    time,
                    new Compared(this, this::running, mark),
                    subject -> port.read(
                            subject.kind(),
                            subject.id(),
                            "version of " + subject.id().substring(subject.id().indexOf(' ') + 1)),
                    () -> String.join(" ", running()));
            params = claiming(
                    "first",
                    replacement(
                            first == First.ROLLBACK ? OLD : MINE,
                            first == First.ROLLBACK
                                    ? Optional.empty()
                                    : Optional.of(first == First.PROMOTION ? OLD : "")));
        }

        Map<String, String> claiming(String run, DockerDeployParameters replacement) {
            Map<String, String> params = new HashMap<>(replacement.toParams());
            Claim.of(run, mark.get(), replacement.deployed().version()).into(params);
            return params;
        }

        List<String> running() {
            return port.boxes.entrySet().stream()
                    .filter(e -> e.getValue().running)
                    .map(Map.Entry::getKey)
                    .toList();
        }

        /** Returns the parameters as {@link DockerDeployPlanner} settles them at that moment. */
        DockerDeployParameters replacement(String name, Optional<String> expected) {
            Deployed deployed = new Deployed(
                    "docker/x/live",
                    name,
                    "version of " + name,
                    "sha256:2",
                    "c",
                    "http://127.0.0.1:1",
                    name,
                    Instant.parse("2026-01-02T03:04:05Z"));
            Optional<String> old =
                    running().stream().filter(other -> !other.equals(name)).findFirst();
            boolean runs = running().contains(name);
            return new DockerDeployParameters(
                    deployed,
                    new ContainerCreation(name, "image", 1, 2, true, Map.of(DockerMetadata.DEPLOYMENT, name)),
                    !port.boxes.containsKey(name),
                    runs,
                    old,
                    shared && old.isPresent(),
                    expected.filter(e -> !runs),
                    Duration.ofSeconds(90));
        }

        /** Deploys with its clean-up: other running containers end, and so many of them are kept. */
        boolean deploy(String name, int keep) throws IOException {
            String before = running().stream().findFirst().orElse("");
            if (!story.alone(new DockerDeployOperation(), claiming("second", replacement(name, Optional.of(before))))) {
                return false;
            }
            List<String> others = port.boxes.keySet().stream()
                    .filter(other -> !other.equals(name))
                    .toList();
            List<String> kept = others.subList(0, Math.min(keep, others.size()));
            List<String> removed = others.subList(kept.size(), others.size());
            return story.alone(new DockerDeleteOperation(), DockerDeleteOperation.params(kept, removed));
        }

        @Override
        public Lookup find(Effect effect) {
            return port.find(effect) ? Lookup.present(Map.of()) : Lookup.ABSENT;
        }

        @Override
        public Map<String, String> apply(Effect effect) {
            port.apply(effect);
            return Map.of();
        }
    }

    @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
    void nothingOfAnOlderJournalChangesWhatAnotherOwnerMadeLive(
            @ForAll long seed, @ForAll First first, @ForAll boolean shared) throws IOException {
        Tale tale = new Tale(seed, first, shared);

        tale.story.random(
                new DockerDeployOperation(), tale.params, () -> tale.deploy(THEIRS, tale.story.random.nextInt(4)));
    }

    /** A user does this when the first deployment was lost: he deploys the same commit again, in another checkout. */
    @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
    void theSameDeploymentOfAnotherOwnerStays(@ForAll long seed, @ForAll First first, @ForAll boolean shared)
            throws IOException {
        Tale tale = new Tale(seed, first, shared);

        tale.story
                .mayBeDone()
                .random(
                        new DockerDeployOperation(),
                        tale.params,
                        () -> tale.deploy(first == First.ROLLBACK ? OLD : MINE, tale.story.random.nextInt(4)));
    }

    /**
     * Another deployment was made live and rolled back since: the serving version is the once expected one, and not by
     * chance.
     */
    @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
    void aRollbackOfAnotherOwnerStays(@ForAll long seed, @ForAll boolean back, @ForAll boolean shared)
            throws IOException {
        Tale tale = new Tale(seed, back ? First.ROLLBACK : First.PROMOTION, shared);

        tale.story.random(
                new DockerDeployOperation(),
                tale.params,
                () -> tale.deploy(THEIRS, 3) && tale.deploy(back ? MINE : OLD, 3));
    }

    @Example
    void atEachPointAtWhichAProcessCanDie() throws IOException {
        for (First first : First.values()) {
            for (int i = 0; i < 4 * POINTS; i++) {
                Tale tale = new Tale(i, first, i % 4 < 2);
                tale.story.diesAt(
                        i / 4, i % 2 == 0, new DockerDeployOperation(), tale.params, () -> tale.deploy(THEIRS, 2));
            }
        }
    }
}
