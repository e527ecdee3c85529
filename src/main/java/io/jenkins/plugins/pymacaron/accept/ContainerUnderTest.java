package io.jenkins.plugins.pymacaron.accept;

import io.jenkins.plugins.pymacaron.docker.ContainerFacts;
import io.jenkins.plugins.pymacaron.docker.ContainerSpec;
import io.jenkins.plugins.pymacaron.docker.ContainerSpec.Published;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.docker.EngineFacts;
import io.jenkins.plugins.pymacaron.docker.LocalPorts;
import io.jenkins.plugins.pymacaron.process.Shutdown;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The image, running for its acceptance on a private port. The container is removed when this is closed, when this
 * process is interrupted, and after a crash when the next acceptance starts.
 */
public final class ContainerUnderTest implements AutoCloseable {
    private static final int INSIDE = 80;
    private static final int ATTEMPTS = 3;
    /** The number of looks for a container whose client was ended. */
    private static final int LOOKS = 10;

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(400);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    /** The messages of Python, gunicorn and the engine. */
    private static final Pattern PORT_TAKEN = Pattern.compile(
            "address already in use|connection in use|port is already allocated", Pattern.CASE_INSENSITIVE);

    private final Docker docker;
    private final String name;
    private final Shutdown.Guard guard;
    private URI base;
    private URI forTests;
    private volatile boolean making;
    private long lookedAt;

    private ContainerUnderTest(Docker docker, String name) {
        this.docker = docker;
        this.name = name;
        guard = Shutdown.guard(this::remove);
    }

    /**
     * The container to start.
     *
     * @param image an id or a reference
     * @param version that GET /version has to return
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
        return start(docker, task, probe, log -> {});
    }

    /** Keeps the log of a container that failed, which is gone when the caller learns of it. */
    @FunctionalInterface
    public interface Keeper {
        void keep(String log) throws IOException;
    }

    /**
     * Starts it.
     *
     * @param keeper gets the log of the container, masked, before it is removed because it does not serve
     */
    public static ContainerUnderTest start(Docker docker, Task task, Probe probe, Keeper keeper)
            throws IOException, InterruptedException {
        LeftoverContainers.remove(docker);
        for (int attempt = 1; ; attempt++) {
            // The guard knows the container before it exists: an interrupt while the engine makes it leaves none
            // behind.
            ContainerUnderTest container = new ContainerUnderTest(
                    docker,
                    LeftoverContainers.PREFIX + UUID.randomUUID().toString().substring(0, 12));
            boolean proven = false;
            try {
                container.run(task);
                container.awaitService(task, probe);
                proven = true;
                return container;
            } catch (IOException e) {
                if (attempt == ATTEMPTS || !container.lostItsPort(e)) {
                    container.keepLog(keeper);
                    throw e;
                }
            } finally {
                if (!proven) {
                    container.close();
                }
            }
        }
    }

    private void awaitService(Task task, Probe probe) throws IOException, InterruptedException {
        try {
            probe.awaitPing(base, task.readyWithin(), this::endedByNow);
            probe.expectVersion(base, task.version());
            forTests = own().filter(own -> probe.answers(own, task.version())).orElse(base);
        } catch (NotServingException e) {
            // The reason of a container that has ended is already in its message.
            throw ended().isPresent() ? e : new NotServingException(e.getMessage() + FailureLog.told(lines()));
        }
    }

    private void keepLog(Keeper keeper) throws InterruptedException {
        try {
            keeper.keep(log());
        } catch (IOException e) {
            docker.processes().say("the log of the container " + name + " is not kept: " + e.getMessage());
        }
    }

    private void run(Task task) throws IOException, InterruptedException {
        making = true;
        make(task);
        making = false;
        lookedAt = System.nanoTime();
    }

