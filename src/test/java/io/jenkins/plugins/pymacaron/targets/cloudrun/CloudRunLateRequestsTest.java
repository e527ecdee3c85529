package io.jenkins.plugins.pymacaron.targets.cloudrun;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.operation.CrashStory;
import io.jenkins.plugins.pymacaron.operation.Operation;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.operation.VirtualTime;
import io.jenkins.plugins.pymacaron.targets.LiveMark.Claim;
import io.jenkins.plugins.pymacaron.targets.cloud.Compared;
import io.jenkins.plugins.pymacaron.targets.cloud.Faults;
import io.jenkins.plugins.pymacaron.targets.cloudrun.RunWorld.Nature;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Requests that Cloud Run carries out after their client has given up, and perhaps after the run has reported. */
class CloudRunLateRequestsTest {
    private static final String NEW = "x-live-new";
    private static final Duration LATEST = Duration.ofMinutes(15);
    private static final int POINTS = 45;

    /** The work of a run on a service that serves. */
    enum Work {
        CANDIDATE,
        STAGING,
        TAG,
        PROMOTION,
        CANARY,
        CLOSING;

        Operation operation() {
            return ordinal() < PROMOTION.ordinal() ? new CloudRunPrepareOperation() : new CloudRunActivateOperation();
        }

        RunWorld world() {
            RunWorld world = new RunWorld(Nature.GOOD).served();
            if (ordinal() >= TAG.ordinal()) {
                world.revisions.put(NEW, new RunWorld.Rev(Nature.GOOD, 9));
            }
            if (ordinal() >= PROMOTION.ordinal()) {
                world.tags.put(CloudRunNames.tag(NEW), NEW);
            }
            return world;
        }

        Map<String, String> params() {
            Map<String, String> params = new HashMap<>(plain());
            Claim.of("first", "", NEW).into(params);
            return params;
        }

        private Map<String, String> plain() {
            TrafficSplit old = TrafficSplit.all(RunWorld.OLD);
            CloudRunPrepareParameters.There there =
                    this == TAG ? CloudRunPrepareParameters.There.REVISION : CloudRunPrepareParameters.There.SERVICE;
            return switch (this) {
                case CANDIDATE, TAG ->
                    CloudRunTwoOwnersTest.rollout(NEW, there, false, old).toParams();
                case STAGING ->
                    CloudRunTwoOwnersTest.rollout(NEW, there, true, old).toParams();
                case PROMOTION -> move(List.of(), CloudRunPrepareParameters.Access.AS_IT_IS);
                case CANARY -> move(List.of(5, 50), CloudRunPrepareParameters.Access.AS_IT_IS);
                case CLOSING -> move(List.of(), CloudRunPrepareParameters.Access.CLOSE);
            };
        }

        private static Map<String, String> move(List<Integer> canary, CloudRunPrepareParameters.Access access) {
            CloudRunActivateParameters m =
                    CloudRunTwoOwnersTest.move(NEW, TrafficSplit.all(RunWorld.OLD), canary, Optional.of(RunWorld.OLD));
            return new CloudRunActivateParameters(
                            m.service(),
                            m.deployed(),
                            m.from(),
                            m.settled(),
                            m.old(),
                            m.tag(),
                            m.canary(),
                            m.expected(),
                            access,
                            m.settings(),
                            m.had(),
                            m.forget(),
                            m.within(),
                            m.tests())
                    .toParams();
        }
    }

    private static String seen(RunWorld world, Work work) {
        for (int i = 0; i < 3; i++) {
            world.goOn();
        }
        String serving = String.join(
                ", ", world.wanted.text(), world.served.text(), world.canary, world.open ? "open" : "closed");
        // A late candidate leaves a revision without traffic, and its tag.
        boolean candidate = work == Work.CANDIDATE || work == Work.TAG;
        return candidate ? serving : serving + ", " + world.tags + ", " + world.revisions.keySet();
    }

    @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
    void noRequestIsCarriedOutAfterTheRunHasReported(@ForAll long seed, @ForAll Work work) throws IOException {
        Random random = new Random(seed);
        VirtualTime time = new VirtualTime(seed);
        RunWorld world = work.world();
        Compared cloud = new Compared(world, () -> List.of(world.wanted.text()), world.mark).fencing();
        Faults faults = new Faults(cloud, world, random.nextLong(), 0.3).late(cloud, time, LATEST);
        Set<Integer> deaths = new HashSet<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            deaths.add(random.nextInt(POINTS));
        }
        CrashStory story = new CrashStory(time, random.nextLong(), work.operation(), work.params(), faults, faults)
                .crashAt(deaths)
                .stopAt(random.nextBoolean() ? random.nextInt(POINTS) : -1);
        if (random.nextBoolean()) {
            story.undoneByOthers();
        }

        Outcome outcome = story.tell();

        String reported = seen(world, work);
        time.advance(LATEST);
        if (outcome.left().isEmpty()) {
            assertThat(seen(world, work)).as(outcome + "\n" + story.journal()).isEqualTo(reported);
        }
    }
}
