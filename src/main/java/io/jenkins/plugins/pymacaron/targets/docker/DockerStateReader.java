package io.jenkins.plugins.pymacaron.targets.docker;

import io.jenkins.plugins.pymacaron.accept.FailureLog;
import io.jenkins.plugins.pymacaron.accept.Probe;
import io.jenkins.plugins.pymacaron.accept.ProbeRequest;
import io.jenkins.plugins.pymacaron.docker.ContainerFacts;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.docker.ImageFacts;
import io.jenkins.plugins.pymacaron.operation.Subject;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.LiveUnchangedCheck;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Reads the facts that {@link DockerWaitConditions} waits for: the state of a container by the engine, and the answers
 * of the container itself.
 */
final class DockerStateReader {
    private static final Duration RESTORE_WITHIN = Duration.ofMinutes(2);
    private static final Duration SETTLED_AFTER = Duration.ofMinutes(1);
    /** Shorter than the time that it takes to notice that a container has ended. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Duration ASK_AT_ONCE = Duration.ofMillis(50);
    private static final Duration ASK_AGAIN = Duration.ofMillis(100);

    private final Docker docker;
    private final ContainerList listing;
    private final ContainerOwnership ownership;
    private final Probe probe;
    private final int consecutive;
    private final Set<String> answered = ConcurrentHashMap.newKeySet();
    /** Image ids, each with a digest that the image has. */
    private final Set<String> proven = ConcurrentHashMap.newKeySet();

    /**
     * Makes a reader.
     *
     * @param ownership tells which containers are read
     * @param asking how the containers are asked
     * @param consecutive how many requests in a row have to name one version before it counts as seen
     */
    DockerStateReader(
            Docker docker, ContainerList listing, ContainerOwnership ownership, ProbeRequest asking, int consecutive) {
        this.docker = docker;
        this.listing = listing;
        this.ownership = ownership;
        probe = new Probe(asking);
        this.consecutive = consecutive;
    }

    /** Returns the facts about the subject, or the reason why they are not known under {@code error}. */
    Map<String, String> read(Subject subject) throws InterruptedException {
        try {
            return switch (subject.kind()) {
                case DockerWaitConditions.CONTAINER -> container(subject.id());
                case DockerWaitConditions.URL -> url(subject.id());
                case LiveUnchangedCheck.ENVIRONMENT -> environment();
                default -> throw new IllegalArgumentException(subject.kind());
            };
        } catch (IOException e) {
            return Map.of("error", String.valueOf(e.getMessage()));
        }
    }

    /**
     * Returns the environment's containers that serve or have served, in the order of their last starts, newest first.
     */
    List<ContainerFacts> serving() throws IOException, InterruptedException {
        return serving(ownership::isOwn);
    }

    /** Returns the same as {@link #serving()} with one call: in no order, with name, state and labels alone. */
    List<ContainerFacts> standing() throws IOException, InterruptedException {
        return standing(ownership::isOwn);
    }

    /**
     * Returns matching containers as {@link #standing()} does, of all containers on the engine that serve or have
     * served.
     */
    List<ContainerFacts> standing(Predicate<ContainerFacts> which) throws IOException, InterruptedException {
        return listing
                .brief(Map.of(DockerMetadata.ENVIRONMENT, "", DockerMetadata.ROLE, DockerMetadata.SERVING))
                .stream()
                .filter(which)
                .toList();
    }

    /** Returns all containers of the environment, rehearsals included, as {@link #standing()} knows them. */
    List<ContainerFacts> everything() throws IOException, InterruptedException {
        return listing.brief(Map.of(DockerMetadata.ENVIRONMENT, "")).stream()
                .filter(ownership::isOwn)
                .toList();
    }

    /** Returns the containers that only rehearse in the environment, as {@link #standing()} knows them. */
    List<ContainerFacts> rehearsing() throws IOException, InterruptedException {
        return listing
                .brief(Map.of(DockerMetadata.ENVIRONMENT, "", DockerMetadata.ROLE, DockerMetadata.REHEARSAL))
                .stream()
                .filter(ownership::isOwn)
                .toList();
    }

    /** Returns the matching ones of all containers on the engine that serve or have served. */
    List<ContainerFacts> serving(Predicate<ContainerFacts> which) throws IOException, InterruptedException {
        return listing
                .labelled(Map.of(DockerMetadata.ENVIRONMENT, "", DockerMetadata.ROLE, DockerMetadata.SERVING))
                .stream()
                .filter(which)
                .sorted(Comparator.comparing(
                                (ContainerFacts c) -> c.state().startedAt().orElse(Instant.MIN))
                        .reversed())
                .toList();
    }

    /**
     * Returns whether it has its port, or will have it again: a container that is paused, or ends again and again, does
     * not leave its port.
     */
    static boolean runs(ContainerFacts container) {
        return Set.of("running", "restarting", "paused")
                .contains(container.state().status());
    }

    /** Returns the container that serves in the environment: of several that run, the one that was started last. */
    Optional<ContainerFacts> latest() throws IOException, InterruptedException {
        List<ContainerFacts> running =
                standing().stream().filter(DockerStateReader::runs).toList();
        List<ContainerFacts> ordered = running.size() > 1 ? serving() : running;
        return ordered.stream().filter(DockerStateReader::runs).findFirst();
    }

    private Map<String, String> environment() throws IOException, InterruptedException {
        return latest().map(
                        c -> Map.of(LiveUnchangedCheck.DEPLOYMENT, c.labels().get(DockerMetadata.DEPLOYMENT)))
                .orElse(Map.of());
    }