    private void make(Task task) throws IOException, InterruptedException {
        EngineFacts engine = docker.engine();
        ContainerSpec spec = ContainerSpec.of(task.image())
                .named(name)
                .with(task.environment())
                .labelled(LeftoverContainers.labels());
        if (engine.canPublish()) {
            docker.containers()
                    .run(spec.with(Map.of("PORT", Integer.toString(INSIDE)))
                            .publishing(
                                    new Published(INSIDE, Optional.empty(), engine.local() ? "127.0.0.1" : "0.0.0.0")));
            Optional<Integer> port = docker.containers()
                    .inspect(name)
                    .map(facts -> facts.network().ports().get(INSIDE));
            if (port.isPresent()) {
                base = url(engine, port.get());
                return;
            }
            // It died at once, which the caller will see, or the engine cannot publish after all.
            if (ended().isPresent()) {
                base = url(engine, INSIDE);
                return;
            }
            docker.containers().remove(name);
        }
        int port = LocalPorts.free();
        // It contains the service's secrets: it must not be reachable from the network.
        Map<String, String> listening = new TreeMap<>();
        listening.put("PORT", Integer.toString(port));
        listening.put("PYM_HOST", engine.local() ? "127.0.0.1" : "0.0.0.0");
        if (engine.local() && Loopback.hasOther()) {
            listening.put("PYM_TEST_BIND", Loopback.address() + ":" + port);
        }
        docker.containers().run(spec.onHostNetwork().with(listening));
        base = url(engine, port);
    }

    /** Returns an address of its own, which this machine reaches if the engine runs on it. */
    private Optional<URI> own() throws IOException, InterruptedException {
        if (!docker.engine().local()) {
            return Optional.empty();
        }
        Optional<String> address = docker.engine().canPublish()
                ? docker.containers().inspect(name).flatMap(facts -> facts.network()
                        .address())
                : Optional.empty();
        return address.isPresent()
                ? address.map(own -> URI.create("http://" + own + ":" + INSIDE))
                : Optional.of(URI.create("http://" + Loopback.address() + ":" + base.getPort()));
    }

    /**
     * Returns whether it has lost its port: another program may take the free port between the look and the service's
     * start, and even answer in its place.
     */
    private boolean lostItsPort(IOException failure) throws IOException, InterruptedException {
        return PORT_TAKEN.matcher(String.valueOf(failure.getMessage())).find()
                || PORT_TAKEN.matcher(String.join("\n", lines())).find();
    }

    private static URI url(EngineFacts engine, int port) {
        return URI.create("http://" + engine.host() + ":" + port);
    }

    /** Returns its address without a slash at its end. */
    public URI base() {
        return base;
    }

    /**
     * Returns the address for tests, which may take 127.0.0.1 for "the server is a process of mine": the container's
     * own address, and on the network of the machine, where it has none, another one of loopback; {@link #base} where
     * that does not answer.
     */
    public URI forTests() {
        return forTests;
    }

    /** Returns the reason why it will never answer, if it has ended, with the last lines of its log. */
    private Optional<String> ended() throws IOException, InterruptedException {
        Optional<ContainerFacts> facts = docker.containers().inspect(name);
        if (facts.isPresent() && facts.get().running()) {
            return Optional.empty();
        }
        String how = facts.map(f -> f.state().oomKilled()
                        ? "ended for want of memory"
                        : "ended with exit code " + f.state().exitCode())
                .orElse("is gone: another program removed it");
        String said = FailureLog.told(lines());
        return Optional.of("the container " + how + (said.isEmpty() ? ", without a word" : said));
    }

    /**
     * Returns the same as {@link #ended}, but asks the engine only from time to time: a request to the service is much
     * cheaper.
     */
    private Optional<String> endedByNow() throws IOException, InterruptedException {
        if (System.nanoTime() - lookedAt < BETWEEN_LOOKS.toNanos()) {
            return Optional.empty();
        }
        lookedAt = System.nanoTime();
        return ended();
    }

    private List<String> lines() throws IOException, InterruptedException {
        return docker.containers().logs(name, FailureLog.READ);
    }

    /** Removes containers whose owner was killed. */
    public static void removeLeftovers(Docker docker) throws IOException, InterruptedException {
        LeftoverContainers.remove(docker);
    }

    /** Returns the last lines of its log, masked. */
    public String log() throws IOException, InterruptedException {
        return String.join("\n", lines());
    }

    /**
     * Waits for the engine, which completes the request of a client that was ended. A container that it does not know
     * by then is never made.
     */
    private void awaitEngine() throws IOException, InterruptedException {
        for (int look = 0; look < LOOKS && docker.containers().inspect(name).isEmpty(); look++) {
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN.toMillis());
        }
    }

    private void remove() {
        // An interrupt may be the reason for the close; it must not keep the container alive.
        boolean interrupted = Thread.interrupted();
        try {
            if (making && (interrupted || Shutdown.begun())) {
                awaitEngine();
            }
            docker.containers().remove(name);
        } catch (IOException e) {
            docker.processes().say("the container " + name + " was not removed: " + e.getMessage());
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
