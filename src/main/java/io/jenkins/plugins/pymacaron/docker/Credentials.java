package io.jenkins.plugins.pymacaron.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.process.ProcessResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** A user name and a password for a registry. */
public record Credentials(String user, String password) {

    /** Returns the value of an Authorization header (RFC 7617). */
    public String basic() {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Returns the credentials that the docker client would use for a registry, from its configuration or from a
     * credential helper. Empty also for identity tokens, which only the client can use.
     *
     * @param registry {@code host[:port]}, "docker.io" for Docker Hub
     */
    public static Optional<Credentials> find(Docker docker, String registry) throws IOException, InterruptedException {
        Path file = docker.config().orElseGet(DockerLogin::usersConfig).resolve("config.json");
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        JsonNode config = DockerJson.parse(Files.readString(file));
        List<String> keys = registry.equals("docker.io")
                ? List.of(DockerLogin.DOCKER_HUB, "docker.io", "index.docker.io")
                : List.of(registry, "https://" + registry, "https://" + registry + "/v1/");
        for (String key : keys) {
            String helper = config.path("credHelpers")
                    .path(key)
                    .asText(config.path("credsStore").asText(""));
            Optional<Credentials> found =
                    helper.isEmpty() ? plain(config.path("auths").path(key)) : ask(docker, helper, key);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<Credentials> plain(JsonNode entry) {
        try {
            String pair =
                    new String(Base64.getDecoder().decode(entry.path("auth").asText("")), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon < 1 || entry.has("identitytoken")
                    ? Optional.empty()
                    : Optional.of(new Credentials(pair.substring(0, colon), pair.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Asks a helper, by the protocol of docker/docker-credential-helpers. */
    private static Optional<Credentials> ask(Docker docker, String helper, String key)
            throws IOException, InterruptedException {
        if (!helper.matches("[A-Za-z0-9._-]+")) {
            return Optional.empty();
        }
        ProcessResult finished = docker.processes()
                .query(Command.of("docker-credential-" + helper, "get")
                        .feeding(key.getBytes(StandardCharsets.UTF_8))
                        .within(Docker.SHORT));
        if (!finished.ok()) {
            return Optional.empty();
        }
        JsonNode answer = DockerJson.parse(finished.output());
        String user = answer.path("Username").asText("");
        return user.isEmpty() || user.equals("<token>")
                ? Optional.empty()
                : Optional.of(new Credentials(user, answer.path("Secret").asText("")));
    }

    @Override
    public String toString() {
        return "Credentials[" + user + "]";
    }
}
