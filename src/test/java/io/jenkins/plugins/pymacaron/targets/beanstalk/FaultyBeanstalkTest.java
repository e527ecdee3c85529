package io.jenkins.plugins.pymacaron.targets.beanstalk;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import io.jenkins.plugins.pymacaron.targets.cloud.FastDrive;
import io.jenkins.plugins.pymacaron.targets.cloud.FaultPlan;
import io.jenkins.plugins.pymacaron.targets.cloud.FaultPlan.Kind;
import io.jenkins.plugins.pymacaron.targets.cloud.FaultPlans;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A promotion to Elastic Beanstalk, by the real AWS SDK, while the service and the way to it are not well. */
@Timeout(3 * 60 * 60)
class FaultyBeanstalkTest {
    @TempDir
    private Path temporary;

    /** The codes are those of the service models' CommonErrors, and of S3 where it asks for patience. */
    private static Answer words(Kind kind) {
        return kind == Kind.THROTTLE
                ? Answer.xml(400, Xml.error("Throttling", "Rate exceeded"))
                : Answer.xml(503, Xml.error("ServiceUnavailable", "Service unavailable"));
    }

    @Test
    void eachPlanHasAnEndAndNoneAFalseSuccess() throws Exception {
        FaultPlans.tell("beanstalk", 12, seed -> new FaultPlan(seed, FaultyBeanstalkTest::words, Set.of()), this::tell);
    }

    private String tell(FaultPlan plan) throws Exception {
        Path journals = Files.createDirectories(temporary.resolve("plan" + plan.seed));
        Random random = plan.random();
        Candidate candidate = Rig.candidate(random.nextInt(4) == 0 ? "bad" : "22");
        boolean good = !candidate.digest().contains("bad");
        if (good && random.nextInt(5) == 0) {
            good = false;
            candidate = new Candidate(
                    candidate.deploymentId(), candidate.image(), "v9", candidate.digest(), candidate.commit());
        }
        Path again = Files.createDirectories(journals.resolve("faulty"));
        try (Rig rig = new Rig(journals);
                FastDrive drive = new FastDrive(again, plan)) {
            Deployed first = rig.deploy("1");
            rig.server.shuffled = new Random(plan.seed);
            rig.server.wire.between = plan;
            String end = promote(rig, drive, candidate, first);
            plan.end();
            assertTrue(rig, drive.cleanedUp(end), good, first, drive.log());
            return end.replaceFirst("(?s):.*", "");
        }
    }

    /** @return how it ended; "left" in it where something is said to be left */
    private static String promote(Rig rig, FastDrive drive, Candidate candidate, Deployed first) throws Exception {
        try {
            BeanstalkTarget staging = rig.target(Slot.STAGING, "");
            Outcome staged = drive.run(staging, staging.prepare(candidate));
            if (!(staged instanceof Outcome.Done)) {
                return "not staged" + FastDrive.left(staged);
            }
            return drive.promote(rig.target(Slot.LIVE, ""), candidate, first)
                    .replaceFirst("^(not prepared|prepared, not live)", "staged, $1");
        } catch (TargetException e) {
            return "not begun: " + e.getMessage();
        }
    }

    private static void assertTrue(Rig rig, String end, boolean good, Deployed first, String log) throws Exception {
        String as = end + "\n" + log;
        Machine owner = rig.server.service.owner("hello-live").orElseThrow();
        Deployed serves = rig.target(Slot.LIVE, "").current().orElseThrow();
        assertThat(serves.revision()).as(as).isEqualTo(owner.name);
        if (end.equals("live")) {
            assertThat(good).as("a bad one is live: " + as).isTrue();
            assertThat(serves.version()).as(as).isEqualTo("v22");
        } else {
            assertThat(serves.revision()).as(as).isEqualTo(first.revision());
        }
        if (end.startsWith("not staged:")) {
            for (Machine machine : rig.server.service.machines.values()) {
                if (!machine.name.equals(first.revision())) {
                    assertThat(machine.status).as(as).isIn("Terminating", "Terminated");
                }
            }
        }
        // A list that did not show the candidate of a moment ago has it made once more, under another name.
        BeanstalkTarget live = rig.target(Slot.LIVE, "");
        rig.drive.done(live, live.retire(serves, 1));
        assertThat(rig.server.service.machines.values().stream()
                        .filter(m -> m.status.equals("Ready"))
                        .map(m -> m.name))
                .as("nothing is orphaned: " + as)
                .isSubsetOf(first.revision(), serves.revision());
    }
}
