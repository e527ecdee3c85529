package io.jenkins.plugins.pymacaron.image.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.NullNode;
import io.jenkins.plugins.pymacaron.FreePorts;
import io.jenkins.plugins.pymacaron.image.Wheel;
import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the real pip of this machine, without an engine and without a network. */
@Timeout(10 * 60)
class VirtualEnvironmentTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final String SECRET = "s3cr3t-value";

    /** Makes a wheel with a file that names the virtual environment (PEP 517). */
    private static final String BACKEND = """
            import os, zipfile


            def build_wheel(directory, config_settings=None, metadata_directory=None):
                name = 'away-1.0-py3-none-any.whl'
                info = 'away-1.0.dist-info/'
                with zipfile.ZipFile(os.path.join(directory, name), 'w') as wheel:
                    wheel.writestr('away.pth', 'ROOT\\n')
                    wheel.writestr(info + 'METADATA', 'Metadata-Version: 2.1\\nName: away\\nVersion: 1.0\\n')
                    wheel.writestr(info + 'WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
                    wheel.writestr(info + 'RECORD', '')
                return name
            """;

    @TempDir
    static Path shared;

    private static AgentPython python;
    private static Path packages;

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final Processes processes = new Processes(new SecretMask(List.of(SECRET)), log::add);

    private Path work;
    private Path requirements;
    private VirtualEnvironment environment;

    /** Makes what a base image has: a virtual environment with pip. */
    @BeforeAll
    static void makeBase() throws Exception {
        String program = System.getenv().getOrDefault("PYM_TEST_PYTHON", "/usr/bin/python3");
        Assumptions.assumeTrue(Files.isExecutable(Path.of(program)), "no Python");
        Processes quiet = new Processes(SecretMask.NONE, line -> {});
        Path made = shared.resolve("made");
        boolean ok = quiet.query(Command.of(program, "-m", "venv", "--copies", made.toString())
                        .within(LONG))
                .ok();
        Assumptions.assumeTrue(ok, "this Python makes no virtual environment (Debian: python3-venv)");
        String version = quiet.query(Command.of(program, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"))
                .output()
                .strip();
        String real = quiet.query(Command.of(
                        program,
                        "-c",
                        "import os, sys; print(os.path.realpath(getattr(sys, '_base_executable', sys.executable)))"))
                .output()
                .strip();
        python = new AgentPython(Path.of(real), version);
        Files.writeString(made.resolve("pip.conf"), "[global]\nretries = 1\n");
        packages = shared.resolve("packages.tar");
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(packages));
                Stream<Path> all = Files.walk(made)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (Path one : (Iterable<Path>) all::iterator) {
                if (Files.isRegularFile(one, LinkOption.NOFOLLOW_LINKS)) {
                    TarArchiveEntry entry = new TarArchiveEntry("pym/virtenv/" + made.relativize(one));
                    entry.setSize(Files.size(one));
                    tar.putArchiveEntry(entry);
                    Files.copy(one, tar);
                    tar.closeArchiveEntry();
                }
            }
        }
    }

    @BeforeEach
    void open(@TempDir Path temporary) throws Exception {
        work = temporary.toRealPath();
        requirements = Files.createDirectory(work.resolve("requirements"));
        environment = VirtualEnvironment.open(
                new BaseContent(
                        null, new BaseFacts(python.version(), true, "glibc 2.36", false, "", Map.of()), packages),
                python,
                processes.withholding(Set.of("HOME_OF_NO_USE")),
                Files.createDirectory(work.resolve("root")));
    }

    private void requiring(String... lines) throws IOException {
        Files.writeString(requirements.resolve("requirements.txt"), String.join("\n", lines) + "\n");
    }

    private LayerFiles install(Duration limit) throws Exception {
        return environment.install(requirements, settings(""), limit);
    }

    /** Returns the settings of a machine with this file for pip. */
    private PipSettings settings(String file) throws IOException {
        Path config = Files.writeString(work.resolve("pip.conf"), file);
        return new PipSettings(Map.of("HOME", work.toString(), "PIP_CONFIG_FILE", config.toString()));
    }

    @Test
    void aFileOfPipLeadsToPackagesButToNoOtherPlaceForThem() throws Exception {
        Wheel.write(work.resolve("wheels"), "pymtest", "1.0", "py3-none-any");
        requiring("pymtest");

        LayerFiles files = environment.install(
                requirements,
                settings("[global]\nno-index = true\nfind-links = /none\n[install]\nfind-links =\n  /nothing\n  "
                        + work.resolve("wheels") + "\ntarget = " + work.resolve("target") + "\n"),
                LONG);

        assertThat(files.paths()).anyMatch(path -> path.endsWith("site-packages/pymtest.py"));
        assertThat(work.resolve("target")).doesNotExist();
    }

    @Test
    void anotherSourceOfPackagesMakesAnotherLayer() throws Exception {
        Wheel.write(work.resolve("one"), "pymtest", "1.0", "py3-none-any");
        Wheel.write(work.resolve("other"), "pymtest", "2.0", "py3-none-any");
        requiring("--no-index", "pymtest");

        String one = layer("one", work.resolve("one"));
        String other = layer("other", work.resolve("other"));

        assertThat(other).isNotEqualTo(one);
        assertThat(log).noneMatch(line -> line.contains("used again"));
        assertThat(layer("again", work.resolve("one"))).isEqualTo(one);
        assertThat(log).anyMatch(line -> line.contains("used again"));
    }

    private String layer(String name, Path links) throws Exception {
        BaseContent base = new BaseContent(
                new BaseManifest("sha256:" + "a".repeat(64), List.of(), NullNode.getInstance()),
                new BaseFacts(python.version(), true, "glibc 2.36", false, "", Map.of()),
                packages);
        return new DependencyLayers(
                        base,
                        python,
                        processes,
                        new PipSettings(Map.of("HOME", work.toString(), "PIP_FIND_LINKS", links.toString())),
                        new LayerCache(work.resolve("cache"), Optional.of("key")),
                        Files.createDirectory(work.resolve("work-" + name)))
                .layer(requirements, Set.of("requirements.txt"), false, LONG, path -> LayerFiles.Directory.NEW)
                .digest();
    }

    /** An editable package, or one that was generated for its place, names that place. */
    @Test
    void aPackageThatLeadsToThisMachineIsRefused() throws Exception {
        Path project = Files.createDirectory(work.resolve("project"));
        Files.writeString(
                project.resolve("pyproject.toml"),
                "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n");
        Files.writeString(
                project.resolve("backend.py"),
                BACKEND.replace("ROOT", work.resolve("root").toString()));
        requiring("--no-index", project.toString());

        assertThatThrownBy(() -> install(LONG))
                .hasMessageMatching(
                        "installing the requirements failed: the installed file /pym/virtenv/lib/python[0-9.]+"
                                + "/site-packages/away.pth leads to a directory of this machine, which is not in the image."
                                + " Require the package in another way, or use builder: docker");
    }

    @Test
    void nothingRequiredChangesNothing() throws Exception {
        requiring("");

        assertThat(install(LONG).paths()).isEmpty();
    }

    @Test
    void anIndexThatHangsEndsAtTheLimitOfTheStage() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            requiring("--index-url http://127.0.0.1:" + silent.getLocalPort() + "/simple", "nosuchpackage");

            assertThatThrownBy(() -> install(Duration.ofSeconds(3)))
                    .hasMessage(
                            "installing the requirements failed: pip ran until the time limit of the stage. Does the"
                                    + " package index answer?");
        }
    }

    @Test
    void aMachineWithoutAnIndexIsToldSo() throws Exception {
        requiring("--index-url http://127.0.0.1:" + FreePorts.next() + "/simple", "nosuchpackage");

        assertThatThrownBy(() -> install(LONG))
                .hasMessageStartingWith("installing the requirements failed: pip cannot reach the package index: ")
                .hasMessageContaining("Connection refused")
                .message()
                .doesNotContain("\n");
    }

    /** pip reads the lines; no shell does. */
    @Test
    void hostileNamesAreNamesOfPackages() throws Exception {
        Path touched = work.resolve("touched");
        for (String line :
                List.of("$(touch " + touched + ")", "name; touch " + touched, "\u001b[31mname\u001b]0;title\u0007")) {
            requiring("--no-index", line);

            assertThatThrownBy(() -> install(LONG), line)
                    .hasMessageStartingWith("installing the requirements failed: ")
                    .message()
                    .doesNotContain("\n", "\u001b", "\u0007");
        }
        assertThat(touched).doesNotExist();
    }

    /** pip replaces ${NAME} in requirements by variables of its environment (pip, "Using environment variables"). */
    @Test
    void aSecretOfTheRunIsMaskedInWhatPipSays() throws Exception {
        requiring("--no-index", "nosuch" + SECRET);

        assertThatThrownBy(() -> install(LONG)).hasMessageNotContaining(SECRET);
        assertThat(String.join("\n", log)).contains("nosuch").doesNotContain(SECRET);
    }

    @Test
    void aFileOfRequirementsIsNotTheProgram() throws Exception {
        Files.writeString(requirements.resolve("pym-dependencies.py"), "nosuchpackage\n");
        requiring("--no-index", "-r pym-dependencies.py");

        assertThatThrownBy(() -> install(LONG))
                .hasMessageContaining("No matching distribution found for nosuchpackage");
    }
}
