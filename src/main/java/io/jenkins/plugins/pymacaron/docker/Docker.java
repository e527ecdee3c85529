package io.jenkins.plugins.pymacaron.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.pymacaron.docker.DockerUnavailableException.Why;
import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.process.CommandNotFoundException;
import io.jenkins.plugins.pymacaron.process.ProcessResult;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.RunningProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Drives the docker client by its command line. Every failure is an {@code IOException} with one line for the user:
 * {@link DockerUnavailableException} if no Docker can be used, else a {@code CommandFailedException} that also has the
 * last lines of docker's output.
 */
public final class Docker {
    /** The time limit of calls that only read or do something small. */
    static final Duration SHORT = Duration.ofMinutes(2);

    private static final String PROGRAM = "docker";

    /** The environment variable that is "no" where the engine is to be asked by the client alone. */
    private static final String BY_API = "PYM_DOCKER_API";

    /** Names and references whose path in a request is themselves, and leads to nothing else. */
    private static final Pattern PLAIN =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.:@-]*(?:/[A-Za-z0-9][A-Za-z0-9_.:@-]*)*");

    private final Processes processes;
    private final List<String> client;
    private final Optional<Path> config;
    private final Constants constants;

    /** The facts that do not change while this process runs: also a login does not change them. */
    private static final class Constants {
        private volatile EngineFacts facts;
        private volatile Builder builder;
        private volatile String engineId;
        private volatile String endpoint;
        private volatile Optional<EngineApi> api;
    }

    /**
     * Makes the client.
     *
     * @param config the directory of the client's configuration, as of a {@link DockerLogin}; the user's own if empty
     */
    public Docker(Processes processes, Optional<Path> config) {
        this(processes, config, PROGRAM);
    }

    /** Makes the client. @param program the docker client, by name or by path */
    public Docker(Processes processes, Optional<Path> config, String program) {
        this(processes, config, program, new Constants());
    }

    private Docker(Processes processes, Optional<Path> config, String program, Constants constants) {
        this.processes = processes;
        this.config = config;
        this.constants = constants;
        client = new ArrayList<>(List.of(program));
        config.ifPresent(directory -> client.addAll(List.of("--config", directory.toString())));
    }

    /** Returns the same client with the credentials of a login. */
    public Docker with(DockerLogin login) {
        return new Docker(processes, Optional.of(login.config()), client.get(0), constants);
    }

    /** Returns the same client, whose log goes to {@code lines}. */
    public Docker saying(Consumer<String> lines) {
        return new Docker(processes.saying(lines), config, client.get(0));
    }

    public Images images() {
        return new Images(this);
    }

    public Volumes volumes() {
        return new Volumes(this);
    }

    public Containers containers() {
        return new Containers(this);
    }

    public Processes processes() {
        return processes;
    }

    /** Returns the directory of the client's configuration, if it is not the user's own. */
    public Optional<Path> config() {
        return config;
    }

    String program() {
        return client.get(0);
    }

    /** Returns the abilities of this engine. They are read once. */
    public EngineFacts engine() throws IOException, InterruptedException {
        EngineFacts known = constants.facts;
        if (known == null) {
            known = ask();
            constants.facts = known;
        }
        return known;
    }

    /**
     * Returns the id that distinguishes this engine from all others, for every caller: "Unique identifier of the
     * daemon", which it keeps in its data (Docker Engine API, GET /info, ID). Empty where it cannot be asked.
     */
    public String engineId() throws InterruptedException {
        String known = constants.engineId;
        if (known == null) {
            try {
                Optional<EngineApi.Answer> answer = read("/info");
                known = answer.isPresent()
                        ? answer.get().json().path("ID").asText()
                        : query("asking for the engine's id", "info", "--format", "{{.ID}}")
                                .strip();
            } catch (IOException e) {
                return "";
            }
            constants.engineId = known;
        }
        return known;
    }

    private EngineFacts ask() throws IOException, InterruptedException {
        // The client is asked, since without it nothing can be done; its messages say what is wrong with the engine.
        JsonNode version = DockerJson.parse(query("asking for the engine", "version", "--format", "{{json .}}"));
        JsonNode server = version.path("Server");
        return new EngineFacts(
                server.path("Version").asText(),
                server.path("ApiVersion").asText(),
                version.path("Client").path("Version").asText(),
                server.path("Os").asText(),
                hasBridge(),
                host(endpoint()),
                server.path("Arch").asText());
    }

    private boolean hasBridge() throws IOException, InterruptedException {
        Optional<EngineApi.Answer> answer = read("/networks?" + EngineApi.filter("driver", List.of("bridge")));
        if (answer.isPresent()) {
            return answer.get().each("Name").contains("bridge");
        }
        return query(
                        "asking for the engine's networks",
                        "network",
                        "ls",
                        "--filter",
                        "driver=bridge",
                        "--format",
                        "{{.Name}}")
                .lines()
                .anyMatch("bridge"::equals);
    }

    /**
     * Returns the builder, which is asked for once. Clients from 23.0 on leave BuildKit to the plugin; earlier ones
     * contain it, if DOCKER_BUILDKIT=1 asks for it.
     */
    public Builder builder() throws IOException, InterruptedException {
        Builder known = constants.builder;
        if (known == null) {
            known = askBuilder(engine());
            constants.builder = known;
        }
        return known;
    }

    private Builder askBuilder(EngineFacts engine) throws IOException, InterruptedException {
        int major = Integer.parseInt("0" + engine.clientVersion().replaceFirst("\\D.*", ""));
        if (major >= 18 && major < 23) {
            return engine.os().equals("linux") ? Builder.BUILDKIT : Builder.LEGACY;
        }
        return attempt(Command.of("buildx", "version").within(SHORT)).ok() ? Builder.BUILDX : Builder.LEGACY;
    }

    /**
     * Reads from the engine without a process, where it is at a socket of this machine.
     *
     * @return empty where the client has to be asked instead
     */
    Optional<EngineApi.Answer> read(String path) throws IOException, InterruptedException {
        Optional<EngineApi> known = constants.api;
        if (known == null) {
            // Another client than docker may have reasons of its own, and so may the user.
            known = program().equals(PROGRAM) && !"no".equals(System.getenv(BY_API))
                    ? EngineApi.at(endpoint())
                    : Optional.empty();
            constants.api = known;
        }
        return known.isPresent() ? known.get().get(path) : Optional.empty();
    }

    /**
     * Reads several things by their names as {@link #read} does. A name that is no plain path is left to the client.
     *
     * @return those that exist; empty where the client has to be asked instead
     */
    Optional<List<JsonNode>> readEach(List<String> names, UnaryOperator<String> path)
            throws IOException, InterruptedException {
        List<JsonNode> all = new ArrayList<>();
        for (String name : names) {
            Optional<EngineApi.Answer> answer =
                    PLAIN.matcher(name).matches() ? read(path.apply(name)) : Optional.empty();
            if (answer.isEmpty()) {
                return Optional.empty();
            }
            if (answer.get().found()) {
                all.add(answer.get().json());
            }
        }
        return Optional.of(all);
    }

    /** Returns the address of the engine; DOCKER_HOST has priority over every context. */
    private String endpoint() throws IOException, InterruptedException {
        String known = constants.endpoint;
        if (known == null) {
            String given = System.getenv("DOCKER_HOST");
            known = given == null || given.isEmpty()
                    ? query(
                                    "asking for the engine's address",
                                    "context",
                                    "inspect",
                                    "--format",
                                    "{{.Endpoints.docker.Host}}")
                            .strip()
                    : given;
            constants.endpoint = known;
        }
        return known;
    }

    private static String host(String endpoint) {
        try {
            URI uri = URI.create(endpoint);
            boolean remote = List.of("tcp", "ssh", "http", "https").contains(String.valueOf(uri.getScheme()));
            String host = remote && uri.getHost() != null ? uri.getHost() : "localhost";
            return host.equals("localhost") ? "127.0.0.1" : host;
        } catch (IllegalArgumentException e) {
            return "127.0.0.1";
        }
    }

    /** Returns standard output of a call that writes nothing to the log. */
    String query(String doing, String... arguments) throws IOException, InterruptedException {
        return query(doing, Command.of(arguments).within(SHORT));
    }

    String query(String doing, Command arguments) throws IOException, InterruptedException {
        ProcessResult finished = attempt(arguments);
        if (!finished.ok()) {
            throw DockerErrors.of(doing, finished);
        }
        return finished.orThrow(doing).output();
    }

    /** Returns the result, unless there is no client at all. */
    ProcessResult attempt(Command arguments) throws IOException, InterruptedException {
        try {
            return processes.query(complete(arguments));
        } catch (CommandNotFoundException e) {
            throw absent(e);
        }
    }

    /** Makes a long call whose lines go to the log. */
    ProcessResult stream(String doing, Command arguments) throws IOException, InterruptedException {
        try {
            ProcessResult finished = processes.run(complete(arguments));
            if (!finished.ok()) {
                throw DockerErrors.of(doing, finished);
            }
            return finished;
        } catch (CommandNotFoundException e) {
            throw absent(e);
        }
    }

    RunningProcess start(Command arguments, Consumer<String> lines) throws IOException {
        try {
            return processes.start(complete(arguments), lines);
        } catch (CommandNotFoundException e) {
            throw absent(e);
        }
    }

    private Command complete(Command arguments) {
        return new Command(
                        client,
                        arguments.directory(),
                        arguments.environment(),
                        arguments.withheld(),
                        arguments.input(),
                        arguments.timeout(),
                        arguments.direct())
                .and(arguments.argv());
    }

    /** Looks for one thing by its name. */
    interface Lookup<T> {
        Optional<T> of(String name) throws IOException, InterruptedException;
    }

    /** Looks for several things, one after the other. */
    static <T> List<T> each(List<String> names, Lookup<T> lookup) throws IOException, InterruptedException {
        List<T> found = new ArrayList<>();
        for (String name : names) {
            lookup.of(name).ifPresent(found::add);
        }
        return found;
    }

    static List<String> labelFilters(Map<String, String> labels) {
        List<String> filters = new ArrayList<>();
        labels.forEach((key, value) ->
                filters.addAll(List.of("--filter", "label=" + key + (value.isEmpty() ? "" : "=" + value))));
        return filters;
    }

    private static DockerUnavailableException absent(CommandNotFoundException e) {
        return new DockerUnavailableException(
                Why.ABSENT,
                "docker: " + e.getMessage() + " A Docker client is needed (package docker.io or docker-ce-cli).");
    }
}
