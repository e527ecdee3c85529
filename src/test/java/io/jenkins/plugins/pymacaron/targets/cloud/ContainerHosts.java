package io.jenkins.plugins.pymacaron.targets.cloud;

import io.jenkins.plugins.pymacaron.FreePorts;
import io.jenkins.plugins.pymacaron.docker.ContainerFacts;
import io.jenkins.plugins.pymacaron.docker.ContainerSpec;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Runs deployed images as containers on the engine that {@code DOCKER_HOST} names, on its machine's network. */
public final class ContainerHosts implements Hosts {
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Docker docker = new Docker(new Processes(SecretMask.NONE, line -> {}), Optional.empty());
    private final Map<String, String> containers = new ConcurrentHashMap<>();
    private final String prefix;

    /** @param prefix of the containers' names, by which a script can find what is left */
    public ContainerHosts(String prefix) {
        this.prefix = prefix;
    }

    @Override
    public URI run(String name, String image, Map<String, String> variables) throws IOException {
        int port = FreePorts.next();
        String container = prefix + name;
        call(() -> {
            docker.containers()
                    .create(ContainerSpec.of(image)
                            .named(container)
                            .with(variables)
                            .with(Map.of("PORT", Integer.toString(port), "PYM_HOST", "127.0.0.1"))
                            .onHostNetwork());
            containers.put(name, container);
            docker.containers().start(container);
            return null;
        });
        return URI.create("http://127.0.0.1:" + port);
    }

    @Override
    public String trouble(String name) throws IOException {
        String container = containers.getOrDefault(name, prefix + name);
        Optional<ContainerFacts> found = call(() -> docker.containers().inspect(container));
        if (found.isEmpty()) {
            return "is gone";
        }
        return found.get().running() || found.get().state().startedAt().isEmpty()
                ? ""
                : "ended with exit code " + found.get().state().exitCode();
    }

    @Override
    public String log(String name) throws IOException {
        return String.join("\n", call(() -> docker.containers().logs(containers.get(name), 50)));
    }

    @Override
    public void end(String name) throws IOException {
        String container = containers.remove(name);
        if (container != null) {
            call(() -> {
                docker.containers().stop(container, GRACE);
                docker.containers().remove(container);
                return null;
            });
        }
    }

    /** Removes the containers without the time that a service has to end by itself. */
    @Override
    public void close() throws IOException {
        for (String container : containers.values()) {
            call(() -> {
                docker.containers().remove(container);
                return null;
            });
        }
        containers.clear();
    }

    /** A call of docker. */
    private interface Call<T> {
        T make() throws IOException, InterruptedException;
    }

    private static <T> T call(Call<T> call) throws IOException {
        try {
            return call.make();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }
}
