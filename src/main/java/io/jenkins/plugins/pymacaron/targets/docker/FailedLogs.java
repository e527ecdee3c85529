package io.jenkins.plugins.pymacaron.targets.docker;

import io.jenkins.plugins.pymacaron.accept.FailureLog;
import io.jenkins.plugins.pymacaron.docker.Containers;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps the log of a container that this process has made and removes again because it failed. A rehearsal is always
 * removed, so the log of a rehearsal that has answered is not kept.
 */
final class FailedLogs {
    private final Containers containers;
    private final DockerStateReader reader;
    private final Set<String> made = ConcurrentHashMap.newKeySet();
    private volatile List<String> last = List.of();

    FailedLogs(Containers containers, DockerStateReader reader) {
        this.containers = containers;
        this.reader = reader;
    }

    void made(ContainerCreation creation) {
        made.add(creation.container());
    }

    /**
     * Keeps the log of a container before it is removed. Never fails: a log is no reason to leave a container there.
     */
    void leaving(String container) throws InterruptedException {
        boolean expected = container.endsWith(DockerDeployPlanner.REHEARSAL) && reader.hasAnswered(container);
        if (!made.remove(container) || expected) {
            return;
        }
        try {
            last = containers.logs(container, FailureLog.READ);
        } catch (IOException e) {
            last = List.of();
        }
    }

    /** Returns the log of the last such container, masked; empty if there was none. */
    List<String> last() {
        return last;
    }
}
