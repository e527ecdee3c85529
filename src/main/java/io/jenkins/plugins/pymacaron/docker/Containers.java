package io.jenkins.plugins.pymacaron.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.process.CommandFailedException;
import io.jenkins.plugins.pymacaron.process.ProcessResult;
import io.jenkins.plugins.pymacaron.process.RunningProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Manages the containers of the engine. Each is named by its id or by its name. */
public final class Containers {
    private static final Duration FOREVER = Duration.ofDays(365);

    private final Docker docker;

    Containers(Docker docker) {
        this.docker = docker;
    }

    /** Makes a container and does not start it. @return its id */
    public String create(ContainerSpec spec) throws IOException, InterruptedException {
        return docker.query("making a container of " + spec.image(), RunArguments.of("create", List.of(), spec))
                .strip();
    }

    /** Makes a container and starts it. @return its id */
    public String run(ContainerSpec spec) throws IOException, InterruptedException {
        return docker.query(
                        "starting a container of " + spec.image(), RunArguments.of("run", List.of("--detach"), spec))
                .strip();
    }

    /** Runs a container to its end and removes it. @return its end and its output */
    public ProcessResult once(ContainerSpec spec, Duration timeout) throws IOException, InterruptedException {
        return docker.attempt(RunArguments.of("run", List.of("--rm"), spec).within(timeout));
    }

    /** Runs a command in a running container. @return its end and its output */
    public ProcessResult exec(String container, List<String> argv, Duration timeout)
            throws IOException, InterruptedException {
        return docker.attempt(Command.of("exec", "--", container).and(argv).within(timeout));
    }

    public void start(String container) throws IOException, InterruptedException {
        docker.query("starting the container " + container, "start", "--", container);
    }

    /** Asks it to end, and ends it after the grace time. Nothing happens if it does not run or does not exist. */
    public void stop(String container, Duration grace) throws IOException, InterruptedException {
        unlessAbsent(
                "stopping the container " + container,
                Command.of("stop", "-t", Long.toString(Math.max(0, grace.toSeconds())), "--", container)
                        .within(grace.plus(Docker.SHORT)));
    }

    /** Sends a signal. @param signal such as "HUP" */
    public void signal(String container, String signal) throws IOException, InterruptedException {
        docker.query("signalling the container " + container, "kill", "--signal", signal, "--", container);
    }

    /** Removes it with its anonymous volumes, even if it runs. Nothing happens if it does not exist. */
    public void remove(String container) throws IOException, InterruptedException {
        unlessAbsent(
                "removing the container " + container,
                Command.of("rm", "--force", "--volumes", "--", container).within(Docker.SHORT));
    }

    /** Removes it as {@link #remove} does, unless it runs: the engine refuses that. */
    public void removeStopped(String container) throws IOException, InterruptedException {
        try {
            unlessAbsent(
                    "removing the container " + container,
                    Command.of("rm", "--volumes", "--", container).within(Docker.SHORT));
        } catch (CommandFailedException e) {
            // The words of the refusal differ between engines.
            boolean runs = inspect(container)
                    .filter(there -> Set.of("running", "restarting", "paused")
                            .contains(there.state().status()))
                    .isPresent();
            if (!runs) {
                throw e;
            }
        }
    }

    public void rename(String container, String name) throws IOException, InterruptedException {
        docker.query("renaming the container " + container, "rename", "--", container, name);
    }

    /** Sets the restart policy. @param policy "no", "unless-stopped" … */
    public void restartPolicy(String container, String policy) throws IOException, InterruptedException {
        docker.query("changing the container " + container, "update", "--restart", policy, "--", container);
    }

    public Optional<ContainerFacts> inspect(String container) throws IOException, InterruptedException {
        List<ContainerFacts> found = inspect(List.of(container));
        return found.isEmpty() ? Optional.empty() : Optional.of(found.get(0));
    }

    /** Returns all containers with these labels, running or not, the newest first; an empty value matches any value. */
    public List<ContainerFacts> labelled(Map<String, String> labels) throws IOException, InterruptedException {
        Optional<EngineApi.Answer> answer = read(labels);
        if (answer.isPresent()) {
            return inspect(answer.get().each("Id"));
        }
        Command list = Command.of("ps", "--all", "--quiet", "--no-trunc").within(Docker.SHORT);
        String ids = docker.query("listing containers", list.and(Docker.labelFilters(labels)));
        return inspect(ids.lines().toList());
    }

