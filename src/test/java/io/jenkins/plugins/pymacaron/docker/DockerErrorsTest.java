package io.jenkins.plugins.pymacaron.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.process.Finished;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerErrorsTest {
    private static final String REFUSED = "Get \"http://127.0.0.1:1/v2/\": dial tcp 127.0.0.1:1: connection refused";

    @Test
    void anErrorCountsAlsoWhereProgressArrivesBehindIt() {
        assertThat(failure(
                        REFUSED, "The push refers to repository [127.0.0.1:1/demo/hello]", "0123456789ab: Preparing"))
                .isEqualTo("pushing failed: " + REFUSED);
    }

    @Test
    void aFullDiskIsSaidWithWhatToDo() {
        assertThat(failure("Error response from daemon: write /x: no space left on device", "See 'docker run --help'."))
                .isEqualTo("pushing failed: write /x: no space left on device. The disk is full. Free some space, for"
                        + " instance by docker system prune.");
    }

    /** As the legacy builder and BuildKit say it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "standard_init_linux.go:228: exec user process caused: exec format error",
                "#5 0.213 exec /bin/sh: exec format error"
            })
    void anotherProcessorThanTheEnginesIsSaidWithWhatToDo(String line) {
        assertThat(failure(line, "The command '/bin/sh -c pip' returned a non-zero code: 1"))
                .contains("exec format error. The engine's processor is not the one of the platform.")
                .contains("set platform");
    }

    @Test
    void theLineThatTheAdviceIsAboutCounts() {
        assertThat(failure(
                        "dd: error writing '/x': No space left on device",
                        "64+0 records out",
                        "The command '/bin/sh -c dd' returned a non-zero code: 1",
                        "Removing intermediate container 0123456789ab"))
                .isEqualTo("pushing failed: dd: error writing '/x': No space left on device. The disk is full. Free"
                        + " some space, for instance by docker system prune.");
        assertThat(failure("ls: no such file", "Removing intermediate container 0123456789ab"))
                .isEqualTo("pushing failed: ls: no such file");
    }

    @Test
    void whatTheClientSaysOfItselfIsNoError() {
        assertThat(failure(
                        "Cannot connect to the Docker daemon at unix:///no/socket. Is the docker daemon running?",
                        "{\"Client\":{\"Version\":\"28.2.2\"},\"Server\":null}"))
                .contains("no Docker engine answers (Cannot connect to the Docker daemon at unix:///no/socket.");
    }

    @Test
    void withoutAWordTheExitCodeCounts() {
        assertThat(failure()).isEqualTo("pushing failed: docker exited with 1");
    }

    private static String failure(String... lines) {
        return DockerErrors.of("pushing", new Finished("docker", 1, "", false, String.join("\n", lines)))
                .getMessage();
    }
}
