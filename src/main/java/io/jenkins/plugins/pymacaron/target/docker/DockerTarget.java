package io.jenkins.plugins.pymacaron.target.docker;

import io.jenkins.plugins.pymacaron.config.Accept;
import io.jenkins.plugins.pymacaron.config.LiveUrl;
import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.config.Severity;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.docker.ContainerFacts;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.docker.EngineFacts;
import io.jenkins.plugins.pymacaron.operation.Effector;
import io.jenkins.plugins.pymacaron.operation.Operation;
import io.jenkins.plugins.pymacaron.operation.Subject;
import io.jenkins.plugins.pymacaron.target.Candidate;
import io.jenkins.plugins.pymacaron.target.Change;
import io.jenkins.plugins.pymacaron.target.Deployed;
import io.jenkins.plugins.pymacaron.target.Environment;
import io.jenkins.plugins.pymacaron.target.Target;
import io.jenkins.plugins.pymacaron.target.TargetException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Containers on the engine of this machine: everything of a deployment without a cloud. */
public final class DockerTarget implements Target {
    private final Environment environment;
    private final Docker docker;
    private final EngineFacts engine;
    private final ContainerReader reader;
    private final Effector effector;
    private final Replacements replacements;

    public DockerTarget(Environment environment, Docker docker) throws IOException, InterruptedException {
        this.environment = environment;
        this.docker = docker;
        EngineFacts facts = docker.engine();
        engine = environment.config().onHostNetwork() ? facts.withoutBridge() : facts;
        Accept accept = environment.config().accept();
        reader = new ContainerReader(docker, accept.requestTimeout(), accept.consecutive());
        effector = new ContainerEffector(docker.containers(), reader, engine.canPublish(), environment.variables());
        replacements = new Replacements(environment, engine);
    }

    @Override
    public String environment() {
        return environment.name();
    }

    @Override
    public List<Problem> preflight() throws InterruptedException {
        if (environment.config().onHostNetwork() && !engine.local()) {
            return List.of(problem(
                    "docker_network is host, but the Docker Engine is on " + engine.host(),
                    "Deploy on that machine, or take docker_network away"));
        }
        Optional<LiveUrl> url = fixedUrl();
        if (url.isEmpty()) {
            return List.of();
        }
        if (url.get().tls()) {
            return List.of(problem(
                    url.get() + " is https, and containers of the docker target speak plain http",
                    "Use http:// and the port of the container in live_url, behind whatever ends TLS"));
        }
        try {
            int port = url.get().port();
            boolean ours = reader.serving(environment.name()).stream()
                    .anyMatch(c -> ContainerReader.runs(c) && port(c) == port);
            if (!ours && engine.local() && Ports.isTaken(port)) {
                return List.of(problem(
                        "port " + port + " of " + url.get() + " is taken by something that is not ours",
                        "Free the port, or choose another one in live_url"));
            }
            return List.of();
        } catch (IOException e) {
            return List.of(problem(e.getMessage(), "Look at the Docker Engine"));
        }
    }

    @Override
    public Optional<Deployed> current() throws TargetException, InterruptedException {
        return serving().stream().filter(ContainerReader::runs).findFirst().flatMap(DockerTarget::deployed);
    }

    @Override
    public List<Deployed> earlier() throws TargetException, InterruptedException {
        return serving().stream()
                .filter(c -> !ContainerReader.runs(c) && c.startedAt().isPresent())
                .flatMap(c -> deployed(c).stream())
                .toList();
    }

    @Override
    public Change prepare(Candidate candidate) throws TargetException, InterruptedException {
        if (environment.slot() == Slot.LIVE) {
            return replace(replacements.rehearsal(candidate, freePort()));
        }
        List<ContainerFacts> serving = serving();
        Optional<Integer> fixed = fixedUrl().map(LiveUrl::port);
        Optional<ContainerFacts> same = serving.stream()
                .filter(c -> candidate.deploymentId().equals(c.labels().get(Labels.DEPLOYMENT)))
                .findFirst();
        if (same.isPresent()) {
            return replace(replacements.again(
                    same.get(), leaving(serving, port(same.get()), candidate.deploymentId()), Optional.empty()));
        }
        int port = fixed.isPresent() ? fixed.get() : freePort();
        return replace(replacements.serving(
                candidate, port, freePort(), leaving(serving, port, candidate.deploymentId()), Optional.empty()));
    }

