package io.jenkins.plugins.pymacaron.accept;

import io.jenkins.plugins.pymacaron.docker.ContainerFacts;
import io.jenkins.plugins.pymacaron.docker.ContainerSpec;
import io.jenkins.plugins.pymacaron.docker.ContainerSpec.Published;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.docker.EngineFacts;
import io.jenkins.plugins.pymacaron.process.Shutdown;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The image, running for its acceptance on a port that nobody else knows. Gone when it is closed, when this process is
 * interrupted, and after a crash when the next one starts.
 */
public final class ContainerUnderTest implements AutoCloseable {
    private static final String OWNER = "io.jenkins.plugins.pymacaron.under-test";
    private static final int INSIDE = 80;
    private static final int LOG_LINES = 2000;
    private static final int LAST_LINES = 15;
    private static final int ATTEMPTS = 3;

    private final Docker docker;
    private final String id;
    private final URI base;
    private final Shutdown.Guard guard;

    private ContainerUnderTest(Docker docker, String id, URI base) {
        this.docker = docker;
        this.id = id;
        this.base = base;
        guard = Shutdown.guard(this::remove);
    }

    /**
     * What to start.
     *
     * @param image an id or a reference
     * @param version that GET /version has to answer
     * @param environment of the service, secrets included
     * @param readyWithin how long it may take until GET /ping answers
     */
    public record Task(String image, String version, Map<String, String> environment, Duration readyWithin) {
        @Override
        public String toString() {
            return "Task[" + image + " " + version + " " + environment.keySet() + "]";
        }
    }

    /**
     * Starts it, and waits until it is ready and has named its version.
     *
     * @throws NotServingException when it ends, does not answer in time or is another version; it is gone then
     */
    public static ContainerUnderTest start(Docker docker, Task task, Probe probe)
            throws IOException, InterruptedException {
        removeLeftovers(docker);
        ContainerUnderTest container = null;
        boolean ready = false;
        try {
            container = run(docker, task);
            ContainerUnderTest started = container;
            probe.awaitPing(container.base, task.readyWithin(), started::ended);
            probe.expectVersion(container.base, task.version());
            ready = true;
            return container;
        } finally {
            if (!ready && container != null) {
                container.close();
            }
        }
    }

    private static ContainerUnderTest run(Docker docker, Task task) throws IOException, InterruptedException {
        EngineFacts engine = docker.engine();
        ContainerSpec spec = ContainerSpec.of(task.image())
                .with(task.environment())
                .labelled(Map.of(OWNER, Owner.me()));
        for (int attempt = 1; ; attempt++) {
            if (engine.canPublish()) {
                String id = docker.containers()
                        .run(spec.with(Map.of("PORT", Integer.toString(INSIDE)))
                                .publishing(new Published(
                                        INSIDE, Optional.empty(), engine.local() ? "127.0.0.1" : "0.0.0.0")));
                Optional<Integer> port = docker.containers()
                        .inspect(id)
                        .map(facts -> facts.ports().get(INSIDE));
                if (port.isPresent()) {
                    return new ContainerUnderTest(docker, id, url(engine, port.get()));
                }
                docker.containers().remove(id);
            }
            int port = freePort();
            String id = docker.containers()
                    .run(spec.onHostNetwork().with(Map.of("PORT", Integer.toString(port))));
            ContainerUnderTest container = new ContainerUnderTest(docker, id, url(engine, port));
            if (attempt == ATTEMPTS || !container.lostItsPort()) {
                return container;
            }
            container.close();
        }
    }

    /** Somebody else may take the free port between our look and the service's start. */
    private boolean lostItsPort() throws IOException, InterruptedException {
        return ended().filter(why -> why.contains("Address already in use")).isPresent();
    }

    private static URI url(EngineFacts engine, int port) {
        return URI.create("http://" + engine.host() + ":" + port);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Without a slash at its end. */
    public URI base() {
        return base;
    }

    private Optional<String> ended() throws IOException, InterruptedException {
        Optional<ContainerFacts> facts = docker.containers().inspect(id);
        if (facts.isPresent() && facts.get().status().equals("running")) {
            return Optional.empty();
        }
        String how = facts.map(f -> f.oomKilled() ? "for want of memory" : "with exit code " + f.exitCode())
                .orElse("and is gone");
        List<String> lines = docker.containers().logs(id, LAST_LINES);
        return Optional.of("the container ended " + how
                + (lines.isEmpty() ? ", without a word" : "; its last lines:\n    " + String.join("\n    ", lines)));
    }

    /** What it has written, masked, its last lines. */
    public String log() throws IOException, InterruptedException {
        return String.join("\n", docker.containers().logs(id, LOG_LINES));
    }

    /** What containers of dead owners are left on this machine. */
    private static void removeLeftovers(Docker docker) throws IOException, InterruptedException {
        for (ContainerFacts container : docker.containers().labelled(Map.of(OWNER, ""))) {
            if (Owner.isDead(container.labels().get(OWNER))) {
                docker.containers().remove(container.id());
            }
        }
    }

    private void remove() {
        // An interrupt is why we are here; it must not keep the container alive.
        boolean interrupted = Thread.interrupted();
        try {
            docker.containers().remove(id);
        } catch (IOException e) {
            docker.processes().say("the container " + id + " was not removed: " + e.getMessage());
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        guard.close();
    }
}
