package io.jenkins.plugins.pymacaron.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.process.ProcessResult;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Ends of outputs of failed builds, with their sources. "Run here" is an engine of 20.10.24 with its own client, and
 * with a client of 28.2.2, which has no buildx and so builds in the old way.
 */
class BuildOutputsTest {
    static Stream<Arguments> outputs() {
        return Stream.of(
                Arguments.of(
                        "docker 20.10.24, BuildKit, run here: apt-get",
                        """
                        #5 [2/2] RUN apt-get install -y nosuchpackage
                        #5 sha256:f8c2da2d7e3a0d29e1a59d6beb3e5cb8a8194808dc934f7cf22ff52d0e52107a
                        #5 0.085 Reading package lists...
                        #5 0.098 Building dependency tree...
                        #5 0.099 E: Unable to locate package nosuchpackage
                        #5 ERROR: executor failed running [/bin/sh -c apt-get install -y nosuchpackage]: exit code: 100
                        ------
                         > [2/2] RUN apt-get install -y nosuchpackage:
                        ------
                        executor failed running [/bin/sh -c apt-get install -y nosuchpackage]: exit code: 100
                        """,
                        "E: Unable to locate package nosuchpackage"),
                Arguments.of(
                        "docker 20.10.24, BuildKit, run here: a file that is not there",
                        """
                        #6 [2/2] COPY nosuch /x
                        #6 sha256:9c437b653a86cc1c233af0bc8719fa59c5a72eaf6b4afa61ee881fb183ccb2a2
                        #6 ERROR: "/nosuch" not found: not found
                        ------
                         > [2/2] COPY nosuch /x:
                        ------
                        failed to compute cache key: "/nosuch" not found: not found
                        """,
                        "\"/nosuch\" not found: not found"),
                Arguments.of(
                        "docker 20.10.24, BuildKit, run here: no registry",
                        """
                        #3 [internal] load metadata for 127.0.0.1:1/nosuch:1
                        #3 ERROR: failed to do request: Head "http://127.0.0.1:1/v2/nosuch/manifests/1": dial tcp 127.0.0.1:1: connect: connection refused
                        ------
                         > [internal] load metadata for 127.0.0.1:1/nosuch:1:
                        ------
                        failed to solve with frontend dockerfile.v0: failed to create LLB definition: failed to do request: Head "http://127.0.0.1:1/v2/nosuch/manifests/1": dial tcp 127.0.0.1:1: connect: connection refused
                        """,
                        "failed to do request: Head \"http://127.0.0.1:1/v2/nosuch/manifests/1\": dial tcp 127.0.0.1:1:"
                                + " connect: connection refused"),
                Arguments.of(
                        "docker 20.10.24, BuildKit, run here: no such instruction",
                        """
                        #2 transferring context: 2B done
                        #2 DONE 0.0s
                        failed to solve with frontend dockerfile.v0: failed to create LLB definition: dockerfile parse error line 2: unknown instruction: RUNN
                        """,
                        "failed to solve with frontend dockerfile.v0: failed to create LLB definition: dockerfile parse error"
                                + " line 2: unknown instruction: RUNN"),
                Arguments.of(
                        "docker 20.10.24, BuildKit, run here: a program of Python",
                        """
                        #5 0.100 Traceback (most recent call last):
                        #5 0.100   File "<string>", line 1, in <module>
                        #5 0.100 ModuleNotFoundError: No module named 'nosuch'
                        #5 ERROR: executor failed running [/bin/sh -c python3 -c 'import nosuch']: exit code: 1
                        ------
                         > [2/2] RUN python3 -c 'import nosuch':
                        ------
                        executor failed running [/bin/sh -c python3 -c 'import nosuch']: exit code: 1
                        """,
                        "ModuleNotFoundError: No module named 'nosuch'"),
                Arguments.of(
                        "docker 20.10.24, BuildKit, run here: a program that is not there",
                        """
                        #7 0.208 /bin/sh: 1: pip: not found
                        #7 ERROR: executor failed running [/bin/sh -c pip install /x/badpkg]: exit code: 127
                        ------
                         > [3/3] RUN pip install /x/badpkg:
                        ------
                        executor failed running [/bin/sh -c pip install /x/badpkg]: exit code: 127
                        """,
                        "/bin/sh: 1: pip: not found"),
                Arguments.of(
                        "docker 28.2.2, legacy builder, run here: apt-get",
                        """
                        Step 2/2 : RUN apt-get install -y nosuchpackage
                         ---> Running in a6f16038d366
                        Reading package lists...
                        Building dependency tree...
                        E: Unable to locate package nosuchpackage
                        The command '/bin/sh -c apt-get install -y nosuchpackage' returned a non-zero code: 100
                        """,
                        "E: Unable to locate package nosuchpackage"),
                Arguments.of(
                        "docker 28.2.2, legacy builder, run here: a step without a word",
                        """
                        DEPRECATED: The legacy builder is deprecated and will be removed in a future release.
                                    BuildKit is currently disabled; enable it by removing the DOCKER_BUILDKIT=0
                                    environment-variable.

                        Sending build context to Docker daemon  30.21kB
                        Step 2/2 : RUN false
                         ---> Running in 5215e95889c2
                        The command '/bin/sh -c false' returned a non-zero code: 1
                        """,
                        "The command '/bin/sh -c false' returned a non-zero code: 1"),
                Arguments.of(
                        "docker 28.2.2, legacy builder, run here: no registry",
                        """
                        Sending build context to Docker daemon  30.72kB
                        Step 1/1 : FROM 127.0.0.1:1/nosuch:1
                        Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused
                        """,
                        "Get \"http://127.0.0.1:1/v2/\": dial tcp 127.0.0.1:1: connect: connection refused"),
                Arguments.of(
                        "buildx of early 2024, github.com/ukwa/docker-pdf2htmlex/issues/2",
                        """
                        Dockerfile:10
                        --------------------
                           9 |     # update debian source list
                          10 | >>> RUN \\
                          11 | >>>     apt-get -qqy update
                          15 |
                        --------------------
                        ERROR: failed to solve: process "/bin/sh -c apt-get -qqy update" did not complete successfully: exit code: 100
                        """,
                        "ERROR: failed to solve: process \"/bin/sh -c apt-get -qqy update\" did not complete successfully:"
                                + " exit code: 100"),
                Arguments.of(
                        "docker of late 2023 and pip, github.com/Linus2punkt0/bluesky-crossposter/issues/32",
                        """
                        > [3/5] RUN pip install --no-cache-dir -r requirements.txt:
                        #0 3.889 ERROR: Ignored the following versions that require a different python version: 0.0.28 Requires-Python >=3.7.1,<3.12; 0.0.29 Requires-Python >=3.7.1,<3.12; 0.0.6 Requires-Python >=3.7,<3.12
                        #0 3.889 ERROR: Could not find a version that satisfies the requirement atproto==0.0.29 (from versions: 0.0.1, 0.0.2, 0.0.3, 0.0.4, 0.0.5)
                        #0 3.890 ERROR: No matching distribution found for atproto==0.0.29
                        """,
                        "No matching distribution found for atproto==0.0.29, which requires Python >=3.7.1,<3.12"),
                Arguments.of(
                        "BuildKit of early 2024 and pip, github.com/Pithus/bazaar/issues/147",
                        """
                        48.61 ERROR: Ignored the following versions that require a different python version: 4.0.2 Requires-Python >=3.9,<4.0; 5.0 Requires-Python >=3.10
                        48.61 ERROR: Could not find a version that satisfies the requirement dexofuzzy==1.7.1 (from versions: 2.0.0)
                        48.61 ERROR: No matching distribution found for dexofuzzy==1.7.1
                        ------
                        failed to solve: process "/bin/sh -c pip install -r /requirements/local.txt" did not complete successfully: exit code: 1
                        """,
                        "No matching distribution found for dexofuzzy==1.7.1; other versions require a different Python"),
                Arguments.of(
                        "legacy builder and pip 24.0, github.com/osmose-qa/osmose-backend/issues/2287",
                        """
                        ERROR: Ignored the following yanked versions: 0.1.0, 0.1.1, 0.1.2, 0.1.3
                        ERROR: Could not find a version that satisfies the requirement types-pkg_resources (from versions: none)
                        ERROR: No matching distribution found for types-pkg_resources

                        [notice] A new release of pip is available: 24.0 -> 24.2
                        [notice] To update, run: pip install --upgrade pip
                        ERROR: Service 'backend' failed to build : The command '/bin/sh -c pip install' returned a non-zero code: 1
                        """,
                        "No matching distribution found for types-pkg_resources"),
                Arguments.of(
                        "pip of August 2024, github.com/rhasspy/piper/issues/509",
                        """
                        ERROR: Cannot install piper-tts==1.1.0 and piper-tts==1.2.0 because these package versions have conflicting dependencies.

                        The conflict is caused by:
                            piper-tts 1.2.0 depends on piper-phonemize~=1.1.0
                            piper-tts 1.1.0 depends on piper-phonemize~=1.0.0

                        To fix this you could try to:
                        1. loosen the range of package versions you've specified
                        2. remove package versions to allow pip to attempt to solve the dependency conflict

                        ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/
                        """,
                        "Cannot install piper-tts==1.1.0 and piper-tts==1.2.0 because these package versions have"
                                + " conflicting dependencies."),
                Arguments.of(
                        "BuildKit within the engine, github.com/dolevf/"
                                + "Damn-Vulnerable-GraphQL-Application/issues/27",
                        """
                        #9 7.312 × pip subprocess to install build dependencies did not run successfully.
                        #9 7.312 │ exit code: 1
                        #9 7.312 ╰─> See above for output.
                        #9 7.312
                        #9 7.312 note: This error originates from a subprocess, and is likely not a problem with pip.
                        ------
                        executor failed running [/bin/sh -c pip install -r requirements.txt]: exit code: 1
                        """,
                        "pip: pip subprocess to install build dependencies did not run successfully"),
                Arguments.of(
                        "pip of January 2026, github.com/ShenhanQian/GaussianAvatars/issues/124",
                        """
                          note: This error originates from a subprocess, and is likely not a problem with pip.
                          ERROR: Failed building wheel for simple_knn
                        Failed to build nvdiffrast diff_gaussian_rasterization simple_knn
                        error: failed-wheel-build-for-install

                        × Failed to build installable wheels for some pyproject.toml based projects
                        ╰─> nvdiffrast, diff_gaussian_rasterization, simple_knn
                        """,
                        "pip: Failed to build installable wheels for some pyproject.toml based projects: nvdiffrast,"
                                + " diff_gaussian_rasterization, simple_knn"),
                Arguments.of(
                        "pip of August 2024, github.com/pypa/packaging-problems/issues/782",
                        """
                        note: This error originates from a subprocess, and is likely not a problem with pip.
                        error: subprocess-exited-with-error
                        × Getting requirements to build wheel did not run successfully.
                        │ exit code: 1
                        ╰─> See above for output.
                        """,
                        "pip: Getting requirements to build wheel did not run successfully"),
                Arguments.of(
                        "legacy builder and pip 20.0, github.com/meolu/walle-web/issues/1149",
                        """
                        ERROR: Package 'gunicorn' requires a different Python: 2.7.18 not in '>=3.4'
                        WARNING: You are using pip version 20.0.2; however, version 20.3.3 is available.
                        The command '/bin/sh -c pip install -r /usr/app/prod.txt' returned a non-zero code: 1
                        """,
                        "Package 'gunicorn' requires a different Python: 2.7.18 not in '>=3.4'"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outputs")
    void theLineWithTheReasonIsSaid(String source, String output, String reason) {
        ProcessResult finished = new ProcessResult("docker", 1, "", false, output.stripTrailing());
        assertThat(DockerErrors.of("building", finished)).hasMessage("building failed: " + reason);
    }
}
