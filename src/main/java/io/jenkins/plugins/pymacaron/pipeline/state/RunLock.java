package io.jenkins.plugins.pymacaron.pipeline.state;

import io.jenkins.plugins.pymacaron.operation.OwnerLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Tells whether a stage that holds no other lock is still at work. A lock of the system tells that even after a restart
 * of the machine or the agent's container, when the number of a process has no meaning any more.
 */
public final class RunLock {
    private static final String FILE = "alive";

    private RunLock() {}

    /** Takes the lock. @param directory of a run that no other process knows yet */
    public static OwnerLock take(Path directory, String me) throws IOException {
        return OwnerLock.tryTake(directory.resolve(FILE), me)
                .orElseThrow(() -> new IOException(directory + " is in use"));
    }

    public static boolean isHeld(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            return false;
        }
        Optional<OwnerLock> free = OwnerLock.tryTake(file, "a look at it");
        if (free.isPresent()) {
            free.get().close();
        }
        return free.isEmpty();
    }
}
