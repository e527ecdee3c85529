package io.jenkins.plugins.pymacaron.accept;

import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import java.time.Duration;

/** A process of its own that starts a container, says so, and waits to be ended. */
final class HoldContainer {
    private HoldContainer() {}

    public static void main(String[] args) throws Exception {
        Docker docker = RealDocker.docker(RealDocker.log());
        ContainerUnderTest.Task task = Services.task(args[0], Duration.ofMinutes(1));
        System.out.println("starting");
        try (ContainerUnderTest container =
                ContainerUnderTest.start(docker, task, new Probe(ProbeRequest.plain(Duration.ofSeconds(60), true)))) {
            System.out.println("ready " + container.base());
            Thread.sleep(Duration.ofMinutes(5).toMillis());
        }
    }
}
