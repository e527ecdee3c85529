package io.jenkins.plugins.pymacaron.targets.cloudrun;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.operation.CrashStory;
import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.Operation;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.operation.State;
import io.jenkins.plugins.pymacaron.operation.VirtualTime;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Expectation;
import io.jenkins.plugins.pymacaron.targets.cloud.Faults;
import io.jenkins.plugins.pymacaron.targets.cloudrun.RunWorld.Nature;
import io.jenkins.plugins.pymacaron.targets.cloudrun.RunWorld.Rev;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** The operations of Cloud Run in thousands of worlds, with the real driver, crashes, stops and all that a network does. */
class CloudRunCrashTest {
    private static final String NEW = "x-live-new";
    private static final String TAG = "c12345678";
    private static final Instant BEGIN = Instant.parse("2026-01-02T03:04:05Z");
    private static final int POINTS = 70;

    private static final RevisionSpec SPEC = new RevisionSpec(
            "repo@sha256:2",
            "512Mi",
            "1",
            10,
            Optional.of(3),
            Duration.ofMinutes(5),
            Optional.empty(),
            ServiceSettings.NONE,
            RevisionExtras.NONE,
            Map.of(CloudRunMetadata.ENVIRONMENT, "cloud-run/x/live", CloudRunMetadata.DEPLOYMENT, "new"));

    private static Deployed deployed(String revision, String version) {
        return new Deployed("cloud-run/x/live", revision, version, "sha256:2", "c", "https://x", revision, BEGIN);
    }

    private static CloudRunPrepareParameters rollout(
            CloudRunPrepareParameters.There there, boolean atOnce, CloudRunPrepareParameters.Access access) {
        return new CloudRunPrepareParameters(
                new CloudRunNames("project", "europe-west1", "x-live"),
                deployed(NEW, RunWorld.NEW_VERSION),
                TAG,
                SPEC,
                there,
                atOnce,
                there == CloudRunPrepareParameters.There.NOTHING
                        ? TrafficSplit.parse("")
                        : TrafficSplit.all(RunWorld.OLD),
                ServiceSettings.NONE,
                access,
                "",
                Duration.ofMinutes(2));
    }

    private static CloudRunActivateParameters forth(List<Integer> canary, CloudRunPrepareParameters.Access access) {
        return new CloudRunActivateParameters(
                "x-live",
                deployed(NEW, RunWorld.NEW_VERSION),
                TrafficSplit.all(RunWorld.OLD),
                TrafficSplit.all(RunWorld.OLD),
                RunWorld.OLD_VERSION,
                TAG,
                canary,
                Optional.of(RunWorld.OLD),
                access,
                ServiceSettings.NONE,
                ServiceSettings.NONE,
                "",
                Duration.ofMinutes(3),
                Duration.ofMinutes(10));
    }

    private static CloudRunActivateParameters back() {
        return new CloudRunActivateParameters(
                "x-live",
                deployed(RunWorld.OLD, RunWorld.OLD_VERSION),
                TrafficSplit.all(NEW),
                TrafficSplit.all(NEW),
                RunWorld.NEW_VERSION,
                "",
                List.of(),
                Optional.empty(),
                CloudRunPrepareParameters.Access.AS_IT_IS,
                ServiceSettings.NONE,
                ServiceSettings.NONE,
                NEW,
                Duration.ofMinutes(3),
                Duration.ofMinutes(10));
    }

    private static State touched(Operation operation, Map<String, String> params, Effect effect) {
        return State.begun(operation.kind(), params, BEGIN)
                .with(effect, new State.Result(State.Result.How.UNKNOWN, Map.of(), "no answer", BEGIN));
    }

    /** The version of a rollback was accepted before, so a later rollback may use it. */
    @Example
    void anUndoForgetsOnlyAVersionThatWasNewToLive() {
        assertThat(undoOf(back())).containsEntry(CloudRunEffects.FORGET, "");
        assertThat(undoOf(forth(List.of(), CloudRunPrepareParameters.Access.AS_IT_IS)))
                .containsEntry(CloudRunEffects.FORGET, NEW);
    }

