package io.jenkins.plugins.pymacaron.targets.docker;

import io.jenkins.plugins.pymacaron.config.LiveUrl;
import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.docker.ContainerFacts;
import io.jenkins.plugins.pymacaron.docker.EngineFacts;
import io.jenkins.plugins.pymacaron.docker.LocalPorts;
import io.jenkins.plugins.pymacaron.targets.Environment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks whether the environment's address is free, and names what uses it. */
final class DockerPreflight {
    private final Environment environment;
    private final EngineFacts engine;
    private final ContainerOwnership ownership;
    private final DockerStateReader reader;
    private final List<Problem> problems = new ArrayList<>();

    DockerPreflight(
            Environment environment, EngineFacts engine, ContainerOwnership ownership, DockerStateReader reader) {
        this.environment = environment;
        this.engine = engine;
        this.ownership = ownership;
        this.reader = reader;
    }

    List<Problem> problems() throws InterruptedException {
        if (environment.config().onHostNetwork() && !engine.local()) {
            error(
                    "docker_network is host, but the Docker Engine is on " + engine.host(),
                    "Deploy on that machine, or take docker_network away");
            return problems;
        }
        try {
            Optional<LiveUrl> address = ListenAddress.of(environment.slot(), environment.config());
            List<ContainerFacts> running = reader.standing(DockerStateReader::runs);
            if (address.isPresent() && isUsable(address.get())) {
                isFree(address.get(), running);
            }
            new UnnamedContainers(ownership, reader)
                    .of(running)
                    .forEach(line -> problems.add(Problem.warning(environment.name(), line, "")));
        } catch (IOException e) {
            error(e.getMessage(), "Look at the Docker Engine");
        }
        return problems;
    }

    private boolean isUsable(LiveUrl address) {
        if (address.tls()) {
            error(
                    address + " is https, and containers of the docker target speak plain http",
                    "Let a proxy end TLS at live_url, and name the http address of the container in docker_address");
            return false;
        }
        Optional<String> problem = Hosts.problem(address, engine);
        problem.ifPresent(why -> error(
                why,
                "Use localhost or an IPv4 address or name of that machine; if a proxy in front of it answers there, name "
                        + "the container's own address in docker_address"));
        return problem.isEmpty();
    }

    private void isFree(LiveUrl address, List<ContainerFacts> running) {
        int port = address.port();
        List<ContainerFacts> there =
                running.stream().filter(c -> ListenAddress.port(c) == port).toList();
        Optional<ContainerFacts> others =
                there.stream().filter(c -> !ownership.isOwn(c)).findFirst();
        if (others.isPresent()) {
            error(
                    "port " + port + " of " + address + " belongs to container "
                            + others.get().name() + " of " + others.get().label(DockerMetadata.ENVIRONMENT)
                            + ", which this configuration has not made",
                    "Choose another port, or end that one first: docker rm --force "
                            + others.get().name());
        } else if (there.isEmpty() && engine.local() && LocalPorts.isTaken(port)) {
            error(
                    "port " + port + " of " + address + " is taken by something that is not ours",
                    "Free the port, or choose another one in " + key());
        }
    }

    /** Returns the key that sets the address of the container. */
    private String key() {
        return environment.config().dockerAddress(environment.slot()).isPresent() ? "docker_address" : "live_url";
    }

    private void error(String message, String advice) {
        problems.add(Problem.error(environment.name(), message, advice + "."));
    }
}
