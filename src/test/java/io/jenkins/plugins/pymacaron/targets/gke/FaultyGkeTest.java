package io.jenkins.plugins.pymacaron.targets.gke;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.accept.Probe;
import io.jenkins.plugins.pymacaron.accept.ProbeRequest;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Target;
import io.jenkins.plugins.pymacaron.targets.cloud.FastDrive;
import io.jenkins.plugins.pymacaron.targets.cloud.FaultPlan;
import io.jenkins.plugins.pymacaron.targets.cloud.FaultPlan.Kind;
import io.jenkins.plugins.pymacaron.targets.cloud.FaultPlans;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Answer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A promotion on Kubernetes, by the real client library, while the API server and the way to it are not well. */
@Timeout(3 * 60 * 60)
class FaultyGkeTest {
    /**
     * A read that names no resource version is of the most recent state (Kubernetes, "API Concepts", "Semantics for get and
     * list"), so that nothing stale is read.
     */
    private static final Set<Kind> NOT = Set.of(Kind.STALE);

    private static final int ASKED = 5;

    @TempDir
    private Path temporary;

    private static Answer words(Kind kind) {
        boolean throttled = kind == Kind.THROTTLE;
        return Answer.json(
                throttled ? 429 : 500,
                "{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"metadata\": {}, \"status\": \"Failure\", \"reason\": \""
                        + (throttled ? "TooManyRequests" : "InternalError") + "\", \"message\": \""
                        + (throttled
                                ? "the server has received too many requests and has asked us to try again later"
                                : "Internal error occurred: etcdserver: request timed out")
                        + "\", \"code\": " + (throttled ? 429 : 500) + "}");
    }

    @Test
    void eachPlanHasAnEndAndNoneAFalseSuccess() throws Exception {
        FaultPlans.tell("gke", 12, seed -> new FaultPlan(seed, FaultyGkeTest::words, NOT), this::tell);
    }

    private String tell(FaultPlan plan) throws Exception {
        Path journals = Files.createDirectories(temporary.resolve("plan" + plan.seed));
        Random random = plan.random();
        boolean good = random.nextInt(3) > 0;
        Candidate candidate = Scene.candidate(good ? "v2" : "bad");
        if (!good && random.nextBoolean()) {
            Candidate other = Scene.candidate("v2");
            candidate = new Candidate(other.deploymentId(), other.image(), "v9", other.digest(), other.commit());
        }
        try (Scene scene = new Scene().with("accept: {ready_timeout: 3m}\n");
                FastDrive drive = new FastDrive(journals, plan)) {
            Target live = scene.target(Slot.LIVE);
            Deployed ready = scene.done(live, live.prepare(Scene.candidate("v1")));
            Deployed first = scene.done(live, live.activate(Scene.candidate("v1"), ready, Optional.empty()));
            scene.done(live, live.withdraw(ready));
            scene.kube.between = plan;
            String end = drive.promote(scene.target(Slot.LIVE), candidate, first);
            plan.end();
            assertTrue(scene, drive.cleanedUp(end), good, first, drive.log());
            return end.replaceFirst("(?s):.*", "");
        }
    }

    /** Asks by a connection of its own each time, so that any existing pod may answer. */
    private static Set<String> answers(Deployed first) throws Exception {
        Set<String> versions = new HashSet<>();
        for (int i = 0; i < ASKED; i++) {
            versions.add(new Probe(ProbeRequest.plain(Duration.ofSeconds(60), true)).version(URI.create(first.url())));
        }
        return versions;
    }

    private static void assertTrue(Scene scene, String end, boolean good, Deployed first, String log) throws Exception {
        String as = end + "\n" + log;
        // This holds at once: an undone version answers no longer, and the serving version is there.
        assertThat(answers(first)).as(as).containsExactly(end.equals("live") ? "v2" : "v1");
        Deployed current = scene.target(Slot.LIVE).current().orElseThrow();
        if (end.equals("live")) {
            assertThat(good).as("a bad one is live: " + as).isTrue();
            assertThat(current.version()).as(as).isEqualTo("v2");
        } else {
            assertThat(current.revision()).as(as).isEqualTo(first.revision());
        }
    }
}
