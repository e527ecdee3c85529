package io.jenkins.plugins.pymacaron.targets.gke;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.operation.CrashStory;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.targets.cloud.Compared;
import io.jenkins.plugins.pymacaron.targets.cloud.Faults;
import io.jenkins.plugins.pymacaron.targets.gke.GkeDeployParameters.Back;
import io.jenkins.plugins.pymacaron.targets.gke.GkeTwoOwnersTest.First;
import io.jenkins.plugins.pymacaron.targets.gke.GkeTwoOwnersTest.Tale;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Requests that an API server carries out after their client has given up. It ends each request after a minute
 * (kube-apiserver, {@code --request-timeout}).
 */
class GkeLateRequestsTest {
    private static final Duration LATEST = Duration.ofMinutes(1);
    private static final int POINTS = 60;
    private static final String OLD = "old";
    private static final String NEW = "mine";

    private static String seen(Tale tale) {
        return tale.world.wanted + " " + tale.world.objects + " " + tale.world.sets;
    }

    private static void assertOverWhenReported(long seed, Tale tale, Map<String, String> params) throws IOException {
        Random random = new Random(seed);
        tale.world.mark = tale.mark::get;
        Compared cluster =
                new Compared(tale.world, () -> List.of(GkeTwoOwnersTest.owner(tale.world)), tale.mark).fencing();
        Faults faults = new Faults(cluster, tale.world, random.nextLong(), 0.3).late(cluster, tale.time, LATEST);
        Set<Integer> deaths = new HashSet<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            deaths.add(random.nextInt(POINTS));
        }
        CrashStory story = new CrashStory(
                        tale.time, random.nextLong(), new GkeDeployOperation(), params, faults, faults)
                .crashAt(deaths)
                .stopAt(random.nextBoolean() ? random.nextInt(POINTS) : -1);
        if (random.nextBoolean()) {
            story.undoneByOthers();
        }

        Outcome outcome = story.tell();

        String reported = seen(tale);
        tale.time.advance(LATEST);
        if (outcome.left().isEmpty()) {
            assertThat(seen(tale)).as(outcome + "\n" + story.journal()).isEqualTo(reported);
        }
    }

    @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
    void noRequestIsCarriedOutAfterTheRunHasReported(@ForAll long seed, @ForAll First first) throws IOException {
        Tale tale = new Tale(seed, first);

        assertOverWhenReported(seed, tale, tale.params);
    }

    private static ObjectNode service(String deployment) {
        return DeploymentManifests.object(
                Kind.SERVICE, "hello", "hello", Map.of(), Map.of(), Map.of("data", deployment));
    }

    /** No undo writes a Service that is as it was, so each request for it is awaited. */
    @Property(tries = 5_000, shrinking = ShrinkingMode.OFF)
    void theSameForAnObjectThatIsChanged(@ForAll long seed) throws IOException {
        Tale tale = new Tale(seed, First.PROMOTION);
        GkeEffects before = GkeEffects.apply(Kind.SERVICE, service(OLD), "change Service back");
        tale.world.objects.put("Service/hello", JsonTree.hash(before.manifest().orElseThrow()));
        GkeDeployParameters changing = GkeTwoOwnersTest.rolling(
                NEW,
                Optional.of(OLD),
                List.of(GkeEffects.apply(Kind.SERVICE, service(NEW), "apply Service")),
                List.of(new Back("apply:Service/hello", before)),
                List.of(OLD, NEW));

        assertOverWhenReported(seed, tale, tale.claiming("first", changing));
    }
}
