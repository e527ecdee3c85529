package io.jenkins.plugins.pymacaron.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.FreePorts;
import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.docker.ImageFacts;
import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import io.jenkins.plugins.pymacaron.image.BuiltImage.Origin;
import io.jenkins.plugins.pymacaron.image.layers.BaseManifest;
import io.jenkins.plugins.pymacaron.image.layers.PipSettings;
import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Builds without an engine into a real registry, and looks at the images with a real engine. */
@Timeout(20 * 60)
@NeedsEngine
class LayeredBuildTest {
    private static final String PLATFORM = ImageSpec.DEFAULT_PLATFORM;

    /** Its base image is read once for all tests. Requirements name the directory of their test. */
    @TempDir
    static Path caches;

    private final String name = RealDocker.unique("layers");
    private final List<String> log = RealDocker.log();
    private final Processes processes = new Processes(SecretMask.NONE, log::add);
    /** Names no program, so a call of docker fails. */
    private final Docker noDocker = new Docker(processes, Optional.empty(), "/nonexistent/docker");

    private Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private String registry;
    private String base;
    private Path temporary;
    private Repository repository;

    @BeforeEach
    void makeService(@TempDir Path directory) throws Exception {
        registry = RealDocker.variable("PYM_TEST_REGISTRY");
        base = RealDocker.variable("PYM_TEST_BASE_PUSHED");
        temporary = directory.toRealPath();
        repository = Repository.service(temporary.resolve("w"))
                .write("content", name)
                .commit("unlike all others");
    }

    @AfterEach
    void removeImages() throws Exception {
        Docker docker = RealDocker.docker(log);
        for (ImageFacts image : docker.images().labelled(Map.of(ImageLabels.NAME, name))) {
            for (String tag : image.tags()) {
                docker.images().remove(tag);
            }
            for (String digest : image.digests()) {
                docker.images().remove(digest);
            }
        }
    }

    private ImageSpec spec() {
        return ImageSpec.of(name, registry + "/test/" + name, Optional.of(base)).byLayers(true);
    }

    private ImageBuilder builder(Docker docker, String cache) {
        return new ImageBuilder(docker, Clock.fixed(now, ZoneOffset.UTC), Optional.of("a key"))
                .with(new LayerTools(processes, Optional.empty(), new PipSettings(Map.of()), caches.resolve(cache)));
    }

    private BuiltImage build(String cache, ImageSpec spec) throws Exception {
        try (SourceTree source = SourceTree.ofWorkingCopy(processes, repository.path())) {
            return builder(noDocker, cache).build(source, spec, true);
        }
    }

    private List<Problem> problems(ImageSpec spec) throws Exception {
        try (SourceTree source = SourceTree.ofWorkingCopy(processes, repository.path())) {
            return builder(noDocker, "cache").problems(source, spec);
        }
    }

    private List<BaseManifest.Layer> layers(BuiltImage image) throws Exception {
        return new Registry(noDocker)
                .read(image.repository(), image.digest().orElseThrow(), PLATFORM)
                .layers();
    }

    /** Runs a line of sh in the image. */
    private String inImage(BuiltImage image, String line) throws Exception {
        return RealDocker.docker(log)
                .processes()
                .query(Command.of(
                                "docker",
                                "run",
                                "--rm",
                                "--network=host",
                                "--entrypoint=sh",
                                image.reference(),
                                "-c",
                                line)
                        .within(Duration.ofMinutes(5)))
                .orThrow("docker run")
                .output()
                .strip();
    }

    private Repository requiring(String... packages) throws Exception {
        return repository
                .write(
                        "requirements.txt",
                        "--no-index\n--find-links " + temporary.resolve("wheels") + "\n" + String.join("\n", packages)
                                + "\n")
                .commit("requirements");
    }

    @Test
    void theSameContentHasTheSameDigestAndEveryPartOfIt() throws Exception {
        Wheel.write(temporary.resolve("wheels"), "pymtest", "1.0", "py3-none-any");
        repository.link("linked", "content").write("run.sh", "#!/bin/sh\n");
        repository.path().resolve("run.sh").toFile().setExecutable(true);
        requiring("flask", "pymtest");

        BuiltImage first = build("cache-1", spec());
        BuiltImage again = build("cache-2", spec());

        assertThat(again.digest()).isEqualTo(first.digest());
        assertThat(first.origin()).isEqualTo(Origin.BUILT);
        assertThat(first.id()).isEmpty();
        assertThat(inImage(
                        first,
                        "/pym/virtenv/bin/pymtest-run && head -1 /pym/virtenv/bin/pymtest-run"
                                + " && stat -c '%n %U %a %F' /pym /pym/run.sh /pym/content /pym/linked /pym/VERSION /var/log"
                                + " && id -un && pwd && readlink /pym/linked && cat /pym/VERSION && test ! -e /pym/testaccept"
                                + " && ls /pym/virtenv/lib/python3*/site-packages/__pycache__/pymtest.*.pyc | wc -l"))
                .isEqualTo(String.join(
                        "\n",
                        "pymtest 1.0",
                        "#!/pym/virtenv/bin/python",
                        "/pym pym 755 directory",
                        "/pym/run.sh pym 755 regular file",
                        "/pym/content pym 644 regular file",
                        "/pym/linked pym 777 symbolic link",
                        "/pym/VERSION root 644 regular file",
                        "/var/log pym 755 directory",
                        "pym",
                        "/pym",
                        "content",
                        first.version() + "1"));
        now = now.plusSeconds(3600);
        BuiltImage later = build("cache-1", spec());
        assertThat(later.version()).isNotEqualTo(first.version());
        assertThat(layers(later).subList(0, layers(later).size() - 1))
                .isEqualTo(layers(first).subList(0, layers(first).size() - 1));
    }

