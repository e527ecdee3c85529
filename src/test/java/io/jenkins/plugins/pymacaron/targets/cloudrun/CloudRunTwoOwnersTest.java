package io.jenkins.plugins.pymacaron.targets.cloudrun;

import io.jenkins.plugins.pymacaron.operation.Operation;
import io.jenkins.plugins.pymacaron.operation.VirtualTime;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.LiveMark.Claim;
import io.jenkins.plugins.pymacaron.targets.cloud.Compared;
import io.jenkins.plugins.pymacaron.targets.cloud.TwoOwners;
import io.jenkins.plugins.pymacaron.targets.cloudrun.CloudRunPrepareParameters.Access;
import io.jenkins.plugins.pymacaron.targets.cloudrun.CloudRunPrepareParameters.There;
import io.jenkins.plugins.pymacaron.targets.cloudrun.RunWorld.Nature;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
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

    static CloudRunPrepareParameters rollout(String revision, There there, boolean atOnce, TrafficSplit before) {
        return rollout(revision, there, atOnce, before, Access.AS_IT_IS);
    }

    private static CloudRunPrepareParameters rollout(
            String revision, There there, boolean atOnce, TrafficSplit before, Access access) {
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
                access,
                "",
                Duration.ofMinutes(2));
    }

    static CloudRunActivateParameters move(
            String to, TrafficSplit from, List<Integer> canary, Optional<String> expected) {
        return move(to, from, from, canary, expected, Access.AS_IT_IS);
    }

    private static CloudRunActivateParameters move(
            String to,
            TrafficSplit from,
            TrafficSplit settled,
            List<Integer> canary,
            Optional<String> expected,
            Access access) {
        return new CloudRunActivateParameters(
                "x-live",
                deployed(to),
                from,
                settled,
                "",
                CloudRunNames.tag(to),
                canary,
                expected,
                access,
                ServiceSettings.NONE,
                ServiceSettings.NONE,
                "",
                Duration.ofMinutes(3),
                Duration.ofMinutes(10));
    }

    /**
     * The access to the service.
     *
     * @param before whether everybody may call it at first
     * @param first whether the first owner wants that; and the second
     */
    record Wanted(boolean before, boolean first, boolean second) {
        static Wanted of(long seed) {
            Random random = new Random(seed);
            return new Wanted(random.nextBoolean(), random.nextBoolean(), random.nextBoolean());
        }

        /** Returns the change that comes with a candidate, which is never closed, or with what serves. */
        static Access change(boolean isOpen, boolean wanted, Access never) {
            Access access = InvokerPolicies.needed(isOpen, wanted);
            return access == never ? Access.AS_IT_IS : access;
        }
    }

    /** The work of the first owner. */
    enum First {
        CANDIDATE,
        PROMOTION,
        CANARY,
        ROLLBACK,
        STAGING,
        VERY_FIRST;

        RunWorld world(Wanted access) {
            if (this == VERY_FIRST) {
                return new RunWorld(Nature.GOOD);
            }
            RunWorld world = new RunWorld(Nature.GOOD).served();
            world.open = access.before();
            if (this != STAGING && this != CANDIDATE) {
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
            return this == STAGING || this == VERY_FIRST || this == CANDIDATE
                    ? new CloudRunPrepareOperation()
                    : new CloudRunActivateOperation();
        }

        Map<String, String> params(RunWorld world, Wanted access) {
            Map<String, String> claiming = new HashMap<>(plain(world.open, access.first()));
            Claim claim = Claim.of("first", world.mark.get(), MINE);
            if (this == CANDIDATE) {
                new Claim(claim.mine(), "").intoCandidate(claiming);
                claiming.put(CloudRunPrepareOperation.LIVE_MARK, claim.before());
            } else {
                claim.into(claiming);
            }
            return claiming;
        }

        private Map<String, String> plain(boolean isOpen, boolean wanted) {
            TrafficSplit old = TrafficSplit.all(RunWorld.OLD);
            Access opens = Wanted.change(isOpen, wanted, Access.CLOSE);
            Access closes = Wanted.change(isOpen, wanted, Access.OPEN);
            Access both = InvokerPolicies.needed(isOpen, wanted);
            return switch (this) {
                case CANDIDATE ->
                    rollout(MINE, There.SERVICE, false, old, opens).toParams();
                case PROMOTION ->
                    move(MINE, old, old, List.of(), Optional.of(RunWorld.OLD), closes)
                            .toParams();
                case CANARY ->
                    move(MINE, old, old, List.of(5, 50), Optional.of(RunWorld.OLD), closes)
                            .toParams();
                case ROLLBACK ->
                    move(RunWorld.OLD, TrafficSplit.all(MINE), List.of(), Optional.empty())
                            .toParams();
                case STAGING -> rollout(MINE, There.SERVICE, true, old, both).toParams();
                case VERY_FIRST ->
                    rollout(MINE, There.NOTHING, true, TrafficSplit.parse(""), both)
                            .toParams();
            };
        }
    }

    private static TwoOwners story(long seed, RunWorld world, First first) {
        TwoOwners story = new TwoOwners(
                "cloud run",
                seed,
                new VirtualTime(seed),
                new Compared(world, () -> world.exists ? List.of(world.wanted.text()) : List.of(), world.mark)
                        .fencing()
                        .except(CloudRunEffector::isCandidate)
                        .marking(CloudRunEffector::marks),
                world,
                () -> world.exists ? world.wanted.text() + (world.open ? " for everybody" : "") : "no service");
        // The candidate of the first owner may stand beside what the second made live.
        return first == First.CANDIDATE ? story.mayBeDone() : story;
    }

    private static Map<String, String> second(RunWorld world, Map<String, String> params) {
        Map<String, String> claiming = new HashMap<>(params);
        Claim.of("second", world.mark.get(), "v").into(claiming);
        return claiming;
    }

    /** Deploys as {@link CloudRunPreparePlanner} settles it at that moment. */
    private static boolean deploy(TwoOwners story, RunWorld world, Wanted access, String revision) throws IOException {
        return deploy(story, world, access, revision, true);
    }

    /** @param prepares whether there is a revision to be made */
    private static boolean deploy(TwoOwners story, RunWorld world, Wanted access, String revision, boolean prepares)
            throws IOException {
        for (int i = 0; i < 5; i++) {
            world.goOn();
        }
        TrafficSplit served = world.served;
        boolean there = world.revisions.containsKey(revision);
        if (served.shares().isEmpty() || !world.exists) {
            There parts = !world.exists ? There.NOTHING : there ? There.REVISION : There.SERVICE;
            Access change = InvokerPolicies.needed(world.open, access.second());
            return story.alone(
                    new CloudRunPrepareOperation(),
                    second(
                            world,
                            rollout(revision, parts, true, world.wanted, change).toParams()));
        }
        String serving = served.shares().keySet().stream()
                .filter(name -> served.shares().size() == 1 || !name.equals(world.canary))
                .findFirst()
                .orElseThrow();
        if (prepares && !serving.equals(revision)) {
            Access opens = Wanted.change(world.open, access.second(), Access.CLOSE);
            There parts = there ? There.REVISION : There.SERVICE;
            if (!story.alone(
                    new CloudRunPrepareOperation(),
                    rollout(revision, parts, false, world.wanted, opens).toParams())) {
                return false;
            }
        }
        Access closes = Wanted.change(world.open, access.second(), Access.OPEN);
        TrafficSplit settled = TrafficSplit.all(serving);
        return story.alone(
                new CloudRunActivateOperation(),
                second(
                        world,
                        move(revision, world.wanted, settled, List.of(), Optional.of(serving), closes)
                                .toParams()));
    }

    @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
    void nothingOfAnOlderJournalChangesWhatAnotherOwnerMadeLive(@ForAll long seed, @ForAll First first)
            throws IOException {
        Wanted access = Wanted.of(seed);
        RunWorld world = first.world(access);
        TwoOwners story = story(seed, world, first);

        story.random(first.operation(), first.params(world, access), () -> deploy(story, world, access, THEIRS));
    }

    @Example
    void atEachPointAtWhichAProcessCanDie() throws IOException {
        for (First first : First.values()) {
            for (int i = 0; i < 2 * POINTS; i++) {
                for (int wanted = 0; wanted < 8; wanted++) {
                    Wanted access = new Wanted((wanted & 1) > 0, (wanted & 2) > 0, (wanted & 4) > 0);
                    RunWorld world = first.world(access);
                    TwoOwners story = story(i, world, first);
                    story.diesAt(
                            i / 2,
                            i % 2 == 0,
                            first.operation(),
                            first.params(world, access),
                            () -> deploy(story, world, access, THEIRS));
                }
            }
        }
    }

    /** A user does this when the first deployment was lost: he deploys the same commit again, on another machine. */
    @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
    void theSameDeploymentOfAnotherOwnerStays(@ForAll long seed, @ForAll First first) throws IOException {
        Wanted access = Wanted.of(seed);
        RunWorld world = first.world(access);
        TwoOwners story = story(seed, world, first).mayBeDone();

        story.random(first.operation(), first.params(world, access), () -> deploy(story, world, access, first.to()));
    }

    /**
     * Another deployment was made live and rolled back since: the serving version is the once expected one, and not by
     * chance.
     */
    @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
    void aRollbackOfAnotherOwnerStays(@ForAll long seed, @ForAll First first) throws IOException {
        Wanted access = Wanted.of(seed);
        RunWorld world = first.world(access);
        TwoOwners story = story(seed, world, first);
        String before = first == First.VERY_FIRST ? THEIRS : first == First.ROLLBACK ? MINE : RunWorld.OLD;

        story.random(
                first.operation(),
                first.params(world, access),
                () -> deploy(story, world, access, THEIRS) && deploy(story, world, access, before, false));
    }
}
