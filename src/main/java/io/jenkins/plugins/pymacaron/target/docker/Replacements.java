package io.jenkins.plugins.pymacaron.target.docker;

import io.jenkins.plugins.pymacaron.accept.Loopback;
import io.jenkins.plugins.pymacaron.config.LiveUrl;
import io.jenkins.plugins.pymacaron.docker.ContainerFacts;
import io.jenkins.plugins.pymacaron.docker.EngineFacts;
import io.jenkins.plugins.pymacaron.target.Candidate;
import io.jenkins.plugins.pymacaron.target.Deployed;
import io.jenkins.plugins.pymacaron.target.Environment;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Settles, before anything happens, which container is to serve where, and which one leaves for it. */
final class Replacements {
    /** The end of the name of a container that only rehearses. */
    static final String REHEARSAL = "-rehearsal";

    private final Environment environment;
    private final EngineFacts engine;

    Replacements(Environment environment, EngineFacts engine) {
        this.environment = environment;
        this.engine = engine;
    }

    private String name(Candidate candidate) {
        // A container's name may hold no @: [a-zA-Z0-9][a-zA-Z0-9_.-]+ (Docker Engine API, POST /containers/create).
        String place =
                environment.name().replaceFirst("^[^/]*/", "").replace('/', '-').replace('@', '.');
        return "pym-" + place + "-" + candidate.deploymentId();
    }

    /**
     * Where a new container listens.
     *
     * @param probePort a second port for it alone, where ports cannot be published
     * @param taken the names of containers that are there: each has the port for good that it was made with
     */
    record Place(int port, int probePort, Set<String> taken) {
        String name(String wanted) {
            return taken.contains(wanted) ? wanted + "-" + port : wanted;
        }
    }

    /**
     * A container that shows that the image starts with the configuration of live, on a port that nobody knows.
     *
     * @param taken the names of those that were left
     */
    Replacement rehearsal(Candidate candidate, int port, Set<String> taken) {
        String url = "http://" + engine.host() + ":" + port;
        String name = new Place(port, 0, taken).name(name(candidate) + REHEARSAL);
        Creation creation = creation(candidate, name, port, 0, url, Labels.REHEARSAL);
        return new Replacement(
                deployed(candidate, creation, url),
                creation,
                true,
                false,
                Optional.empty(),
                false,
                Optional.empty(),
                within());
    }

    /** A new container on a port. */
    Replacement serving(Candidate candidate, Place place, Optional<ContainerFacts> old, Optional<String> expected) {
        String url = url(place.port());
        int probePort = engine.canPublish() ? 0 : place.probePort();
        Creation creation =
                creation(candidate, place.name(name(candidate)), place.port(), probePort, url, Labels.SERVING);
        return new Replacement(
                deployed(candidate, creation, url),
                creation,
                true,
                false,
                old.map(ContainerFacts::name),
                creation.probePort() != 0 && old.filter(Replacements::shares).isPresent(),
                expected,
                within());
    }

    /** A container that exists, and serves already or has served before. */
    Replacement again(ContainerFacts kept, Optional<ContainerFacts> old, Optional<String> expected) {
        Deployed deployed = deployed(kept);
        Creation creation = new Creation(kept.name(), kept.image(), 0, 0, true, Map.of());
        return new Replacement(
                deployed,
                creation,
                false,
                ContainerReader.runs(kept),
                old.map(ContainerFacts::name),
                shares(kept) && old.filter(Replacements::shares).isPresent(),
                // What runs here is what was expected; its own proof is all that there is to wait for.
                expected.filter(e -> !ContainerReader.runs(kept)),
                within());
    }

    static Deployed deployed(ContainerFacts c) {
        Map<String, String> labels = c.labels();
        return new Deployed(
                labels.get(Labels.ENVIRONMENT),
                labels.get(Labels.DEPLOYMENT),
                labels.get(Labels.VERSION),
                labels.get(Labels.DIGEST),
                labels.get(Labels.COMMIT),
                labels.get(Labels.URL),
                c.name(),
                c.startedAt().orElse(c.created()));
    }

    private static boolean shares(ContainerFacts container) {
        return Boolean.parseBoolean(container.labels().get(Labels.SHARED));
    }

    private Creation creation(Candidate candidate, String container, int port, int probePort, String url, String role) {
        Map<String, String> labels = new HashMap<>();
        boolean configured = role.equals(Labels.SERVING) && address().isPresent();
        String address = configured ? address().get().toString() : url;
        labels.put(Labels.ENVIRONMENT, environment.name());
        labels.put(Labels.IDENTITY, new Ownership(environment).identity());
        labels.put(Labels.ANY_PORT, Boolean.toString(!configured));
        labels.put(Labels.ADDRESS, address);
        labels.put(Labels.ROLE, role);
        labels.put(Labels.DEPLOYMENT, candidate.deploymentId());
        labels.put(Labels.VERSION, candidate.version());
        labels.put(Labels.DIGEST, candidate.digest());
        labels.put(Labels.COMMIT, candidate.commit());
        labels.put(Labels.URL, url);
        labels.put(Labels.PROBE, probePort == 0 ? address : "http://127.0.0.1:" + probePort);
        if (probePort != 0 && Hosts.isLoopback(URI.create(address).getHost()) && Loopback.hasOther()) {
            labels.put(Labels.TESTS, "http://" + Loopback.address() + ":" + probePort);
        }
        labels.put(Labels.SHARED, Boolean.toString(probePort != 0));
        return new Creation(
                container, candidate.image(), port, probePort, role.equals(Labels.SERVING), Map.copyOf(labels));
    }

    private Deployed deployed(Candidate candidate, Creation creation, String url) {
        return new Deployed(
                environment.name(),
                candidate.deploymentId(),
                candidate.version(),
                candidate.digest(),
                candidate.commit(),
                url,
                creation.container(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS));
    }

    private Optional<LiveUrl> address() {
        return Address.of(environment.slot(), environment.config());
    }

    /** Where users call it; a free port is known to nobody else. */
    private String url(int port) {
        return Address.url(environment.slot(), environment.config())
                .map(LiveUrl::toString)
                .orElse("http://" + engine.host() + ":" + port);
    }

    private Duration within() {
        return environment.config().accept().readyTimeout();
    }
}
