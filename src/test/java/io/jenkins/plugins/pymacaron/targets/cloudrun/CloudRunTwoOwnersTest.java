package io.jenkins.plugins.pymacaron.targets.cloudrun;

import io.jenkins.plugins.pymacaron.operation.Operation;
import io.jenkins.plugins.pymacaron.operation.VirtualTime;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.LiveMark.Claim;
import io.jenkins.plugins.pymacaron.targets.cloud.Compared;
import io.jenkins.plugins.pymacaron.targets.cloud.TwoOwners;
import io.jenkins.plugins.pymacaron.targets.cloudrun.RunWorld.Nature;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;

/** An old journal of Cloud Run that is taken up after another owner has deployed. */
class CloudRunTwoOwnersTest {
    private static final String MINE = "x-live-new";
    private static final String THEIRS = "x-live-theirs";
    private static final int POINTS = 45;

    @AfterContainer
    static void theSecondOwnerCameToDeploy() {
        TwoOwners.enoughOvertaken("cloud run");
    }

    private static Deployed deployed(String revision) {
        return new Deployed(
                "cloud-run/x/live",
                revision,
                revision.equals(RunWorld.OLD) ? RunWorld.OLD_VERSION : RunWorld.NEW_VERSION,
                "sha256:2",
                "c",
                "https://x",
                revision,
                Instant.parse("2026-01-02T03:04:05Z"));
    }

    static CloudRunPrepareParameters rollout(
            String revision, CloudRunPrepareParameters.There there, boolean atOnce, TrafficSplit before) {
        RevisionSpec spec = new RevisionSpec(
                "repo@sha256:2",
                "512Mi",
                "1",
                10,
                Optional.of(3),
                Duration.ofMinutes(5),
                Optional.empty(),
                ServiceSettings.NONE,
                RevisionExtras.NONE,
                Map.of(CloudRunMetadata.ENVIRONMENT, "cloud-run/x/live", CloudRunMetadata.DEPLOYMENT, revision));
        return new CloudRunPrepareParameters(
                new CloudRunNames("project", "europe-west1", "x-live"),
                deployed(revision),
                CloudRunNames.tag(revision),
                spec,
                there,
                atOnce,
                before,
                ServiceSettings.NONE,
                CloudRunPrepareParameters.Access.AS_IT_IS,
                "",
                Duration.ofMinutes(2));
    }

    static CloudRunActivateParameters move(
            String to, TrafficSplit from, List<Integer> canary, Optional<String> expected) {
        return move(to, from, from, canary, expected);
    }

    private static CloudRunActivateParameters move(
            String to, TrafficSplit from, TrafficSplit settled, List<Integer> canary, Optional<String> expected) {
        return new CloudRunActivateParameters(
                "x-live",
                deployed(to),
                from,
                settled,
                "",
                CloudRunNames.tag(to),
                canary,
                expected,
                CloudRunPrepareParameters.Access.AS_IT_IS,
                ServiceSettings.NONE,
                ServiceSettings.NONE,
                "",
                Duration.ofMinutes(3),
                Duration.ofMinutes(10));
    }

    /** The work of the first owner. */
    enum First {
        PROMOTION,
        CANARY,
        ROLLBACK,
        STAGING,
        VERY_FIRST;

        RunWorld world() {
            if (this == VERY_FIRST) {
                return new RunWorld(Nature.GOOD);
            }
            RunWorld world = new RunWorld(Nature.GOOD).served();
            if (this != STAGING) {
                world.revisions.put(MINE, new RunWorld.Rev(Nature.GOOD, 9));
                world.tags.put(CloudRunNames.tag(MINE), MINE);
            }
            if (this == ROLLBACK) {
                world.wanted = TrafficSplit.all(MINE);
                world.goOn();
            }
            return world;
        }

        /** Returns the version that it makes serve. */
        String to() {
            return this == ROLLBACK ? RunWorld.OLD : MINE;
        }

        Operation operation() {
            return this == STAGING || this == VERY_FIRST
                    ? new CloudRunPrepareOperation()
                    : new CloudRunActivateOperation();
        }

        Map<String, String> params(RunWorld world) {
            Map<String, String> claiming = new HashMap<>(params());
            Claim.of("first", world.mark.get(), MINE).into(claiming);
            return claiming;
        }