    private static Map<String, String> undoOf(CloudRunActivateParameters m) {
        CloudRunActivateOperation operation = new CloudRunActivateOperation();
        Effect moved = CloudRunEffects.traffic(
                m.service(), m.to(), m.from(), m.settings(), m.settings().changes(m.had()), m.forget());
        return operation.undo(touched(operation, m.toParams(), moved)).get(0).args();
    }

    @Example
    void anUndoDoesNotCloseAServiceThatAnotherDeploymentHasFoundOpen() {
        CloudRunPrepareOperation operation = new CloudRunPrepareOperation();
        CloudRunPrepareParameters r =
                rollout(CloudRunPrepareParameters.There.SERVICE, false, CloudRunPrepareParameters.Access.OPEN);
        Effect opened = InvokerPolicies.change(r.access(), r.names().service()).orElseThrow();

        Effect close = operation.undo(touched(operation, r.toParams(), opened)).get(0);

        assertThat(Expectation.isOver(close, r.before().text(), "")).isFalse();
        assertThat(Expectation.isOver(close, TrafficSplit.all("x-live-v3").text(), "another's"))
                .isTrue();
    }

    /** The faults of a network and a machine in an operation, drawn from a seed. */
    private static final class Trouble {
        final Random random;
        final VirtualTime time;
        CrashStory last;

        Trouble(long seed) {
            random = new Random(seed);
            time = new VirtualTime(seed);
        }

