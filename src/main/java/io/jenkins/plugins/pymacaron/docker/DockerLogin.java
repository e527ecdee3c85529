package io.jenkins.plugins.pymacaron.docker;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.process.CommandFailedException;
import io.jenkins.plugins.pymacaron.process.PrivateDirectory;
import io.jenkins.plugins.pymacaron.process.ProcessResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * A login to one registry, in a configuration directory that only this user can read and that is always removed. The
 * user's own configuration stays as it is: its contexts, plugins and other registries are carried over, but no store of
 * credentials, which would keep ours beyond the end.
 */
public final class DockerLogin implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    static final String DOCKER_HUB = "https://index.docker.io/v1/";

    private final PrivateDirectory directory;

    private DockerLogin(PrivateDirectory directory) {
        this.directory = directory;
    }

    /**
     * Logs in.
     *
     * @param registry {@code host[:port]}, "docker.io" for Docker Hub
     * @throws IOException with one line, if the registry cannot be reached or refuses
     */
    public static DockerLogin open(Docker docker, String registry, String user, String password)
            throws IOException, InterruptedException {
        DockerLogin login = new DockerLogin(PrivateDirectory.create("pymacaron-docker"));
        try {
            Path own = docker.config().orElseGet(DockerLogin::usersConfig);
            login.carryOver(own, registry);
            ProcessResult finished = docker.with(login)
                    .attempt(Command.of("login", "--username=" + user, "--password-stdin", "--", registry)
                            .feeding(password.getBytes(StandardCharsets.UTF_8))
                            .within(Docker.SHORT));
            if (!finished.ok()) {
                throw refusal(registry, user, finished);
            }
            return login;
        } catch (IOException | InterruptedException | RuntimeException e) {
            login.close();
            throw e;
        }
    }

    /**
     * Keeps a login without trying it, where no engine is needed: {@link Credentials} and the docker client find it.
     *
     * @param registry {@code host[:port]}, "docker.io" for Docker Hub
     */
    public static DockerLogin untried(Docker docker, String registry, String user, String password) throws IOException {
        DockerLogin login = new DockerLogin(PrivateDirectory.create("pymacaron-docker"));
        try {
            login.carryOver(docker.config().orElseGet(DockerLogin::usersConfig), registry);
            Path file = login.config().resolve("config.json");
            ObjectNode settings = (ObjectNode) MAPPER.readTree(file.toFile());
            byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
            settings.withObjectProperty("auths")
                    .putObject(registry.equals("docker.io") ? DOCKER_HUB : registry)
                    .put("auth", Base64.getEncoder().encodeToString(pair));
            MAPPER.writeValue(file.toFile(), settings);
            return login;
        } catch (IOException | RuntimeException e) {
            login.close();
            throw e;
        }
    }

    /** Returns the directory for {@code docker --config}. */
    public Path config() {
        return directory.path();
    }

    @Override
    public void close() {
        directory.close();
    }

    /** Returns the directory of the user's own configuration (docker's documentation of DOCKER_CONFIG). */
    public static Path usersConfig() {
        String given = System.getenv("DOCKER_CONFIG");
        return given == null || given.isEmpty() ? Path.of(System.getProperty("user.home"), ".docker") : Path.of(given);
    }

    private void carryOver(Path own, String registry) throws IOException {
        ObjectNode settings = MAPPER.createObjectNode();
        Path file = own.resolve("config.json");
        if (Files.isRegularFile(file) && MAPPER.readTree(file.toFile()) instanceof ObjectNode theirs) {
            settings = theirs;
        }
        ObjectNode helpers = settings.withObjectProperty("credHelpers");
        String store = settings.path("credsStore").asText("");
        if (!store.isEmpty()) {
            settings.path("auths").fieldNames().forEachRemaining(known -> {
                if (!helpers.has(known)) {
                    helpers.put(known, store);
                }
            });
        }
        settings.remove("credsStore");
        String key = registry.equals("docker.io") ? DOCKER_HUB : registry;
        helpers.remove(List.of(key, registry));
        settings.withObjectProperty("auths").remove(List.of(key, registry));
        settings.withArrayProperty("cliPluginsExtraDirs")
                .add(own.resolve("cli-plugins").toString());
        Path ours = config().resolve("config.json");
        Files.createFile(ours, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        MAPPER.writeValue(ours.toFile(), settings);
        if (Files.isDirectory(own.resolve("contexts"))) {
            Files.createSymbolicLink(
                    config().resolve("contexts"), own.resolve("contexts").toAbsolutePath());
        }
    }

    private static IOException refusal(String registry, String user, ProcessResult finished) {
        IOException known = DockerErrors.of("logging in to " + registry, finished);
        if (known instanceof DockerUnavailableException) {
            return known;
        }
        String low = finished.tail().toLowerCase(Locale.ROOT);
        if (low.contains("unauthorized") || low.contains("denied") || low.contains("incorrect username")) {
            return new CommandFailedException(
                    "the registry " + registry + " refuses the login of " + user
                            + ". Correct the user name or the password.",
                    finished.exitCode(),
                    finished.tail());
        }
        return known;
    }
}
