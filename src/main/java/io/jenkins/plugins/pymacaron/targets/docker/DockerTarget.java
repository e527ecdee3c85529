package io.jenkins.plugins.pymacaron.targets.docker;

import io.jenkins.plugins.pymacaron.config.LiveUrl;
import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.docker.ContainerFacts;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.docker.EngineFacts;
import io.jenkins.plugins.pymacaron.docker.LocalPorts;
import io.jenkins.plugins.pymacaron.operation.Effector;
import io.jenkins.plugins.pymacaron.operation.Operation;
import io.jenkins.plugins.pymacaron.operation.Subject;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Change;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.Proof;
import io.jenkins.plugins.pymacaron.targets.Target;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A target of containers on the Docker Engine of this machine: a complete deployment without a cloud. */
public final class DockerTarget implements Target {
    private final Environment environment;
    private final Docker docker;
    private final EngineFacts engine;
    private final ContainerOwnership ownership;
    private final DockerStateReader reader;
    private final FailedLogs failed;
    private final LiveMarkStore marks;
    private final Effector effector;
    private final DockerDeployPlanner replacements;

    public DockerTarget(Environment environment, Docker docker) throws IOException, InterruptedException {
        this(
                environment,
                docker,
                docker.engine(),
                ContainerList.of(docker.containers()),
                new VolumeMarkStore(docker.volumes(), environment));
    }

    DockerTarget(
            Environment environment, Docker docker, EngineFacts facts, ContainerList listing, LiveMarkStore marks) {
        this.marks = marks;
        this.environment = environment;
        this.docker = docker;
        engine = environment.config().onHostNetwork() ? facts.withoutBridge() : facts;
        ownership = new ContainerOwnership(environment);
        reader = new DockerStateReader(
                docker,
                listing,
                ownership,
                Proof.asking(environment.config(), true),
                environment.config().accept().consecutive());
        failed = new FailedLogs(docker.containers(), reader);
        effector = new DockerEffector(
                docker.containers(), reader, ownership, failed, marks, engine.canPublish(), environment.variables());
        replacements = new DockerDeployPlanner(environment, engine);
    }

    @Override
    public String environment() {
        return environment.name();
    }

    @Override
    public List<Problem> preflight() throws InterruptedException {
        return new DockerPreflight(environment, engine, ownership, reader).problems();
    }

    @Override
    public Optional<Deployed> current() throws TargetException, InterruptedException {
        return serving().stream().filter(DockerStateReader::runs).findFirst().flatMap(DockerTarget::deployed);
    }

    @Override
    public Optional<Deployed> glance() throws TargetException, InterruptedException {
        try {
            return reader.latest().flatMap(DockerTarget::deployed);
        } catch (IOException e) {
            throw new TargetException(e.getMessage(), e);
        }
    }

    @Override
    public List<Deployed> earlier() throws TargetException, InterruptedException {
        return serving().stream()
                .filter(c -> !DockerStateReader.runs(c) && c.state().startedAt().isPresent())
                .flatMap(c -> deployed(c).stream())
                .toList();
    }

    @Override
    public Change prepare(Candidate candidate) throws TargetException, InterruptedException {
        if (environment.slot() == Slot.LIVE) {
            return replace(replacements.rehearsal(candidate, freePort(), names(rehearsing())), List.of());
        }
        // The mark is read before the state that it stands for: a change in between then counts as another's.
        String mark = liveMark();
        List<ContainerFacts> serving = serving();
        Optional<Integer> fixed =
                ListenAddress.of(environment.slot(), environment.config()).map(LiveUrl::port);
        // A port that was chosen is free while its container does not run: another program may have it by now.
        Optional<ContainerFacts> same = serving.stream()
                .filter(c -> candidate.deploymentId().equals(c.labels().get(DockerMetadata.DEPLOYMENT)))
                .filter(c -> fixed.map(port -> port == ListenAddress.port(c)).orElse(c.running()))
                .findFirst();
        if (same.isPresent()) {
            return replace(
                            replacements.again(
                                    same.get(),
                                    leaving(serving, ListenAddress.port(same.get()), candidate.deploymentId()),
                                    Optional.empty()),
                            serving)
                    .claiming(mark, candidate.version());
        }
        int port = fixed.isPresent() ? fixed.get() : freePort();
        return replace(
                        replacements.serving(
                                candidate,
                                new DockerDeployPlanner.Place(port, freePort(), names(serving)),
                                leaving(serving, port, candidate.deploymentId()),
                                Optional.empty()),
                        serving)
                .claiming(mark, candidate.version());
    }

    /** A rehearsal is a container of its own, at an address that only this program knows. */
    @Override
    public boolean preparesAlone() {
        return environment.slot() == Slot.LIVE;
    }

    @Override
    public Change activate(Candidate candidate, Deployed prepared, Optional<Deployed> previous)
            throws TargetException, InterruptedException {
        String mark = liveMark();
        List<ContainerFacts> serving = serving();
        int port = ListenAddress.of(environment.slot(), environment.config())
                .orElseThrow()
                .port();
        Optional<ContainerFacts> old = leaving(serving, port, candidate.deploymentId());
        Optional<ContainerFacts> same = serving.stream()
                .filter(c -> candidate.deploymentId().equals(c.labels().get(DockerMetadata.DEPLOYMENT)))
                .filter(c -> ListenAddress.port(c) == port)
                .findFirst();
        Optional<String> expected =
                Optional.of(previous.map(Deployed::deploymentId).orElse(""));
        return replace(
                        same.isPresent()
                                ? replacements.again(same.get(), old, expected)
                                : replacements.serving(
                                        candidate,
                                        new DockerDeployPlanner.Place(port, freePort(), names(serving)),
                                        old,
                                        expected),
                        serving)
                .claiming(mark, candidate.version());
    }