    @Override
    public Change activate(Candidate candidate, Deployed prepared, Optional<Deployed> previous)
            throws TargetException, InterruptedException {
        List<ContainerFacts> serving = serving();
        int port = environment.config().liveUrl().port();
        Optional<ContainerFacts> old = leaving(serving, port, candidate.deploymentId());
        Optional<ContainerFacts> same = serving.stream()
                .filter(c -> candidate.deploymentId().equals(c.labels().get(Labels.DEPLOYMENT)))
                .filter(c -> port(c) == port)
                .findFirst();
        Optional<String> expected =
                Optional.of(previous.map(Deployed::deploymentId).orElse(""));
        return replace(
                same.isPresent()
                        ? replacements.again(same.get(), old, expected)
                        : replacements.serving(candidate, port, freePort(), old, expected));
    }

    @Override
    public Change revert(Deployed bad, Deployed good) throws TargetException, InterruptedException {
        List<ContainerFacts> serving = serving();
        ContainerFacts kept = serving.stream()
                .filter(c -> c.name().equals(good.revision()))
                .findFirst()
                .orElseThrow(() -> new TargetException("container " + good.revision() + " of " + good.version()
                        + " is gone; deploy that version again"));
        Optional<ContainerFacts> leaves = serving.stream()
                .filter(c -> ContainerReader.runs(c) && c.name().equals(bad.revision()))
                .findFirst();
        return replace(replacements.again(kept, leaves, Optional.empty()));
    }

    @Override
    public Change withdraw(Deployed failed) {
        return new Change(new Retire(), Retire.params(List.of(failed.revision())), Map.of());
    }

    @Override
    public Change retire(Deployed serving, int keep) throws TargetException, InterruptedException {
        List<ContainerFacts> others = serving().stream()
                .filter(c -> !c.name().equals(serving.revision()))
                .toList();
        // What never started has never served, so there is no going back to it.
        Stream<ContainerFacts> old = Stream.concat(
                others.stream().filter(c -> c.startedAt().isPresent()).skip(keep),
                others.stream().filter(c -> c.startedAt().isEmpty()));
        try {
            Stream<ContainerFacts> rehearsals = docker
                    .containers()
                    .labelled(Map.of(Labels.ENVIRONMENT, environment.name(), Labels.ROLE, Labels.REHEARSAL))
                    .stream();
            List<String> names =
                    Stream.concat(old, rehearsals).map(ContainerFacts::name).toList();
            return new Change(new Retire(), Retire.params(names), Map.of());
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
    public List<String> byHand(Optional<Deployed> good) {
        return Stream.concat(
                        Stream.of("docker ps --all --filter label=" + Labels.ENVIRONMENT + "=" + environment.name()),
                        good.stream().map(deployed -> "docker start " + deployed.revision()))
                .toList();
    }

    @Override
    public Optional<Operation> operation(String kind) {
        return Stream.<Operation>of(new Replace(), new Retire())
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

    private static Change replace(Replacement replacement) {
        return new Change(new Replace(), replacement.toParams(), Waits.hoped(replacement));
    }

    /** Who has to leave the port. */
    private static Optional<ContainerFacts> leaving(List<ContainerFacts> serving, int port, String deploymentId) {
        return serving.stream()
                .filter(c -> ContainerReader.runs(c) && port(c) == port)
                .filter(c -> !deploymentId.equals(c.labels().get(Labels.DEPLOYMENT)))
                .findFirst();
    }

    /** Where the service has to answer; without it, staging takes any free port. */
    private Optional<LiveUrl> fixedUrl() {
        return environment.slot() == Slot.LIVE
                ? Optional.of(environment.config().liveUrl())
                : environment.config().ownUrl();
    }

    private List<ContainerFacts> serving() throws TargetException, InterruptedException {
        try {
            return reader.serving(environment.name());
        } catch (IOException e) {
            throw new TargetException(e.getMessage(), e);
        }
    }

    private static Optional<Deployed> deployed(ContainerFacts c) {
        Map<String, String> labels = c.labels();
        if (!labels.keySet().containsAll(Labels.OF_A_DEPLOYMENT)) {
            return Optional.empty();
        }
        return Optional.of(Replacements.deployed(c));
    }

    private static int port(ContainerFacts c) {
        String url = c.labels().getOrDefault(Labels.URL, "");
        return Integer.parseInt("0" + url.substring(url.lastIndexOf(':') + 1).replaceAll("\\D", ""));
    }

    private int freePort() throws TargetException {
        try {
            return Ports.free();
        } catch (IOException e) {
            throw new TargetException("no free port: " + e.getMessage(), e);
        }
    }

    private Problem problem(String message, String advice) {
        return new Problem(Severity.ERROR, environment.name(), 0, 0, message, advice);
    }
}
