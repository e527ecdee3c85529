package io.jenkins.plugins.pymacaron.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.FreePorts;
import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.docker.ContainerSpec;
import io.jenkins.plugins.pymacaron.docker.Containers;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.docker.ImageFacts;
import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import io.jenkins.plugins.pymacaron.image.BuiltImage.Origin;
import io.jenkins.plugins.pymacaron.process.CommandFailedException;
import io.jenkins.plugins.pymacaron.process.ProcessResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Builds with the real engine, by each client of this machine. */
@Timeout(20 * 60)
@NeedsEngine
class ImageBuilderTest {
    private final String name = RealDocker.unique("hello");
    private final List<String> log = RealDocker.log();
    private Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private Repository repository;

    @BeforeEach
    void makeService(@TempDir Path temporary) throws Exception {
        RealDocker.base();
        repository = Repository.service(temporary.toRealPath().resolve("w"));
    }

    @AfterEach
    void removeImages() throws Exception {
        Docker docker = RealDocker.docker(log);
        for (ImageFacts image : docker.images().labelled(Map.of(ImageLabels.NAME, name))) {
            for (String tag : image.tags()) {
                docker.images().remove(tag);
            }
            if (image.tags().isEmpty() && image.digests().isEmpty()) {
                docker.images().remove(image.id());
            }
        }
    }

    private ImageSpec spec() {
        return ImageSpec.of(name, "test/" + name, Optional.of(RealDocker.base()));
    }

    private Optional<String> key = Optional.of("a key of ours");

    private BuiltImage build(Docker docker, ImageSpec spec) throws Exception {
        log.clear();
        now = now.plusSeconds(60);
        try (SourceTree source = SourceTree.ofWorkingCopy(docker.processes(), repository.path())) {
            return new ImageBuilder(docker, Clock.fixed(now, ZoneOffset.UTC), key).build(source, spec, false);
        }
    }

    private ProcessResult in(Docker docker, BuiltImage image, String script) throws Exception {
        return docker.containers()
                .once(
                        ContainerSpec.of(image.reference()).onHostNetwork().running(List.of("sh", "-c", script)),
                        Duration.ofSeconds(60));
    }

    @ParameterizedTest
    @MethodSource("io.jenkins.plugins.pymacaron.docker.RealDocker#clients")
    void builtOnceReusedAndLayersKept(String client) throws Exception {
        // No layer of another test has these requirements, so that the packages are installed here, and said.
        repository
                .write("requirements.txt", "flask\n# " + RealDocker.unique("of"))
                .commit("requirements");
        Docker docker = RealDocker.docker(log, client);
        BuiltImage first = build(docker, spec());
        assertThat(first.origin()).isEqualTo(Origin.BUILT);
        assertThat(first.version())
                .isEqualTo("260102-0305-2-" + repository.head().substring(0, 6));
        assertThat(first.contentTag()).startsWith("src-");
        assertThat(log)
                .as("the log names Python and the packages")
                .anyMatch(line -> line.matches(".*Python 3\\.\\d+.*"))
                .anyMatch(line -> line.matches("(.* )?gunicorn==\\d.*"));
        ImageFacts facts = docker.images().inspect(first.versionTag()).orElseThrow();
        assertThat(facts.tags()).contains(first.contentReference());
        assertThat(facts.label(ImageLabels.COMMIT)).isEqualTo(repository.head());
        assertThat(facts.label("org.opencontainers.image.created")).isEqualTo("2026-01-02T03:05:05Z");
        assertThat(facts.label("org.opencontainers.image.base.name")).isEqualTo(RealDocker.base());
        assertThat(first.baseDigest()).startsWith("sha256:");
        assertThat(in(docker, first, "id -u; cat VERSION; echo; ls; touch /var/log/x written; pip --version >&2")
                        .output())
                .isEqualTo("10001\n" + first.version() + "\nVERSION\nrequirements.txt\nserver.py\nvirtenv\n");

        repository.write("test/test_a.py", "changed").commit("only a test");
        BuiltImage again = build(docker, spec());
        assertThat(again.origin()).isEqualTo(Origin.LOCAL);
        assertThat(again.id()).isEqualTo(first.id());
        assertThat(again.version()).isEqualTo(first.version());
        assertThat(again.commit()).isEqualTo(first.commit()).isNotEqualTo(repository.head());

        repository.write("more.py", "").commit("a change");
        BuiltImage changed = build(docker, spec());
        assertThat(changed.origin()).isEqualTo(Origin.BUILT);
        assertThat(log).noneMatch(line -> line.contains("Requirement already satisfied"));

        assertThat(build(docker, spec().forced(true)).origin()).isEqualTo(Origin.BUILT);
        assertThat(log).anyMatch(line -> line.contains("Requirement already satisfied"));
    }

