package io.jenkins.plugins.pymacaron.accept;

import io.jenkins.plugins.pymacaron.docker.ContainerFacts;
import io.jenkins.plugins.pymacaron.docker.Docker;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * Marks containers under test, and removes those whose owner cannot remove them any more, for instance after SIGKILL.
 */
final class LeftoverContainers {
    static final String PREFIX = "pym-test-";
    private static final String OWNER = "io.jenkins.plugins.pymacaron.under-test";
    /** No acceptance lasts as long; so the owner of this container, which cannot be seen from here, is gone too. */
    private static final Duration ABANDONED = Duration.ofDays(2);

    private LeftoverContainers() {}

    static Map<String, String> labels() {
        return Map.of(OWNER, PortOwner.me());
    }

    static void remove(Docker docker) throws IOException, InterruptedException {
        Instant limit = Instant.now().minus(ABANDONED);
        for (ContainerFacts container : docker.containers().labelled(Map.of(OWNER, ""))) {
            if (PortOwner.isDead(container.label(OWNER))
                    || container.origin().created().isBefore(limit)) {
                docker.containers().remove(container.id());
            }
        }
    }
}