    /**
     * Returns the same containers as {@link #labelled}, with one call and in no order; only id, name, image, state and
     * some labels are known.
     *
     * @param wanted the labels to read; empty ones are left out
     */
    public List<ContainerFacts> listed(Map<String, String> labels, Collection<String> wanted)
            throws IOException, InterruptedException {
        List<String> keys = List.copyOf(wanted);
        List<ContainerFacts> all = new ArrayList<>();
        Optional<EngineApi.Answer> answer = read(labels);
        if (answer.isPresent()) {
            answer.get().json().forEach(container -> all.add(ContainerFacts.read(container, keys)));
            return all;
        }
        List<String> fields = new ArrayList<>(List.of(".ID", ".Names", ".Image", ".State"));
        keys.forEach(key -> fields.add(ListingFormat.label(key)));
        Command list = Command.of("ps", "--all", "--no-trunc", "--format", ListingFormat.of(fields))
                .within(Docker.SHORT);
        for (JsonNode row :
                ListingFormat.read(docker.query("listing containers", list.and(Docker.labelFilters(labels))))) {
            all.add(ContainerFacts.listed(row, keys));
        }
        return all;
    }

    private Optional<EngineApi.Answer> read(Map<String, String> labels) throws IOException, InterruptedException {
        return docker.read("/containers/json?all=1&" + EngineApi.labelled(labels));
    }

    /** Returns the names of the containers made of this image, running or not. */
    public List<String> ofImage(String image) throws IOException, InterruptedException {
        Optional<EngineApi.Answer> answer =
                docker.read("/containers/json?all=1&" + EngineApi.filter("ancestor", List.of(image)));
        if (answer.isPresent()) {
            List<String> names = new ArrayList<>();
            answer.get()
                    .json()
                    .forEach(container ->
                            names.add(ContainerFacts.read(container, List.of()).name()));
            return names;
        }
        return docker.query(
                        "listing containers", "ps", "--all", "--format", "{{.Names}}", "--filter", "ancestor=" + image)
                .lines()
                .toList();
    }

    /** Returns those of {@code containers} that exist. */
    List<ContainerFacts> inspect(List<String> containers) throws IOException, InterruptedException {
        if (containers.isEmpty()) {
            return List.of();
        }
        Optional<List<JsonNode>> read = docker.readEach(containers, name -> "/containers/" + name + "/json");
        if (read.isPresent()) {
            return read.get().stream().map(ContainerFacts::of).toList();
        }
        ProcessResult finished = docker.attempt(
                Command.of("container", "inspect", "--").and(containers).within(Docker.SHORT));
        if (!finished.ok() && containers.size() > 1) {
            // One may have gone since it was listed, and the message about it comes before pages about the others.
            return Docker.each(containers, this::inspect);
        }
        if (!finished.ok() && !absent(finished)) {
            throw DockerErrors.of("inspecting the container " + containers.get(0), finished);
        }
        List<ContainerFacts> all = new ArrayList<>();
        for (JsonNode container : DockerJson.parse(finished.output())) {
            all.add(ContainerFacts.of(container));
        }
        return all;
    }

    /** Returns the last lines of its log, masked and each of bounded length; empty if it does not exist. */
    public List<String> logs(String container, int lines) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>();
        Command command = Command.of("logs", "--tail", Integer.toString(lines), "--", container);
        try (RunningProcess running = docker.start(command.within(Docker.SHORT), line -> {
            synchronized (all) {
                all.add(line);
            }
        })) {
            ProcessResult finished = running.await();
            if (!finished.ok() && !absent(finished)) {
                throw DockerErrors.of("reading the log of the container " + container, finished);
            }
            synchronized (all) {
                return finished.ok() ? List.copyOf(all) : List.of();
            }
        }
    }

    /** Reads each line of its log, past and future, masked, until it ends or the result is closed. */
    public RunningProcess follow(String container, Consumer<String> lines) throws IOException {
        return docker.start(Command.of("logs", "--follow", "--", container).within(FOREVER), lines);
    }

    /** Waits for its end. @return its exit code */
    public int await(String container, Duration timeout) throws IOException, InterruptedException {
        Command command = Command.of("wait", "--", container).within(timeout);
        return Integer.parseInt(
                docker.query("waiting for the container " + container, command).strip());
    }

    private void unlessAbsent(String doing, Command command) throws IOException, InterruptedException {
        ProcessResult finished = docker.attempt(command);
        if (!finished.ok() && !absent(finished)) {
            throw DockerErrors.of(doing, finished);
        }
    }

    private static boolean absent(ProcessResult finished) {
        return finished.tail().contains("No such container");
    }
}