    @Test
    void anImageServesAndIsFoundAgainByItsTagsAlone() throws Exception {
        BuiltImage image = build("cache", spec());
        Registry asked = new Registry(noDocker);
        assertThat(asked.look(image.repository(), image.contentTag()).absent())
                .as("no tag before it is accepted")
                .isTrue();

        builder(noDocker, "cache").publish(image, spec());

        assertThat(asked.look(image.repository(), image.version()).digest()).isEqualTo(image.digest());
        BuiltImage found = build("cache", spec());
        assertThat(found.origin()).isEqualTo(Origin.REGISTRY);
        assertThat(found.digest()).isEqualTo(image.digest());
        BuiltImage fetched = builder(RealDocker.docker(log), "cache").fetch(image, spec());
        assertThat(fetched.id()).isPresent();
        assertThat(fetched.digest()).isEqualTo(image.digest());
        int port = FreePorts.next();
        assertThat(inImage(
                        fetched,
                        "PORT=" + port + " /usr/local/bin/pym-start >/tmp/log 2>&1 & for i in $(seq 600); do "
                                + "/pym/virtenv/bin/python -c \"import urllib.request as r; print(r.urlopen("
                                + "'http://127.0.0.1:" + port + "/version').read().decode())\" 2>/dev/null && exit;"
                                + " sleep 0.1; done; cat /tmp/log; exit 1"))
                .contains(image.version());
    }

    @Test
    void aChangedLineSendsTheLastLayerOnly() throws Exception {
        Wheel.write(temporary.resolve("wheels"), "pymtest", "1.0", "py3-none-any");
        requiring("pymtest");
        try (FlakyProxy proxy = new FlakyProxy(registry, 0)) {
            ImageSpec spec = ImageSpec.of(name, proxy.registry() + "/test/" + name, Optional.of(base))
                    .byLayers(true);
            BuiltImage first = build("cache", spec);
            long cold = proxy.sent();
            repository.write("content", "another line").commit("change");

            BuiltImage changed = build("cache", spec);

            long sent = proxy.sent() - cold;
            List<BaseManifest.Layer> layers = layers(changed);
            BaseManifest.Layer last = layers.get(layers.size() - 1);
            assertThat(layers.subList(0, layers.size() - 1))
                    .isEqualTo(layers(first).subList(0, layers.size() - 1));
            assertThat(layers(first)).doesNotContain(last);
            // Beside it go the configuration, the manifest and the heads of a few requests.
            assertThat(sent).isBetween(last.size(), last.size() + 50_000);
            assertThat(log).contains("The requirements have not changed: their layer is used again");
        }
    }

    @Test
    void aPackageOfTheBaseIsReplacedAsInAContainer() throws Exception {
        Wheel.write(temporary.resolve("wheels"), "setuptools", "999", "py3-none-any");
        requiring("setuptools==999");

        BuiltImage image = build("cache", spec());

        assertThat(inImage(
                        image,
                        "/pym/virtenv/bin/setuptools-run; cd /pym/virtenv/lib/python3*/site-packages;"
                                + " ls -d setuptools*; /pym/virtenv/bin/pip check"))
                .isEqualTo("setuptools 999\nsetuptools-999.dist-info\nsetuptools.py\nNo broken requirements found.");
    }

    @Test
    void aWheelThatWasCompiledHereIsRefused() throws Exception {
        Wheel.write(temporary.resolve("wheels"), "pymtest", "1.0", "py3-none-linux_x86_64");
        requiring("pymtest");

        assertThatThrownBy(() -> build("cache", spec()))
                .hasMessage("installing the requirements failed: pymtest 1.0 has no wheel for the base image, and"
                        + " builder: layers compiles nothing. Require a version that has one, or use builder: docker");
    }

    @Test
    void theReasonIsThatOfPip() throws Exception {
        Files.createDirectories(temporary.resolve("wheels"));
        requiring("nosuchpackage==1");

        assertThatThrownBy(() -> build("cache", spec()))
                .hasMessageContaining("No matching distribution found for nosuchpackage==1");
    }

