package io.jenkins.plugins.pymacaron.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.docker.DockerUnavailableException.Why;
import io.jenkins.plugins.pymacaron.process.CommandFailedException;
import io.jenkins.plugins.pymacaron.process.ProcessResult;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20 * 60)
class DockerTest {
    private final Processes processes = new Processes(SecretMask.NONE, line -> {});

    @TempDir
    Path directory;

    /** Returns a client that fails with this message. */
    private Docker failing(String message) throws Exception {
        Path program = directory.resolve("docker");
        Files.writeString(program, "#!/bin/sh\ncat >&2 <<'END'\n" + message + "\nEND\nexit 1\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return new Docker(processes, Optional.empty(), program.toString());
    }

    @ParameterizedTest
    @MethodSource("io.jenkins.plugins.pymacaron.docker.RealDocker#clients")
    void factsAreAskedOfTheEngine(String client) throws Exception {
        Docker docker = RealDocker.docker(RealDocker.log(), client);

        EngineFacts facts = docker.engine();

        assertThat(facts.version()).matches("\\d+\\..*");
        assertThat(facts.apiVersion()).matches("1\\.\\d+");
        assertThat(facts.arch()).isIn("amd64", "arm64");
        assertThat(facts.host()).isEqualTo("127.0.0.1");
        if (facts.clientVersion().startsWith("20.10")) {
            assertThat(docker.builder()).isEqualTo(Builder.BUILDKIT);
        }
        assertThat(docker.engine()).isSameAs(facts);
    }

    @Test
    void noClient() {
        Docker docker = new Docker(processes, Optional.empty(), "no-such-docker");

        assertThatThrownBy(docker::engine)
                .isInstanceOfSatisfying(DockerUnavailableException.class, e -> assertThat(e.why())
                        .isEqualTo(Why.ABSENT))
                .hasMessageContaining("no-such-docker was not found on PATH. Install it")
                .hasMessageNotContaining("\n");
    }

    @Test
    void noEngine() throws Exception {
        Docker docker =
                failing("Cannot connect to the Docker daemon at unix:///none.sock. Is the docker daemon running?");

        assertThatThrownBy(docker::engine)
                .isInstanceOfSatisfying(DockerUnavailableException.class, e -> assertThat(e.why())
                        .isEqualTo(Why.NOT_RUNNING))
                .hasMessageContaining("unix:///none.sock")
                .hasMessageEndingWith("Start it, or set DOCKER_HOST to one that runs.");
    }

    @Test
    void noRights() throws Exception {
        Docker docker = failing("Got permission denied while trying to connect to the Docker daemon socket at"
                + " unix:///var/run/docker.sock: Get \"http://%2Fvar%2Frun%2Fdocker.sock/v1.24/version\": dial unix"
                + " /var/run/docker.sock: connect: permission denied");

        assertThatThrownBy(docker::engine)
                .isInstanceOfSatisfying(DockerUnavailableException.class, e -> assertThat(e.why())
                        .isEqualTo(Why.NO_RIGHTS))
                .hasMessageContaining("Add it to the group docker");
    }

    @Test
    void theLineOfAnErrorIsTheOneThatSaysIt() {
        assertThat(message(
                        "docker: Error response from daemon: Conflict. The name is in use.\nSee 'docker run --help'."))
                .isEqualTo("doing failed: Conflict. The name is in use.");
        assertThat(message("ERROR: No matching distribution found for nope\n#8 ERROR: executor failed running [x]\n"
                        + "error: failed to solve: executor failed running [x]: exit code: 1"))
                .isEqualTo("doing failed: No matching distribution found for nope");
        assertThat(message("#9 0.243 ERROR: it is so\n > [4/4] RUN echo 'ERROR: not this' >&2; exit 3:\n"
                        + "executor failed running [/bin/sh -c echo 'ERROR: not this']: exit code: 3"))
                .isEqualTo("doing failed: it is so");
        assertThat(message("Could not do it\nThe command '/bin/sh -c x' returned a non-zero code: 1"))
                .isEqualTo("doing failed: Could not do it");
        assertThat(message("Error response from daemon: write /x: no space left on device"))
                .startsWith("doing failed: write /x: no space left on device. The disk is full. Free some space, for"
                        + " instance by docker builder prune and docker image prune.");
        assertThat(message("")).isEqualTo("doing failed: docker exited with 1");
        assertThat(DockerErrors.of("doing", new ProcessResult("docker", 1, "", false, "x")))
                .isInstanceOf(CommandFailedException.class);
    }

    private static String message(String tail) {
        return DockerErrors.of("doing", new ProcessResult("docker", 1, "", false, tail))
                .getMessage();
    }

    @Test
    void anAnswerThatIsNoJsonIsNotRepeated() throws Exception {
        Path program = directory.resolve("docker");
        Files.writeString(program, "#!/bin/sh\necho 'PASSWORD=x'\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));

        assertThatThrownBy(new Docker(processes, Optional.empty(), program.toString())::engine)
                .hasMessage("docker answered with something other than JSON");
    }

    /** Returns a client whose builds fail with this message as often as told, and note what they were given. */
    private Docker failingBuilds(int times, String message) throws Exception {
        Path program = directory.resolve("docker");
        Files.writeString(program, """
                #!/bin/sh
                case "$1" in
                version) echo '{"Client":{"Version":"20.10.24"},"Server":{"Version":"20.10.24","ApiVersion":"1.41","Os":"linux"}}' ;;
                network) echo bridge ;;
                build)
                  cat >> HERE/contexts
                  echo x >> HERE/builds
                  if [ "$(wc -l < HERE/builds)" -le TIMES ]; then echo 'MESSAGE' >&2; exit 1; fi ;;
                esac
                """.replace("HERE", directory.toString())
                .replace("TIMES", Integer.toString(times))
                .replace("MESSAGE", message));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return new Docker(processes, Optional.empty(), program.toString());
    }

    private static final BuildRequest REQUEST = new BuildRequest(
            List.of("a:b"),
            "linux/amd64",
            "Dockerfile",
            out -> out.write("context ".getBytes(StandardCharsets.UTF_8)),
            false,
            Duration.ofSeconds(50));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "failed to export image: failed to set parent sha256:5f84: unknown parent image ID sha256:5f84",
                "failed to get digest sha256:5f84: open imagedb/content/sha256/5f84: no such file or directory",
                "No such image: sha256:5f84"
            })
    void aBuildWhoseBaseIsRemovedMeanwhileIsBuiltAgain(String message) throws Exception {
        failingBuilds(2, message).images().build(REQUEST);

        assertThat(directory.resolve("contexts")).hasContent("context context context ");
    }

    @Test
    void aBuildIsNotTriedAgainWithoutEndAndNotForOtherReasons() throws Exception {
        Docker gone = failingBuilds(99, "unknown parent image ID sha256:5f84");
        assertThatThrownBy(() -> gone.images().build(REQUEST)).hasMessageContaining("unknown parent image");
        assertThat(directory.resolve("builds")).hasContent("x\nx\nx");

        Files.delete(directory.resolve("builds"));
        Docker wrong = failingBuilds(99, "pip: no such package");
        assertThatThrownBy(() -> wrong.images().build(REQUEST)).hasMessageContaining("no such package");
        assertThat(directory.resolve("builds")).hasContent("x");
    }
}
