package io.jenkins.plugins.pymacaron.targets.beanstalk;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.targets.Change;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests a caller that lost its rights: 403 and 400 alike ("Common errors", AWS Elastic Beanstalk API reference). */
@Timeout(20 * 60)
class LastingRefusalTest {
    /** A refusal lasts for half a second. */
    private static final int FASTER = 20;

    @TempDir
    private Path journals;

    @Test
    void aWaitThatMayNotSeeAnyMoreEndsWithTheReason() throws Exception {
        try (Rig rig = new Rig(journals, Duration.ofMinutes(5))) {
            BeanstalkTarget staging = rig.target(Slot.STAGING, "");
            Change change = staging.prepare(Rig.candidate("1"));
            CompletableFuture<Outcome> running = CompletableFuture.supplyAsync(() -> outcome(rig, staging, change));
            await(rig, "CreateEnvironment", 0);
            await(rig, "DescribeEvents", rig.calls("DescribeEvents"));

            Instant refused = Instant.now();
            rig.clock =
                    () -> refused.plus(Duration.between(refused, Instant.now()).multipliedBy(FASTER));
            rig.server.refuses = true;

            Outcome outcome = running.get(600, TimeUnit.SECONDS);
            assertThat(((Outcome.Failed) outcome).reason())
                    .startsWith("environment ")
                    .contains(" cannot be watched any more: ", "You do not have permission to perform this action");
            assertThat(outcome.left()).as("nothing could be undone").isNotEmpty();
        }
    }

    private static void await(Rig rig, String action, long before) {
        while (rig.calls(action) <= before) {
            LockSupport.parkNanos(5_000_000);
        }
    }

    private static Outcome outcome(Rig rig, BeanstalkTarget target, Change change) {
        try {
            return rig.drive.run(target, change);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