    private Map<String, String> container(String name) throws IOException, InterruptedException {
        Optional<ContainerFacts> found = docker.containers().inspect(name);
        Optional<String> ended = ended(name, found);
        if (ended.isPresent()) {
            return Map.of("ended", ended.get());
        }
        return asked(found.get(), found.get().labels().get(DockerMetadata.PROBE), 1);
    }

    private Map<String, String> url(String urlAndContainer) throws IOException, InterruptedException {
        int space = urlAndContainer.indexOf(' ');
        String name = urlAndContainer.substring(space + 1);
        Optional<ContainerFacts> found = docker.containers().inspect(name);
        Optional<String> ended = ended(name, found);
        if (ended.isPresent()) {
            return Map.of("ended", ended.get());
        }
        return asked(found.get(), urlAndContainer.substring(0, space), consecutive);
    }

    private Map<String, String> asked(ContainerFacts container, String url, int times)
            throws IOException, InterruptedException {
        Map<String, String> facts = new HashMap<>();
        facts.put("digest", digest(container));
        try {
            Set<String> versions = new LinkedHashSet<>();
            for (int i = 0; i < times && versions.size() < 2; i++) {
                versions.add(version(URI.create(url)));
            }
            if (versions.size() == 1) {
                facts.put("version", versions.iterator().next());
                answered.add(container.name());
            } else {
                facts.put("error", "versions " + String.join(" and ", versions) + " answer by turns");
            }
        } catch (IOException e) {
            facts.put("error", String.valueOf(e.getMessage()));
        }
        return facts;
    }

    /**
     * Asks again for a moment where nothing answers: most containers come up within it, and a look at the engine takes
     * longer.
     */
    private String version(URI url) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return probe.version(url);
            } catch (ConnectException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(ASK_AT_ONCE.toMillis());
            }
        }
    }

    /** Returns whether this container has ever named a version to this reader. */
    boolean hasAnswered(String container) {
        return answered.contains(container);
    }

    /** Returns what the engine says it runs: the digest that it was deployed by, where the image really has it. */
    private String digest(ContainerFacts container) throws IOException, InterruptedException {
        String deployed = container.labels().getOrDefault(DockerMetadata.DIGEST, "");
        // An image that has a digest once has it for good, since both are made of the same bytes.
        String both = container.origin().imageId() + "@" + deployed;
        boolean has = container.origin().imageId().equals(deployed)
                || proven.contains(both)
                || docker
                        .images()
                        .inspect(container.origin().imageId())
                        .map(ImageFacts::digests)
                        .orElse(List.of())
                        .stream()
                        .anyMatch(known -> known.endsWith("@" + deployed));
        if (has) {
            proven.add(both);
        }
        return has ? deployed : container.origin().imageId();
    }

    /**
     * Returns the URL at which tests ask a container that listens on loopback: at an address of its own, if it answers
     * there.
     *
     * @param url the URL at which it is asked otherwise
     */
    URI forTests(Deployed deployed, URI url, boolean publishes) throws IOException, InterruptedException {
        Optional<ContainerFacts> found = docker.containers().inspect(deployed.revision());
        boolean direct = Hosts.isLoopback(url.getHost())
                && found.filter(c -> ListenAddress.of(c).equals(c.label(DockerMetadata.URL)))
                        .isPresent();
        if (!direct) {
            return url;
        }
        Optional<String> own = publishes
                ? found.get().network().address().map(address -> "http://" + address + ":" + DockerEffector.INSIDE)
                : Optional.ofNullable(found.get().labels().get(DockerMetadata.TESTS));
        return own.map(URI::create)
                .filter(address -> probe.answers(address, deployed.version()))
                .orElse(url);
    }

    /**
     * Returns the reason if the container has ended, or the engine has to start it again and again: such a container
     * will not serve later.
     */
    private Optional<String> ended(String name, Optional<ContainerFacts> found)
            throws IOException, InterruptedException {
        if (found.isEmpty()) {
            return Optional.of("is gone");
        }
        ContainerFacts container = found.get();
        boolean over = Set.of("exited", "dead", "removing", "restarting")
                .contains(container.state().status());
        if (!over && (container.state().restarts() == 0 || isSettled(container))) {
            return Optional.empty();
        }
        String why = container.state().oomKilled()
                ? "for want of memory"
                : "with exit code " + container.state().exitCode();
        return Optional.of("ended " + why + FailureLog.told(docker.containers().logs(name, FailureLog.READ)));
    }

    /** Returns whether it ended once, but has been up for a long time since. */
    private static boolean isSettled(ContainerFacts container) {
        Instant upSince = container.state().startedAt().orElse(Instant.MAX);
        return container.running() && upSince.isBefore(Instant.now().minus(SETTLED_AFTER));
    }

    /**
     * Waits for a container that has served before, just before the one that serves now ends.
     *
     * @return the reason why it does not answer; empty if it does
     */
    Optional<String> awaitAnswer(String name) throws InterruptedException {
        long deadline = System.nanoTime() + RESTORE_WITHIN.toNanos();
        while (true) {
            // A look that the engine does not answer says nothing about the container.
            Map<String, String> facts = read(new Subject(DockerWaitConditions.CONTAINER, name));
            if (facts.containsKey("version")) {
                return Optional.empty();
            }
            if (facts.containsKey("ended")) {
                return Optional.of("it " + facts.get("ended"));
            }
            if (System.nanoTime() > deadline) {
                return Optional.of("it runs, but gives no answer within " + RESTORE_WITHIN.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(ASK_AGAIN.toMillis());
        }
    }

    /** Returns whether it answers now with its version. */
    boolean answers(String name) throws IOException, InterruptedException {
        return container(name).containsKey("version");
    }
}