    @Override
    public Change rollBack(Deployed bad, Deployed good) throws TargetException, InterruptedException {
        String mark = liveMark();
        List<ContainerFacts> serving = serving();
        ContainerFacts kept = serving.stream()
                .filter(c -> c.name().equals(good.revision()))
                .findFirst()
                .orElseThrow(() -> new TargetException("container " + good.revision() + " of " + good.version()
                        + " is gone; deploy that version again"));
        Optional<ContainerFacts> leaves = serving.stream()
                .filter(c -> DockerStateReader.runs(c) && c.name().equals(bad.revision()))
                .findFirst();
        return replace(replacements.again(kept, leaves, Optional.empty()), serving)
                .claiming(mark, good.version());
    }

    @Override
    public String liveMark() throws TargetException, InterruptedException {
        try {
            return marks.read();
        } catch (IOException e) {
            throw new TargetException(e.getMessage(), e);
        }
    }

    @Override
    public Change withdraw(Deployed failed) throws TargetException, InterruptedException {
        String mark = liveMark();
        Change change = new Change(
                new DockerDeleteOperation(),
                DockerDeleteOperation.params(List.of(), List.of(failed.revision())),
                Map.of());
        boolean serves = serving().stream()
                .anyMatch(c -> DockerStateReader.runs(c) && c.name().equals(failed.revision()));
        return serves ? change.claiming(mark, failed.version()) : change;
    }

    @Override
    public Change retire(Deployed serving, int keep) throws TargetException, InterruptedException {
        try {
            DockerRetentionPlanner all = new DockerRetentionPlanner(ownership, reader).beside(serving, keep);
            boolean ends = environment.config().retention().endsRemoved();
            return (ends ? all.removed(keep) : all).change();
        } catch (IOException e) {
            throw new TargetException(e.getMessage(), e);
        }
    }

    @Override
    public List<String> remarks() throws TargetException, InterruptedException {
        try {
            return new UnnamedContainers(ownership, reader).lines();
        } catch (IOException e) {
            throw new TargetException(e.getMessage(), e);
        }
    }

    @Override
    public Optional<Change> endRemoved(int keep) throws TargetException, InterruptedException {
        try {
            DockerRetentionPlanner removed = new DockerRetentionPlanner(ownership, reader).removed(keep);
            return removed.isEmpty() ? Optional.empty() : Optional.of(removed.change());
        } catch (IOException e) {
            throw new TargetException(e.getMessage(), e);
        }
    }

    @Override
    public String log(Deployed deployment, int lines) throws InterruptedException {
        try {
            return String.join("\n", docker.containers().logs(deployment.revision(), lines));
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public List<String> failedLog() {
        return failed.last();
    }

    @Override
    public URI forTests(Deployed deployment, URI reached) throws IOException, InterruptedException {
        return reader.forTests(deployment, reached, engine.canPublish());
    }

    @Override
    public List<String> byHand(Optional<Deployed> good) {
        return Stream.concat(
                        Stream.of("docker ps --all --filter label=" + DockerMetadata.ENVIRONMENT + "="
                                + environment.name()),
                        good.stream().map(deployed -> "docker start " + deployed.revision()))
                .toList();
    }

    @Override
    public Optional<Operation> operation(String kind) {
        return Stream.<Operation>of(new DockerDeployOperation(), new DockerDeleteOperation())
                .filter(operation -> operation.kind().equals(kind))
                .findFirst();
    }

    @Override
    public Effector effector() {
        return effector;
    }

    @Override
    public Map<String, String> read(Subject subject) throws InterruptedException {
        return reader.read(subject);
    }

    /**
     * Returns the change.
     *
     * @param serving the containers that the plan has seen; those that run at other ports stay until the new one has
     *     served
     */
    private static Change replace(DockerDeployParameters replacement, List<ContainerFacts> serving) {
        DockerDeployParameters planned = replacement.beside(serving.stream()
                .filter(DockerStateReader::runs)
                .map(ContainerFacts::name)
                .toList());
        return new Change(new DockerDeployOperation(), planned.toParams(), DockerWaitConditions.hoped(planned));
    }

    /** Returns the container that has to leave the port. */
    private static Optional<ContainerFacts> leaving(List<ContainerFacts> serving, int port, String deploymentId) {
        return serving.stream()
                .filter(c -> DockerStateReader.runs(c) && ListenAddress.port(c) == port)
                .filter(c -> !deploymentId.equals(c.labels().get(DockerMetadata.DEPLOYMENT)))
                .findFirst();
    }

    private List<ContainerFacts> serving() throws TargetException, InterruptedException {
        try {
            return reader.serving();
        } catch (IOException e) {
            throw new TargetException(e.getMessage(), e);
        }
    }

    private List<ContainerFacts> rehearsing() throws TargetException, InterruptedException {
        try {
            return reader.rehearsing();
        } catch (IOException e) {
            throw new TargetException(e.getMessage(), e);
        }
    }

    private static Set<String> names(List<ContainerFacts> containers) {
        return containers.stream().map(ContainerFacts::name).collect(Collectors.toUnmodifiableSet());
    }

    private static Optional<Deployed> deployed(ContainerFacts c) {
        Map<String, String> labels = c.labels();
        if (!labels.keySet().containsAll(DockerMetadata.OF_A_DEPLOYMENT)) {
            return Optional.empty();
        }
        return Optional.of(DockerDeployPlanner.deployed(c));
    }

    private int freePort() throws TargetException {
        try {
            return LocalPorts.free();
        } catch (IOException e) {
            throw new TargetException("no free port: " + e.getMessage(), e);
        }
    }
}