        private Map<String, String> params() {
            TrafficSplit old = TrafficSplit.all(RunWorld.OLD);
            return switch (this) {
                case PROMOTION ->
                    move(MINE, old, List.of(), Optional.of(RunWorld.OLD)).toParams();
                case CANARY ->
                    move(MINE, old, List.of(5, 50), Optional.of(RunWorld.OLD)).toParams();
                case ROLLBACK ->
                    move(RunWorld.OLD, TrafficSplit.all(MINE), List.of(), Optional.empty())
                            .toParams();
                case STAGING ->
                    rollout(MINE, CloudRunPrepareParameters.There.SERVICE, true, old)
                            .toParams();
                case VERY_FIRST ->
                    rollout(MINE, CloudRunPrepareParameters.There.NOTHING, true, TrafficSplit.parse(""))
                            .toParams();
            };
        }
    }

    private static TwoOwners story(long seed, RunWorld world) {
        return new TwoOwners(
                "cloud run",
                seed,
                new VirtualTime(seed),
                new Compared(world, () -> world.exists ? List.of(world.wanted.text()) : List.of(), world.mark)
                        .fencing(),
                world,
                () -> world.exists ? world.wanted.text() : "no service");
    }

    /** Deploys as {@link CloudRunPreparePlanner} settles it at that moment. */
    private static boolean deploy(TwoOwners story, RunWorld world, String revision) throws IOException {
        return deploy(story, world, revision, true);
    }

    private static Map<String, String> second(RunWorld world, Map<String, String> params) {
        Map<String, String> claiming = new HashMap<>(params);
        Claim.of("second", world.mark.get(), "v").into(claiming);
        return claiming;
    }

    /** @param prepares whether there is a revision to be made */
    private static boolean deploy(TwoOwners story, RunWorld world, String revision, boolean prepares)
            throws IOException {
        for (int i = 0; i < 5; i++) {
            world.goOn();
        }
        TrafficSplit served = world.served;
        boolean there = world.revisions.containsKey(revision);
        if (served.shares().isEmpty() || !world.exists) {
            return story.alone(
                    new CloudRunPrepareOperation(),
                    second(
                            world,
                            rollout(
                                            revision,
                                            !world.exists
                                                    ? CloudRunPrepareParameters.There.NOTHING
                                                    : there
                                                            ? CloudRunPrepareParameters.There.REVISION
                                                            : CloudRunPrepareParameters.There.SERVICE,
                                            true,
                                            world.wanted)
                                    .toParams()));
        }
        String serving = served.shares().keySet().stream()
                .filter(name -> served.shares().size() == 1 || !name.equals(world.canary))
                .findFirst()
                .orElseThrow();
        boolean made = !prepares || serving.equals(revision);
        return (made
                        || story.alone(
                                new CloudRunPrepareOperation(),
                                rollout(
                                                revision,
                                                there
                                                        ? CloudRunPrepareParameters.There.REVISION
                                                        : CloudRunPrepareParameters.There.SERVICE,
                                                false,
                                                world.wanted)
                                        .toParams()))
                && story.alone(
                        new CloudRunActivateOperation(),
                        second(
                                world,
                                move(revision, world.wanted, TrafficSplit.all(serving), List.of(), Optional.of(serving))
                                        .toParams()));
    }

    @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
    void nothingOfAnOlderJournalChangesWhatAnotherOwnerMadeLive(@ForAll long seed, @ForAll First first)
            throws IOException {
        RunWorld world = first.world();
        TwoOwners story = story(seed, world);

        story.random(first.operation(), first.params(world), () -> deploy(story, world, THEIRS));
    }

    @Example
    void atEachPointAtWhichAProcessCanDie() throws IOException {
        for (First first : First.values()) {
            for (int i = 0; i < 2 * POINTS; i++) {
                RunWorld world = first.world();
                TwoOwners story = story(i, world);
                story.diesAt(
                        i / 2, i % 2 == 0, first.operation(), first.params(world), () -> deploy(story, world, THEIRS));
            }
        }
    }

    /** A user does this when the first deployment was lost: he deploys the same commit again, on another machine. */
    @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
    void theSameDeploymentOfAnotherOwnerStays(@ForAll long seed, @ForAll First first) throws IOException {
        RunWorld world = first.world();
        TwoOwners story = story(seed, world);

        story.mayBeDone().random(first.operation(), first.params(world), () -> deploy(story, world, first.to()));
    }

    /**
     * Another deployment was made live and rolled back since: the serving version is the once expected one, and not by
     * chance.
     */
    @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
    void aRollbackOfAnotherOwnerStays(@ForAll long seed, @ForAll First first) throws IOException {
        RunWorld world = first.world();
        TwoOwners story = story(seed, world);
        String before = first == First.VERY_FIRST ? THEIRS : first == First.ROLLBACK ? MINE : RunWorld.OLD;

        story.random(
                first.operation(),
                first.params(world),
                () -> deploy(story, world, THEIRS) && deploy(story, world, before, false));
    }
}
