package io.jenkins.plugins.pymacaron.targets.cloudrun;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.cloud.FastDrive;
import io.jenkins.plugins.pymacaron.targets.cloud.FaultPlan;
import io.jenkins.plugins.pymacaron.targets.cloud.FaultPlan.Kind;
import io.jenkins.plugins.pymacaron.targets.cloud.FaultPlans;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A promotion on Cloud Run, by Google's real client library, while the service and the way to it are not well. */
@Timeout(3 * 60 * 60)
class FaultyCloudRunTest {
    @TempDir
    private Path temporary;

    /** Returns the words, as google.rpc.Code maps them to HTTP. */
    private static Answer words(Kind kind) {
        return kind == Kind.THROTTLE
                ? new Refusal(429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric 'Write requests'").answer()
                : new Refusal(503, "UNAVAILABLE", "The service is currently unavailable.").answer();
    }

    @Test
    void eachPlanHasAnEndAndNoneAFalseSuccess() throws Exception {
        FaultPlans.tell("cloud run", 12, seed -> new FaultPlan(seed, FaultyCloudRunTest::words, Set.of()), this::tell);
    }

    private String tell(FaultPlan plan) throws Exception {
        Path journals = Files.createDirectories(temporary.resolve("plan" + plan.seed));
        Random random = plan.random();
        Candidate candidate = RunRig.candidate(random.nextInt(4) == 0 ? "bad" : "22");
        boolean good = !candidate.digest().contains("bad");
        if (good && random.nextInt(5) == 0) {
            good = false;
            candidate = new Candidate(
                    candidate.deploymentId(), candidate.image(), "v9", candidate.digest(), candidate.commit());
        }
        Path again = Files.createDirectories(journals.resolve("faulty"));
        try (RunRig rig = new RunRig(journals);
                FastDrive drive = new FastDrive(again, plan)) {
            rig.config = RunRig.CONFIG.replace("2m", "3m");
            Deployed first = rig.live("1");
            rig.server.wire.between = plan;
            String end = drive.promote(rig.target(Slot.LIVE), candidate, first);
            plan.end();
            assertTrue(rig, drive.cleanedUp(end), good, first, drive.log());
            assertThat(rig.server.wire.troubles).isEmpty();
            return end.replaceFirst("(?s):.*", "");
        }
    }

    private static void assertTrue(RunRig rig, String end, boolean good, Deployed first, String log) throws Exception {
        String as = end + "\n" + log;
        RunService service = rig.service("hello-live");
        Set<String> serving = new TreeSet<>();
        synchronized (service) {
            for (int draw = 0; draw < 100; draw++) {
                serving.add(service.answers("", draw));
            }
        }
        Deployed current = rig.target(Slot.LIVE).current().orElseThrow();
        if (end.equals("live")) {
            assertThat(good).as("a bad one is live: " + as).isTrue();
            assertThat(current.version()).as(as).isEqualTo("v22");
            assertThat(serving).as(as).containsExactly(current.revision());
        } else {
            assertThat(serving).as(as).containsExactly(first.revision());
        }
        if (end.startsWith("not prepared:")) {
            assertThat(service.service.path("traffic").toString()).as(as).doesNotContain("\"tag\"");
        }
    }
}