        Outcome tell(RunWorld world, Operation operation, Map<String, String> params, boolean stops)
                throws IOException {
            Faults faults = new Faults(world, world, random.nextLong(), random.nextInt(3) * 0.1);
            if (random.nextBoolean()) {
                faults.slow(time);
            }
            Set<Integer> crashes = new HashSet<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                crashes.add(random.nextInt(POINTS));
            }
            last = new CrashStory(time, random.nextLong(), operation, params, faults, faults).crashAt(crashes);
            if (stops && random.nextInt(3) == 0) {
                last.stopAt(random.nextInt(POINTS));
            }
            if (random.nextInt(4) == 0) {
                last.suspendAt(random.nextInt(POINTS));
            }
            return last.tell();
        }
    }

    private static boolean nothingLeft(Outcome outcome) {
        return outcome instanceof Outcome.Failed f
                ? f.left().isEmpty()
                : outcome instanceof Outcome.Stopped s && s.left().isEmpty();
    }

    private static void oldServesAlone(RunWorld world) {
        world.goOn();
        assertThat(world.wanted).isEqualTo(TrafficSplit.all(RunWorld.OLD));
        assertThat(world.served).isEqualTo(world.wanted);
        assertThat(world.canary).isEmpty();
    }

    /**
     * Promotes with a canary and rolls back, interrupted anywhere: no user ever meets a revision that is not proven.
     */
    @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
    void noUserNoticesAFailedCandidate(@ForAll long seed) throws IOException {
        Trouble trouble = new Trouble(seed);
        Nature nature = trouble.random.nextInt(3) > 0 ? Nature.GOOD : Nature.values()[trouble.random.nextInt(4)];
        RunWorld world = new RunWorld(nature).served();
        boolean kept = trouble.random.nextInt(5) == 0;
        if (kept) {
            world.revisions.put(NEW, new Rev(nature, 9));
        }

        Outcome prepared = trouble.tell(
                world,
                new CloudRunPrepareOperation(),
                rollout(
                                kept
                                        ? CloudRunPrepareParameters.There.REVISION
                                        : CloudRunPrepareParameters.There.SERVICE,
                                false,
                                CloudRunPrepareParameters.Access.AS_IT_IS)
                        .toParams(),
                true);

        oldServesAlone(world);
        assertThat(world.tags).containsEntry("theirs", RunWorld.OLD);
        if (prepared instanceof Outcome.Done) {
            assertThat(nature).isEqualTo(Nature.GOOD);
            assertThat(world.tags).containsEntry(TAG, NEW);
            shift(trouble, world);
        } else if (nothingLeft(prepared)) {
            assertThat(world.tags).doesNotContainKey(TAG);
        }
        assertThat(world.created.getOrDefault(NEW, 0)).isLessThanOrEqualTo(1);
        assertThat(world.complaint).isEmpty();
        assertThat(world.tags).containsEntry("theirs", RunWorld.OLD);
        assertThat(world.revisions).containsKey(RunWorld.OLD);
    }

    /** The traffic is where it was at the moment at which that is said, and not only on its way. */
    private static void assertUndone(Outcome outcome, RunWorld world) {
        if (nothingLeft(outcome)) {
            assertThat(world.served).as("served").isEqualTo(TrafficSplit.all(RunWorld.OLD));
        }
    }

    private static void shift(Trouble trouble, RunWorld world) throws IOException {
        List<Integer> canary = trouble.random.nextBoolean() ? List.of(5, 25, 50) : List.of();
        CloudRunPrepareParameters.Access access = trouble.random.nextInt(4) == 0
                ? CloudRunPrepareParameters.Access.CLOSE
                : CloudRunPrepareParameters.Access.AS_IT_IS;
        world.tested = trouble.random.nextBoolean();
        world.failsAt = List.of("", "5", "25", "50").get(trouble.random.nextInt(4));
        Outcome active = trouble.tell(
                world, new CloudRunActivateOperation(), forth(canary, access).toParams(), true);
        assertUndone(active, world);
        world.goOn();
        if (active instanceof Outcome.Done) {
            assertThat(world.tested && !world.failsAt.isEmpty() && !canary.isEmpty())
                    .as("refused by its tests")
                    .isFalse();
            assertThat(world.served).isEqualTo(TrafficSplit.all(NEW));
            assertThat(world.canary).isEmpty();
            assertThat(world.open).isEqualTo(access != CloudRunPrepareParameters.Access.CLOSE);
            assertThat(world.tags).containsOnlyKeys("theirs");
            if (trouble.tell(world, new CloudRunActivateOperation(), back().toParams(), false)
                    instanceof Outcome.Done) {
                oldServesAlone(world);
            }
        } else if (nothingLeft(active)) {
            oldServesAlone(world);
            assertThat(world.open).isTrue();
        }
    }

    /** A first deployment serves at once, and is gone if it fails; in staging the one before serves again. */
    @Property(tries = 5_000, shrinking = ShrinkingMode.OFF)
    void aCandidateThatTakesTheTrafficAtOnceGivesItBack(@ForAll long seed) throws IOException {
        Trouble trouble = new Trouble(seed);
        Nature nature = trouble.random.nextInt(3) > 0 ? Nature.GOOD : Nature.values()[trouble.random.nextInt(4)];
        boolean first = trouble.random.nextBoolean();
        RunWorld world = first ? new RunWorld(nature) : new RunWorld(nature).served();
        CloudRunPrepareParameters rollout = rollout(
                first ? CloudRunPrepareParameters.There.NOTHING : CloudRunPrepareParameters.There.SERVICE,
                true,
                first ? CloudRunPrepareParameters.Access.OPEN : CloudRunPrepareParameters.Access.AS_IT_IS);

        Outcome outcome = trouble.tell(world, new CloudRunPrepareOperation(), rollout.toParams(), true);

        if (!first) {
            assertUndone(outcome, world);
        }
        world.goOn();
        if (outcome instanceof Outcome.Done) {
            assertThat(nature).isEqualTo(Nature.GOOD);
            assertThat(world.served).isEqualTo(TrafficSplit.all(NEW));
            assertThat(world.open).isTrue();
        } else if (nothingLeft(outcome)) {
            assertThat(world.exists).isEqualTo(!first);
            if (!first) {
                oldServesAlone(world);
            }
        }
        assertThat(world.created.getOrDefault(NEW, 0)).isLessThanOrEqualTo(1);
        assertThat(trouble.last.journal()).doesNotContain("s3cret");
    }

    @Property(tries = 1_000, shrinking = ShrinkingMode.OFF)
    void exactlyTheRequestedRevisionsAreRemoved(@ForAll long seed) throws IOException {
        RunWorld world = new RunWorld(Nature.GOOD).served();
        List.of("x-live-a", "x-live-b", "x-live-c").forEach(name -> world.revisions.put(name, new Rev(Nature.GOOD, 9)));
        world.tags.put(TAG, "x-live-a");

        Outcome outcome = new Trouble(seed)
                .tell(
                        world,
                        new CloudRunDeleteOperation(),
                        CloudRunDeleteOperation.params(List.of(TAG), List.of("x-live-a", "x-live-b", RunWorld.OLD)),
                        false);

        assertThat(world.revisions).containsKeys(RunWorld.OLD, "x-live-c");
        if (outcome instanceof Outcome.Done) {
            assertThat(world.revisions).containsOnlyKeys(RunWorld.OLD, "x-live-c");
            assertThat(world.tags).containsOnlyKeys("theirs");
        }
        oldServesAlone(world);
    }

    @Example
    void nothingIsDoneIfAnotherOwnerWasFaster() throws IOException {
        RunWorld world = new RunWorld(Nature.GOOD).served();
        world.revisions.put(NEW, new Rev(Nature.GOOD, 9));
        world.revisions.put("theirs", new Rev(Nature.GOOD, 9));
        world.wanted = TrafficSplit.all("theirs");
        world.goOn();

        Outcome outcome = new CrashStory(
                        new VirtualTime(1),
                        1,
                        new CloudRunActivateOperation(),
                        forth(List.of(), CloudRunPrepareParameters.Access.AS_IT_IS)
                                .toParams(),
                        world,
                        world)
                .tell();

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(failed.reason())
                .isEqualTo("superseded: theirs serves in cloud-run/x/live by now, not " + RunWorld.OLD
                        + "; it stays as it is"));
        assertThat(world.served).isEqualTo(TrafficSplit.all("theirs"));
    }

    /** This is the state after a first deployment, which has all traffic from its beginning. */
    @Property(tries = 500, shrinking = ShrinkingMode.OFF)
    void aServingVersionIsOnlyProven(@ForAll long seed) throws IOException {
        RunWorld world = new RunWorld(Nature.GOOD).served();
        CloudRunActivateParameters move = new CloudRunActivateParameters(
                "x-live",
                deployed(RunWorld.OLD, RunWorld.OLD_VERSION),
                TrafficSplit.all(RunWorld.OLD),
                TrafficSplit.all(RunWorld.OLD),
                "",
                TAG,
                List.of(),
                Optional.of(""),
                CloudRunPrepareParameters.Access.AS_IT_IS,
                ServiceSettings.NONE,
                ServiceSettings.NONE,
                "",
                // Longer than readings fail one after the other.
                Duration.ofHours(1),
                Duration.ofMinutes(10));

        assertThat(new Trouble(seed).tell(world, new CloudRunActivateOperation(), move.toParams(), false))
                .isInstanceOf(Outcome.Done.class);
        oldServesAlone(world);
    }

    @Example
    void parametersSurviveTheJournal() {
        CloudRunPrepareParameters rollout =
                rollout(CloudRunPrepareParameters.There.SERVICE, true, CloudRunPrepareParameters.Access.OPEN);
        CloudRunActivateParameters move = forth(List.of(5, 50), CloudRunPrepareParameters.Access.CLOSE);

        assertThat(CloudRunPrepareParameters.read(rollout.toParams())).isEqualTo(rollout);
        assertThat(CloudRunActivateParameters.read(move.toParams())).isEqualTo(move);
    }
}
