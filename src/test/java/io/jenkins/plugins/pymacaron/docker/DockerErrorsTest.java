package io.jenkins.plugins.pymacaron.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.process.ProcessResult;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
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
                        + " instance by docker builder prune and docker image prune. Do not use docker system prune: it"
                        + " deletes the versions that are kept for a rollback.");
    }

    /** The texts are those of the legacy builder and BuildKit. */
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
                .startsWith("pushing failed: dd: error writing '/x': No space left on device. The disk is full. Free"
                        + " some space, for instance by docker builder prune and docker image prune.");
        assertThat(failure("ls: no such file", "Removing intermediate container 0123456789ab"))
                .isEqualTo("pushing failed: ls: no such file");
    }

    @Test
    void theClientsOwnRemarksAreNoError() {
        assertThat(failure(
                        "Cannot connect to the Docker daemon at unix:///no/socket. Is the docker daemon running?",
                        "{\"Client\":{\"Version\":\"28.2.2\"},\"Server\":null}"))
                .contains("no Docker engine answers (Cannot connect to the Docker daemon at unix:///no/socket.");
    }

    /** Whole ends of outputs, with where they come from. */
    static Stream<Arguments> builds() {
        return Stream.of(
                Arguments.of(
                        "docker 20.10.24, legacy builder, run here: a file that is not there",
                        """
                        Step 2/2 : COPY nosuch /x
                        COPY failed: file not found in build context or excluded by .dockerignore: stat nosuch: file does not exist
                        DEPRECATED: The legacy builder is deprecated and will be removed in a future release.
                                    BuildKit is currently disabled; enable it by removing the DOCKER_BUILDKIT=0
                                    environment-variable.
                        """,
                        "COPY failed: file not found in build context or excluded by .dockerignore: stat nosuch: file does"
                                + " not exist"),
                Arguments.of(
                        "docker 20.10.24, legacy builder, run here: no such instruction",
                        "Error response from daemon: dockerfile parse error line 2: unknown instruction: RUNN\n",
                        "dockerfile parse error line 2: unknown instruction: RUNN"),
                Arguments.of(
                        "docker 20.10.24 and pip 23.0.1, run here: no such version",
                        """
                        ERROR: Could not find a version that satisfies the requirement nosuchpkg-xyz==1 (from versions: none)
                        ERROR: No matching distribution found for nosuchpkg-xyz==1
                        The command '/bin/sh -c pip install nosuchpkg-xyz==1' returned a non-zero code: 1
                        """,
                        "No matching distribution found for nosuchpkg-xyz==1"),
                Arguments.of(
                        "docker 20.10.24 and pip 23.0.1, run here: setup.py fails",
                        """
                          Preparing metadata (setup.py): finished with status 'error'
                          error: subprocess-exited-with-error

                          × python setup.py egg_info did not run successfully.
                          │ exit code: 1
                          ╰─> [6 lines of output]
                              Traceback (most recent call last):
                                File "/x/badpkg/setup.py", line 2, in <module>
                              RuntimeError: libpq is needed: pg_config executable not found.
                              [end of output]

                          note: This error originates from a subprocess, and is likely not a problem with pip.
                        error: metadata-generation-failed

                        × Encountered error while generating package metadata.
                        ╰─> See above for output.

                        note: This is an issue with the package mentioned above, not pip.
                        hint: See above for details.
                        The command '/bin/sh -c pip install /x/badpkg' returned a non-zero code: 1
                        """,
                        "pip, python setup.py egg_info: RuntimeError: libpq is needed: pg_config executable not found."),
                Arguments.of(
                        "BuildKit and pip 23.2.1, github.com/robbrad/UKBinCollectionData/issues/551",
                        """
                        326.8       Running `icpc --version` gave "[Errno 2] No such file or directory: 'icpc'"
                        326.8       A full log can be found at /tmp/pip-install-jr0nm9xw/meson-logs/meson-log.txt
                        326.8       [end of output]
                        326.8
                        326.8   note: This error originates from a subprocess, and is likely not a problem with pip.
                        326.9 error: metadata-generation-failed
                        326.9
                        326.9 × Encountered error while generating package metadata.
                        326.9 ╰─> See above for output.
                        326.9 hint: See above for details.
                        328.1 [notice] To update, run: pip install --upgrade pip
                        ------
                        Dockerfile:11
                        --------------------
                        ERROR: failed to solve: process "/bin/sh -c apk add gcc && pip install" did not complete successfully: exit code: 1
                        """,
                        "pip: A full log can be found at /tmp/pip-install-jr0nm9xw/meson-logs/meson-log.txt"),
                Arguments.of(
                        "BuildKit, github.com/frappe/frappe_docker/issues/1607",
                        """
                        42.89   × python setup.py bdist_wheel did not run successfully.
                        42.89   │ exit code: 1
                        42.89   ╰─> [6 lines of output]
                        42.89       usage: setup.py [global_opts] cmd1 [cmd1_opts] [cmd2 [cmd2_opts] ...]
                        42.89
                        42.89       error: invalid command 'bdist_wheel'
                        42.89       [end of output]
                        42.89   note: This error originates from a subprocess, and is likely not a problem with pip.
                        42.89   ERROR: Failed building wheel for PyQRCode
                        """,
                        "pip, python setup.py bdist_wheel: error: invalid command 'bdist_wheel'"),
                Arguments.of(
                        "pip 24, github.com/Nnamdi-sys/finalytics/issues/4",
                        """
                          × Building wheel for finalytics (pyproject.toml) did not run successfully.
                          │ exit code: 1
                          ╰─> See above for output.

                          note: This error originates from a subprocess, and is likely not a problem with pip.
                          ERROR: Failed building wheel for finalytics
                        Failed to build finalytics
                        ERROR: ERROR: Failed to build installable wheels for some pyproject.toml based projects (finalytics)
                        """,
                        "Failed to build installable wheels for some pyproject.toml based projects (finalytics)"),
                Arguments.of(
                        "pip 25.0.1 and 25.3, run here: no such version",
                        """
                        ERROR: Could not find a version that satisfies the requirement nosuchpkg-xyz==1 (from versions: none)
                        ERROR: No matching distribution found for nosuchpkg-xyz==1
                        """,
                        "No matching distribution found for nosuchpkg-xyz==1"),
                Arguments.of(
                        "pip 25.3, run here: setup.py fails",
                        """
                          Preparing metadata (pyproject.toml): finished with status 'error'
                          error: subprocess-exited-with-error

                          × Preparing metadata (pyproject.toml) did not run successfully.
                          │ exit code: 1
                          ╰─> [18 lines of output]
                              Traceback (most recent call last):
                                File "<string>", line 2, in <module>
                              RuntimeError: libpq is needed: pg_config executable not found.
                              [end of output]

                          note: This error originates from a subprocess, and is likely not a problem with pip.
                        error: metadata-generation-failed

                        × Encountered error while generating package metadata.
                        ╰─> from file:///x/badpkg

                        note: This is an issue with the package mentioned above, not pip.
                        hint: See above for details.
                        """,
                        "pip, Preparing metadata (pyproject.toml): RuntimeError: libpq is needed: pg_config executable not"
                                + " found."),
                Arguments.of(
                        "pip 25.3, run here: a header is missing",
                        """
                          Building wheel for badc (pyproject.toml): finished with status 'error'
                          error: subprocess-exited-with-error

                          × Building wheel for badc (pyproject.toml) did not run successfully.
                          │ exit code: 1
                          ╰─> [12 lines of output]
                              building 'badc' extension
                              x86_64-linux-gnu-gcc -fPIC -I/usr/include/python3.11 -c badc.c -o build/badc.o
                              badc.c:1:10: fatal error: nosuch.h: No such file or directory
                                  1 | #include <nosuch.h>
                                    |          ^~~~~~~~~~
                              compilation terminated.
                              error: command '/usr/bin/x86_64-linux-gnu-gcc' failed with exit code 1
                              [end of output]

                          note: This error originates from a subprocess, and is likely not a problem with pip.
                          ERROR: Failed building wheel for badc
                        Failed to build badc
                        error: failed-wheel-build-for-install

                        × Failed to build installable wheels for some pyproject.toml based projects
                        ╰─> badc
                        """,
                        "pip, Building wheel for badc (pyproject.toml): badc.c:1:10: fatal error: nosuch.h: No such file or"
                                + " directory"),
                Arguments.of(
                        "pip 23.2.1, run here: no network",
                        """
                        WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after connection \
                        broken by 'NewConnectionError('<pip._vendor.urllib3.connection.HTTPSConnection object at 0x7fdb2f6353d0>: \
                        Failed to establish a new connection: [Errno -2] Name or service not known')': /simple/pygments/
                        ERROR: Could not find a version that satisfies the requirement pygments (from versions: none)
                        ERROR: No matching distribution found for pygments
                        """,
                        "pip cannot reach the package index: Failed to establish a new connection: [Errno -2] Name or service"
                                + " not known"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("builds")
    void theLineWithTheReasonIsSaid(String source, String output, String reason) {
        assertThat(failure(output.split("\n"))).isEqualTo("pushing failed: " + reason);
    }

    @Test
    void withoutAWordTheExitCodeCounts() {
        assertThat(failure()).isEqualTo("pushing failed: docker exited with 1");
    }

    private static String failure(String... lines) {
        return DockerErrors.of("pushing", new ProcessResult("docker", 1, "", false, String.join("\n", lines)))
                .getMessage();
    }
}