    @Test
    void anotherPythonIsRefusedByOneLine() throws Exception {
        String other = registry + "/test/" + name + "-base:1";
        Docker docker = RealDocker.docker(log);
        docker.processes()
                .run(Command.of("docker", "build", "--quiet", "--network=host", "--tag", other, "-")
                        .feeding(("FROM " + RealDocker.base() + "\nLABEL " + ImageLabels.NAME + "=" + name
                                        + "\nRUN sed -i 's/^version.*/version = 3.1.4/' /pym/virtenv/pyvenv.cfg\n")
                                .getBytes(StandardCharsets.UTF_8))
                        .with("DOCKER_BUILDKIT", "0"))
                .orThrow("docker build");
        docker.images().push(other, Duration.ofMinutes(5));

        List<Problem> found = problems(ImageSpec.of(name, registry + "/test/" + name, Optional.of(other))
                .byLayers(true));

        assertThat(found).hasSize(1);
        assertThat(found.get(0).toString())
                .startsWith("builder: error: the base image " + other + " has Python 3.1 and glibc 2.")
                .contains("for linux/amd64, and this machine has Python 3.")
                .contains("Install such a Python")
                .doesNotContain("\n");
    }

    @Test
    void anotherPlatformAndAMissingBaseAreRefused() throws Exception {
        assertThat(problems(spec().on("linux/arm64")).toString())
                .contains("the base image " + base + " cannot be used: it is for linux/amd64, not for linux/arm64");
        assertThat(problems(ImageSpec.of(name, "test/" + name, Optional.of(registry + "/none:1"))
                                .byLayers(true))
                        .toString())
                .contains("docker_base: builder: layers needs " + registry + "/none:1 in its registry")
                .doesNotContain("Install such a Python");
        assertThat(problems(spec())).isEmpty();
    }

    @Test
    void stepsThatNeedAContainerAreRefused() throws Exception {
        repository
                .write("Dockerfile.extra", "RUN true\n")
                .write("requirements.txt", "./lib\n-r more.txt\n-e git+https://example.org/a.git\n")
                .write("elsewhere.txt", "flask\n")
                .link("more.txt", "elsewhere.txt")
                .commit("too much");

        assertThat(problems(spec().async(true)))
                .extracting(Problem::toString)
                .containsExactly(
                        "Dockerfile.extra: error: builder: layers runs no instructions of a Dockerfile. Use builder: docker, or"
                                + " give the base image what it adds.",
                        "with_async: error: builder: layers cannot check whether the image has redis-server and git. Use"
                                + " builder: docker.",
                        "requirements.txt: error: builder: layers installs no directory or file of the project. Use builder:"
                                + " docker, or require packages by name only.",
                        "requirements.txt: error: builder: layers installs nothing in editable mode (-e), since the image"
                                + " would have a link to a directory of this machine. Use builder: docker, or remove"
                                + " -e.",
                        "more.txt: error: builder: layers follows no link to requirements. Use builder: docker.");
        assertThatThrownBy(() -> build("cache", spec())).isInstanceOf(SourceException.class);
    }

    @Test
    void aLinkThatLeadsOutIsKeptButNotFollowed() throws Exception {
        repository.link("away", "/etc/hostname").commit("link");
        assertThat(inImage(build("cache", spec()), "readlink /pym/away")).isEqualTo("/etc/hostname");
        repository.write("apis/hello.yaml", "swagger: '2.0'\n").commit("apis");

        assertThatThrownBy(() -> build("cache", spec()))
                .hasMessage(
                        "away is a link that leads out of the service's directory, and builder: layers generates the"
                                + " code of apis/ on this machine. Remove the link, or use builder: docker.");
    }

    @Test
    void aPushThatBreaksOffIsTriedAgain() throws Exception {
        try (FlakyProxy proxy = new FlakyProxy(registry, 2)) {
            BuiltImage image = build(
                    "cache",
                    ImageSpec.of(name, proxy.registry() + "/test/" + name, Optional.of(base))
                            .byLayers(true));

            assertThat(proxy.left()).isZero();
            assertThat(layers(image)).isNotEmpty();
        }
    }

    @Test
    void aRegistryThatIsDownIsOneLine() throws Exception {
        String down = "127.0.0.1:" + FreePorts.next();
        try (SourceTree source = SourceTree.ofWorkingCopy(processes, repository.path())) {
            assertThatThrownBy(() -> builder(noDocker, "cache")
                            .build(
                                    source,
                                    ImageSpec.of(name, down + "/test/" + name, Optional.of(base))
                                            .byLayers(true),
                                    false))
                    .hasMessageStartingWith("the registry " + down + " cannot be asked: ")
                    .message()
                    .doesNotContain("\n");
        }
    }
}
