package io.jenkins.plugins.pymacaron.targets.docker;

import io.jenkins.plugins.pymacaron.accept.Loopback;
import io.jenkins.plugins.pymacaron.config.LiveUrl;
import io.jenkins.plugins.pymacaron.docker.ContainerFacts;
import io.jenkins.plugins.pymacaron.docker.EngineFacts;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Environment;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Settles, before anything happens, which container is to serve at which port, and which one leaves the port for it.
 */
final class DockerDeployPlanner {
    /** The end of the name of a container that only rehearses. */
    static final String REHEARSAL = "-rehearsal";

    private final Environment environment;
    private final EngineFacts engine;

    DockerDeployPlanner(Environment environment, EngineFacts engine) {
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
     * The place of a new container.
     *
     * @param probePort a second port for it alone, where ports cannot be published
     * @param taken the names of the containers that exist; a container keeps the port that it was made with
     */
    record Place(int port, int probePort, Set<String> taken) {
        String name(String wanted) {
            return taken.contains(wanted) ? wanted + "-" + port : wanted;
        }
    }

    /**
     * Returns the parameters of a container that shows that the image starts with the configuration of live, on a port
     * that no user knows.
     *
     * @param taken the names of rehearsals that were left behind
     */
    DockerDeployParameters rehearsal(Candidate candidate, int port, Set<String> taken) {
        String url = "http://" + engine.host() + ":" + port;
        String name = new Place(port, 0, taken).name(name(candidate) + REHEARSAL);
        ContainerCreation creation = creation(candidate, name, port, 0, url, DockerMetadata.REHEARSAL);
        return new DockerDeployParameters(
                deployed(candidate, creation, url),
                creation,
                true,
                false,
                Optional.empty(),
                false,
                Optional.empty(),
                within());
    }

    /** Returns the parameters of a new container on a port. */
    DockerDeployParameters serving(
            Candidate candidate, Place place, Optional<ContainerFacts> old, Optional<String> expected) {
        String url = url(place.port());
        int probePort = engine.canPublish() ? 0 : place.probePort();
        ContainerCreation creation =
                creation(candidate, place.name(name(candidate)), place.port(), probePort, url, DockerMetadata.SERVING);
        return new DockerDeployParameters(
                deployed(candidate, creation, url),
                creation,
                true,
                false,
                old.map(ContainerFacts::name),
                creation.probePort() != 0
                        && old.filter(DockerDeployPlanner::shares).isPresent(),
                expected,
                within());
    }

    /** Returns the parameters of a container that exists, and serves already or has served before. */
    DockerDeployParameters again(ContainerFacts kept, Optional<ContainerFacts> old, Optional<String> expected) {
        Deployed deployed = deployed(kept);
        ContainerCreation creation =
                new ContainerCreation(kept.name(), kept.origin().image(), 0, 0, true, Map.of());
        return new DockerDeployParameters(
                deployed,
                creation,
                false,
                DockerStateReader.runs(kept),
                old.map(ContainerFacts::name),
                shares(kept) && old.filter(DockerDeployPlanner::shares).isPresent(),
                // The container that runs here is the expected one, so its own proof is the only wait.
                expected.filter(e -> !DockerStateReader.runs(kept)),
                within());
    }

    static Deployed deployed(ContainerFacts c) {
        Map<String, String> labels = c.labels();
        return new Deployed(
                labels.get(DockerMetadata.ENVIRONMENT),
                labels.get(DockerMetadata.DEPLOYMENT),
                labels.get(DockerMetadata.VERSION),
                labels.get(DockerMetadata.DIGEST),
                labels.get(DockerMetadata.COMMIT),
                labels.get(DockerMetadata.URL),
                c.name(),
                c.state().startedAt().orElse(c.origin().created()));
    }

    private static boolean shares(ContainerFacts container) {
        return Boolean.parseBoolean(container.labels().get(DockerMetadata.SHARED));
    }

    private ContainerCreation creation(
            Candidate candidate, String container, int port, int probePort, String url, String role) {
        Map<String, String> labels = new HashMap<>();
        boolean configured = role.equals(DockerMetadata.SERVING) && address().isPresent();
        String address = configured ? address().get().toString() : url;
        labels.put(DockerMetadata.ENVIRONMENT, environment.name());
        labels.put(DockerMetadata.IDENTITY, new ContainerOwnership(environment).identity());
        labels.put(DockerMetadata.ANY_PORT, Boolean.toString(!configured));
        labels.put(DockerMetadata.ADDRESS, address);
        labels.put(DockerMetadata.ROLE, role);
        labels.put(DockerMetadata.DEPLOYMENT, candidate.deploymentId());
        labels.put(DockerMetadata.VERSION, candidate.version());
        labels.put(DockerMetadata.DIGEST, candidate.digest());
        labels.put(DockerMetadata.COMMIT, candidate.commit());
        labels.put(DockerMetadata.URL, url);
        labels.put(DockerMetadata.PROBE, probePort == 0 ? address : "http://127.0.0.1:" + probePort);
        if (probePort != 0 && Hosts.isLoopback(URI.create(address).getHost()) && Loopback.hasOther()) {
            labels.put(DockerMetadata.TESTS, "http://" + Loopback.address() + ":" + probePort);
        }
        labels.put(DockerMetadata.SHARED, Boolean.toString(probePort != 0));
        return new ContainerCreation(
                container, candidate.image(), port, probePort, role.equals(DockerMetadata.SERVING), Map.copyOf(labels));
    }

    private Deployed deployed(Candidate candidate, ContainerCreation creation, String url) {
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
        return ListenAddress.of(environment.slot(), environment.config());
    }

    /** Returns the URL at which users call it; a free port is known to no user. */
    private String url(int port) {
        return ListenAddress.url(environment.slot(), environment.config())
                .map(LiveUrl::toString)
                .orElse("http://" + engine.host() + ":" + port);
    }

    private Duration within() {
        return environment.config().accept().readyTimeout();
    }
}
