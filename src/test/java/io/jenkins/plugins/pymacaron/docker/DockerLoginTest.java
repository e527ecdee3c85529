package io.jenkins.plugins.pymacaron.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.pymacaron.FreePorts;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(20 * 60)
class DockerLoginTest {
    private final List<String> log = RealDocker.log();

    @TempDir
    Path directory;

    private static long leftovers() throws Exception {
        try (var all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(path -> path.getFileName().toString().startsWith("pymacaron-docker"))
                    .count();
        }
    }

    @ParameterizedTest
    @MethodSource("io.jenkins.plugins.pymacaron.docker.RealDocker#clients")
    void credentialsAreOursAloneAndGoneAfterwards(String client) throws Exception {
        String registry = RealDocker.variable("PYM_TEST_REGISTRY_AUTH");
        String user = RealDocker.variable("PYM_TEST_REGISTRY_USER");
        String password = RealDocker.variable("PYM_TEST_REGISTRY_PASSWORD");
        Docker docker = RealDocker.docker(log, client, password);
        Path config;
        try (DockerLogin login = DockerLogin.open(docker, registry, user, password)) {
            config = login.config();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(config)))
                    .isEqualTo("rwx------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(config.resolve("config.json"))))
                    .isEqualTo("rw-------");
            assertThat(Credentials.find(docker.with(login), registry)).contains(new Credentials(user, password));
        }
        assertThat(config).doesNotExist();
        assertThat(log).isEmpty();
    }

    @Test
    void aRefusalIsOneLineAndLeavesNothing() throws Exception {
        String registry = RealDocker.variable("PYM_TEST_REGISTRY_AUTH");
        long before = leftovers();

        assertThatThrownBy(() -> DockerLogin.open(RealDocker.docker(log), registry, "pym", "wrong"))
                .hasMessage("the registry " + registry
                        + " refuses the login of pym. Correct the user name or the password.");
        assertThat(leftovers()).isLessThanOrEqualTo(before);
    }

    @Test
    void aRegistryThatIsDownIsOneLine() throws Exception {
        int port = FreePorts.next();
        Docker docker = RealDocker.docker(log);

        assertThatThrownBy(() -> DockerLogin.open(docker, "127.0.0.1:" + port, "pym", "x"))
                .hasMessageContaining("logging in to 127.0.0.1:" + port + " failed")
                .hasMessageContaining("connection refused")
                .hasMessageNotContaining("\n");
    }

    @Test
    void theUsersSettingsAreCarriedOverButNoStore() throws Exception {
        Path own = Files.createDirectories(directory.resolve("own/contexts")).getParent();
        Files.writeString(
                own.resolve("config.json"),
                "{\"credsStore\": \"desktop\", \"currentContext\": \"far\", \"auths\": {\"other:1\": {},"
                        + " \"ours:1\": {\"auth\": \"b2xkOm9sZA==\"}}, \"credHelpers\": {\"ours:1\": \"gcloud\"}}");
        Path client = directory.resolve("docker");
        Files.writeString(
                client,
                "#!/bin/sh\ncp \"$2/config.json\" '" + directory + "/seen'\ncat > '" + directory
                        + "/stdin'\nls \"$2\" > '" + directory + "/names'\n");
        Files.setPosixFilePermissions(client, PosixFilePermissions.fromString("rwx------"));
        Docker docker = new Docker(new Processes(SecretMask.NONE, log::add), Optional.of(own), client.toString());

        DockerLogin.open(docker, "ours:1", "user", "password").close();

        JsonNode seen = new ObjectMapper().readTree(directory.resolve("seen").toFile());
        assertThat(seen.path("currentContext").asText()).isEqualTo("far");
        assertThat(seen.has("credsStore")).isFalse();
        assertThat(seen.path("credHelpers").toString()).isEqualTo("{\"other:1\":\"desktop\"}");
        assertThat(seen.path("auths").has("ours:1")).isFalse();
        assertThat(Files.readString(directory.resolve("stdin"))).isEqualTo("password");
        assertThat(Files.readString(directory.resolve("names"))).contains("contexts");
        assertThat(own.resolve("config.json")).content().contains("desktop");
    }

    @Test
    void credentialsOfAHelperAreFound() throws Exception {
        Files.writeString(
                directory.resolve("config.json"),
                "{\"credHelpers\": {\"r:1\": \"../evil\"},"
                        + " \"auths\": {\"https://r:2\": {\"auth\": \"dXNlcjpwYTpzcw==\"}, \"r:3\": {\"auth\": \"?\"}}}");
        Docker docker = new Docker(new Processes(SecretMask.NONE, log::add), Optional.of(directory));

        assertThat(Credentials.find(docker, "r:2")).contains(new Credentials("user", "pa:ss"));
        assertThat(Credentials.find(docker, "r:1")).isEmpty();
        assertThat(Credentials.find(docker, "r:3")).isEmpty();
        assertThat(new Credentials("user", "pa:ss").toString()).doesNotContain("pa:ss");
    }
}
