package io.jenkins.plugins.pymacaron.pipeline;

import io.jenkins.plugins.pymacaron.operation.OwnerLock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Waits for a lock that another run has, and says for whom. */
final class Waiting {
    private static final int LOOK_AGAIN_MILLIS = 200;

    private Waiting() {}

    /**
     * @param me who takes it, in words, for those who will wait
     * @throws IOException when it is not free in time, with a line that names its owner
     */
    static OwnerLock lock(Path file, String me, Duration within, Progress progress)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        boolean told = false;
        while (true) {
            Optional<OwnerLock> lock = OwnerLock.tryTake(file, me);
            if (lock.isPresent()) {
                return lock.get();
            }
            if (!told) {
                progress.say("Waiting for " + OwnerLock.owner(file));
                told = true;
            }
            if (System.nanoTime() > deadline) {
                throw new IOException("gave up after " + within.toMinutes() + " minutes: " + OwnerLock.owner(file)
                        + " is still at it");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
        }
    }
}