    @ParameterizedTest
    @MethodSource("io.jenkins.plugins.pymacaron.docker.RealDocker#clients")
    void aFailureNamesItsCause(String client) throws Exception {
        Docker docker = RealDocker.docker(log, client);
        repository
                .write("Dockerfile.extra", "RUN echo one; echo 'ERROR: it is so' >&2; exit 3\n")
                .commit("extra");

        assertThatThrownBy(() -> build(docker, spec()))
                .isInstanceOf(CommandFailedException.class)
                .hasMessage("building the image failed: it is so");
        assertThat(docker.images().labelled(Map.of(ImageLabels.NAME, name))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("io.jenkins.plugins.pymacaron.docker.RealDocker#clients")
    void aMissingPartOfTheImageIsReportedBefore(String client) throws Exception {
        Docker docker = RealDocker.docker(log, client);
        repository.git("rm", "--quiet", "server.py", "requirements.txt");
        repository.commit("nothing left");
        try (SourceTree source = SourceTree.ofWorkingCopy(docker.processes(), repository.path())) {
            assertThat(ImageBuilder.problems(source))
                    .extracting(Problem::file)
                    .containsExactly("server.py", "requirements.txt");
        }
        assertThatThrownBy(() -> build(docker, spec()))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("server.py: error: there is no such file in the commit");
    }

    @Test
    void aBaseThatIsNoneIsSaid() {
        Docker docker = RealDocker.docker(log);
        String registry = RealDocker.variable("PYM_TEST_REGISTRY");

        assertThatThrownBy(() -> build(docker, ImageSpec.of(name, "test/" + name, Optional.of(registry + "/none:1"))))
                .hasMessageContaining("there is no image " + registry + "/none:1, neither in the engine");
        assertThatThrownBy(() -> build(docker, ImageSpec.of(name, "test/" + name, Optional.of("-x y"))))
                .hasMessageContaining("'-x y' is no name of an image");
        String away = "127.0.0.1:1/none:1";
        assertThatThrownBy(() -> build(docker, ImageSpec.of(name, "test/" + name, Optional.of(away))))
                .hasMessageStartingWith("docker_base " + away + " is not available: pulling " + away + " failed");
    }

    @Test
    void aBaseOfARegistryIsPinnedByItsDigest() throws Exception {
        Docker docker = RealDocker.docker(log);
        String base = RealDocker.variable("PYM_TEST_BASE_PUSHED");

        BuiltImage image = build(docker, ImageSpec.of(name, "test/" + name, Optional.of(base)));

        assertThat(log)
                .anyMatch(line -> line.contains("FROM " + base.replaceFirst(":[^:/]*$", "") + "@sha256:")
                        || line.contains("FROM") && line.contains("@" + image.baseDigest()));
        assertThat(image.baseDigest())
                .isEqualTo(new Registry(docker)
                        .look(base.replaceFirst(":[^:/]*$", ""), base.replaceFirst(".*:", ""))
                        .digest()
                        .orElseThrow());
    }

    /**
     * The library's own behaviour in these two functions is shown with the library itself, by the example that uses it.
     */
    @Test
    void codeOfApisIsThatOfTheirYamlAndMayNotBeWrittenTo() throws Exception {
        Docker docker = RealDocker.docker(log);
        repository
                .write("pymacaron/__init__.py", "")
                .write("yaml.py", """
                        import json
                        FullLoader, YAMLError, safe_load = None, ValueError, json.load
                        def load(file, Loader):
                            return json.load(file)
                        """)
                .write("pymacaron/ping.yaml", "{\"swagger\": \"2.0\", \"paths\": [\"ping\"]}")
                .write("pymacaron/apiloader.py", """
                        def generate_models_v2(swagger, path, name):
                            open(path, 'w').write('%s = %r' % (name, swagger['paths']))
                        def generate_endpoints_v2(swagger, path, models, name):
                            assert name != 'client', 'no x-bind-server'
                            open(path, 'w').write('app')
                        """)
                .write("apis/shop.yaml", "{\"swagger\": \"2.0\", \"paths\": [\"new\"]}")
                .write("apis/shop_models.py", "# This is an auto-generated file\nold")
                .write("apis/client.yaml", "{\"swagger\": \"2.0\", \"paths\": []}")
                .write("apis/other.yaml", "{\"just\": \"data\"}")
                .write("calls/bank.yaml", "{\"swagger\": \"2.0\", \"paths\": [\"pay\"]}")
                .write("calls/bank_models.py", "# This is an auto-generated file\nold")
                .commit("apis");

        BuiltImage image = build(docker, spec());

        ProcessResult found = in(
                docker,
                image,
                "cd /pym; ls apis calls; head -n 3 apis/*_models.py calls/*.py; cat apis/client_app.py;"
                        + " (echo x > apis/shop_models.py) 2>&1 | grep -o 'Permission denied'");
        assertThat(found.output())
                .contains("shop = ['new']", "ping = ['ping']", "bank = ['pay']", "shop_app.py", "ping_app.py")
                .contains("apis/client.yaml: AssertionError: no x-bind-server", "Permission denied")
                .doesNotContain("old", "other_models.py", "bank_app.py");
    }

    @Test
    void tasksWithoutRedisAreAnErrorOfTheBuildAndNotOfEachTask() throws Exception {
        Docker docker = RealDocker.docker(log);
        repository
                .write(
                        "Dockerfile.extra",
                        "RUN cp /bin/true /usr/local/bin/pymasync && rm -f /usr/bin/redis-server /usr/bin/git\n")
                .commit("async");
        assertThatThrownBy(() -> build(docker, spec().async(true)))
                .hasMessageContaining("with_async needs the programs redis-server and git in the image");
    }

    @Test
    void modulesThatTheTestsImportAreMadeOfTheYamlToo() throws Exception {
        repository
                .write("apis/shop.yaml", "a")
                .write("apis/shop_models.py", "b")
                .write("apis/own_models.py", "c");
        repository.commit("apis");
        try (SourceTree source = SourceTree.ofWorkingCopy(RealDocker.docker(log).processes(), repository.path())) {
            Path apis = source.directory().resolve("apis");
            assertThat(Files.getLastModifiedTime(apis.resolve("shop_models.py")))
                    .isLessThan(Files.getLastModifiedTime(apis.resolve("shop.yaml")));
            assertThat(Files.getLastModifiedTime(apis.resolve("own_models.py")).toMillis())
                    .isPositive();
        }
    }

    @Test
    void theStartScriptMakesGunicornTheFirstProcess() throws Exception {
        Docker docker = RealDocker.docker(log);
        // Stands in for the module of PyMacaron, and for its programs.
        repository
                .write("pymacaron/__init__.py", """
                        import os
                        if 'PORT' in os.environ:
                            open('/pym/ran', 'a').write('imported the library' + chr(10))
                        """)
                .write("pymacaron/gunicorn.py", "workers = 1\nerrorlog = '/var/log/gunicorn-error.log'\n")
                .write("pym-config.yaml", "name: x\nscout_key: y\n")
                .write("redis-stub", """
                        #!/pym/virtenv/bin/python
                        import socket, sys, time
                        open('/pym/ran', 'a').write('redis ' + ' '.join(sys.argv[1:]) + chr(10))
                        server = socket.socket(socket.AF_UNIX)
                        server.bind(sys.argv[sys.argv.index('--unixsocket') + 1])
                        server.listen()
                        time.sleep(60)
                        """)
                .write(
                        "Dockerfile.extra",
                        "RUN printf '#!/bin/sh\\necho monitored >> /pym/ran\\n' > /usr/local/bin/pym_monitor"
                                + " && printf '#!/bin/bash\\necho \"async $1 $(cat /pym/pym-config.$PYM_ENV.yaml) $CELERY_BROKER_URL\" >> /pym/ran\\n"
                                + "redis-server\\n' > /usr/local/bin/pymasync && cp redis-stub /usr/local/bin/redis-server && cp redis-stub /usr/local/bin/git"
                                + " && chmod +x /usr/local/bin/*\n")
                .commit("with async");
        BuiltImage image = build(docker, spec().async(true));
        int port = FreePorts.next();
        String container = docker.containers()
                .run(ContainerSpec.of(image.reference())
                        .onHostNetwork()
                        .with(Map.of("PORT", Integer.toString(port), "PYM_ENV", "x-live", "PYM_REUSE_PORT", "1")));
        try {
            long deadline = System.nanoTime() + Duration.ofMinutes(10).toNanos();
            while (docker.containers().logs(container, 50).stream()
                    .noneMatch(line -> line.contains("Booting worker"))) {
                assertThat(System.nanoTime())
                        .as(docker.containers().logs(container, 50).toString())
                        .isLessThan(deadline);
                LockSupport.parkNanos(50_000_000);
            }
            ProcessResult seen = docker.containers()
                    .exec(
                            container,
                            List.of("sh", "-c", "tr '\\0' ' ' < /proc/1/cmdline; cat /pym/ran"),
                            Duration.ofSeconds(30));
            assertThat(seen.output())
                    .contains(
                            "gunicorn --bind 0.0.0.0:" + port,
                            "--reuse-port",
                            "-c /usr/local/bin/pym-share.py",
                            "server:app")
                    .contains("monitored", "async --keep-alive name: x")
                    // Seconds each time: gunicorn imports it for its settings, and the workers are forked from there.
                    .containsOnlyOnce("imported the library")
                    // redis by a socket of its own: its port would be one of the machine's
                    .contains("redis+socket:///tmp/pym-redis.sock", "redis --port 0 --unixsocket /tmp/pym-redis.sock");
            long start = System.nanoTime();
            docker.containers().stop(container, Duration.ofMinutes(5));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(4));
            assertThat(docker.containers()
                            .inspect(container)
                            .orElseThrow()
                            .state()
                            .exitCode())
                    .isZero();
        } finally {
            docker.containers().remove(container);
        }
    }

    /** The library's settings send gunicorn's log to a file, which ends with the container. */
    @Test
    void whyAServiceOfTheLibraryDoesNotStartIsInTheContainersOwnLog() throws Exception {
        Docker docker = RealDocker.docker(log);
        repository
                .write("pymacaron/__init__.py", "")
                .write("pymacaron/gunicorn.py", "workers = 1\nerrorlog = '/var/log/gunicorn-error.log'\n")
                .write("server.py", "import macarons_of_yesterday\n")
                .commit("does not start");
        BuiltImage image = build(docker, spec());
        String container = docker.containers()
                .run(ContainerSpec.of(image.reference())
                        .onHostNetwork()
                        .with(Map.of("PORT", Integer.toString(FreePorts.next()), "PYM_HOST", "127.0.0.1")));
        try {
            docker.containers().await(container, Duration.ofSeconds(60));
            assertThat(docker.containers().logs(container, 2000))
                    .contains("ModuleNotFoundError: No module named 'macarons_of_yesterday'");
        } finally {
            docker.containers().remove(container);
        }
    }

    @Test
    void oldImagesAreRemovedButNotThoseInUse() throws Exception {
        Docker docker = RealDocker.docker(log);
        BuiltImage used = build(docker, spec());
        Containers containers = docker.containers();
        String container = containers.create(ContainerSpec.of(used.versionTag()).onHostNetwork());
        try {
            repository.write("a", "1").commit("a");
            BuiltImage needed = build(docker, spec());
            repository.write("a", "2").commit("b");
            BuiltImage old = build(docker, spec());
            repository.write("a", "3").commit("c");
            BuiltImage newest = build(docker, spec());

            ImagePruner pruner = new ImagePruner(docker);
            ImagePruner.Rule rule = new ImagePruner.Rule(
                    name, spec().repository(), 0, Set.of(needed.id().orElseThrow()));

            assertThat(pruner.old(
                            rule,
                            1,
                            Set.of(containers.inspect(container).orElseThrow().name())))
                    .as("with one more image, and without the container")
                    .contains(used.versionTag(), old.versionTag(), newest.versionTag())
                    .doesNotContain(needed.versionTag());
            List<String> planned = pruner.old(rule, 0, Set.of());
            List<String> gone = pruner.prune(rule);

            assertThat(gone)
                    .containsExactlyInAnyOrder(old.versionTag(), old.contentReference())
                    .isEqualTo(planned);
            assertThat(docker.images().inspect(List.of(used.versionTag(), needed.versionTag(), newest.versionTag())))
                    .hasSize(3);
            assertThat(docker.images().inspect(old.versionTag())).isEmpty();
        } finally {
            docker.containers().remove(container);
        }
    }

    /** Tags and labels of a build without the key, of the very same tree, are none that one with it would reuse. */
    @Test
    void anImageOfABuildWithoutTheKeyIsNotReusedWithIt() throws Exception {
        Docker docker = RealDocker.docker(log, RealDocker.clients().findFirst().orElseThrow());
        key = Optional.empty();
        BuiltImage strange = build(docker, spec());
        assertThat(strange.contentTag()).startsWith("open-");
        assertThat(build(docker, spec()).origin()).isEqualTo(Origin.LOCAL);

        key = Optional.of("a key of ours");
        BuiltImage ours = build(docker, spec());
        assertThat(ours.origin()).isEqualTo(Origin.BUILT);
        assertThat(ours.id()).isNotEqualTo(strange.id());
        key = Optional.empty();
        assertThat(build(docker, spec()).id()).as("nor the other way round").isEqualTo(strange.id());
    }
}
