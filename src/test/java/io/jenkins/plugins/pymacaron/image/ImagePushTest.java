package io.jenkins.plugins.pymacaron.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.FreePorts;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.docker.DockerLogin;
import io.jenkins.plugins.pymacaron.docker.ImageFacts;
import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import io.jenkins.plugins.pymacaron.image.BuiltImage.Origin;
import io.jenkins.plugins.pymacaron.process.CommandFailedException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pushes to real registries, well and badly. */
@Timeout(20 * 60)
@NeedsEngine
class ImagePushTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    private final String name = RealDocker.unique("hello");
    private final List<String> log = RealDocker.log();
    private Docker docker;
    private Repository repository;

    @BeforeEach
    void makeService(@TempDir Path temporary) throws Exception {
        docker = RealDocker.docker(log);
        repository = Repository.service(temporary.toRealPath().resolve("w"));
        repository.write("content", name).commit("unlike all others");
    }

    @AfterEach
    void removeImages() throws Exception {
        forget();
    }

    /** Makes the engine lose its knowledge of our images. */
    private void forget() throws Exception {
        for (ImageFacts image : docker.images().labelled(Map.of(ImageLabels.NAME, name))) {
            for (String tag : image.tags()) {
                docker.images().remove(tag);
            }
            if (image.tags().isEmpty() && image.digests().isEmpty()) {
                docker.images().remove(image.id());
            }
            for (String digest : image.digests()) {
                docker.images().remove(digest);
            }
        }
    }

    private ImageSpec spec(String registry) {
        return ImageSpec.of(name, registry + "/test/" + name, Optional.of(RealDocker.base()));
    }

    private BuiltImage build(Docker with, String registry) throws Exception {
        try (SourceTree source = SourceTree.ofWorkingCopy(docker.processes(), repository.path())) {
            return new ImageBuilder(with, Clock.systemUTC(), Optional.empty()).build(source, spec(registry), true);
        }
    }

    private ImagePush quick(Docker with) {
        return new ImagePush(with, 2, Duration.ofMillis(10));
    }

    @Test
    void pushedFoundAndFetchedAgain() throws Exception {
        String registry = RealDocker.variable("PYM_TEST_REGISTRY");
        BuiltImage built = build(docker, registry);
        ImagePush push = quick(docker);
        assertThat(push.inRegistry(built).absent()).isTrue();

        BuiltImage pushed = push.push(built, LONG);

        assertThat(pushed.digest().orElseThrow()).matches("sha256:[0-9a-f]{64}");
        assertThat(log)
                .filteredOn(line -> line.contains("The push refers to"))
                .as("once, for both tags")
                .hasSize(1);
        assertThat(push.inRegistry(built).digest()).isEqualTo(pushed.digest());
        log.clear();
        BuiltImage local = build(docker, registry);
        assertThat(local.origin()).isEqualTo(Origin.LOCAL);
        assertThat(push.push(local, LONG).digest()).isEqualTo(pushed.digest());
        assertThat(log).as("nothing to push").isEmpty();

        forget();
        BuiltImage remote = build(docker, registry);
        assertThat(remote.origin()).isEqualTo(Origin.REGISTRY);
        assertThat(remote.id()).isEmpty();
        assertThat(remote.version()).isEqualTo(built.version());
        assertThat(remote.commit()).isEqualTo(built.commit());
        assertThat(remote.digest()).isEqualTo(pushed.digest());
        assertThat(push.push(remote, LONG)).isEqualTo(remote);
        BuiltImage fetched =
                new ImageBuilder(docker, Clock.systemUTC(), Optional.empty()).fetch(remote, spec(registry));
        assertThat(fetched.id()).isEqualTo(built.id());
        assertThat(build(docker, registry).origin()).isEqualTo(Origin.LOCAL);
    }

    @Test
    void aPushThatBreaksOffIsTriedAgain() throws Exception {
        try (FlakyProxy proxy = new FlakyProxy(RealDocker.variable("PYM_TEST_REGISTRY"), 2)) {
            BuiltImage built = build(docker, proxy.registry());

            BuiltImage pushed = quick(docker).push(built, LONG);

            assertThat(proxy.left()).isZero();
            assertThat(quick(docker).inRegistry(pushed).digest()).isEqualTo(pushed.digest());
        }
    }

    @Test
    void aRegistryThatIsDownIsOneLineAfterAllAttempts() throws Exception {
        int port = FreePorts.next();
        BuiltImage built = build(docker, "127.0.0.1:" + port);
        assertThat(log).anyMatch(line -> line.startsWith("the registry 127.0.0.1:" + port + " cannot be asked"));

        assertThatThrownBy(() -> quick(docker).push(built, LONG))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("connection refused")
                .hasMessageEndingWith("(2 attempts). Is the registry 127.0.0.1:" + port + " up?")
                .hasMessageNotContaining("\n");
    }

    @Test
    void aMissingLoginIsReportedOnce() throws Exception {
        String registry = RealDocker.variable("PYM_TEST_REGISTRY_AUTH");
        String user = RealDocker.variable("PYM_TEST_REGISTRY_USER");
        String password = RealDocker.variable("PYM_TEST_REGISTRY_PASSWORD");
        BuiltImage built = build(docker, registry);
        assertThat(log).anyMatch(line -> line.contains("refuses to tell about test/" + name));

        assertThatThrownBy(() -> quick(docker).push(built, LONG))
                .hasMessage("the registry " + registry + " does not let us push " + built.contentReference()
                        + ". Log in with an account that may.");

        try (DockerLogin login = DockerLogin.open(docker, registry, user, password)) {
            Docker loggedIn = docker.with(login);
            BuiltImage pushed = quick(loggedIn).push(built, LONG);
            assertThat(pushed.digest()).isPresent();
            forget();
            assertThat(build(loggedIn, registry).origin()).isEqualTo(Origin.REGISTRY);
        }
        assertThat(log).noneMatch(line -> line.contains(password));
    }

    @Test
    void anImageUnderOurTagThatIsNotOursIsNotUsed() throws Exception {
        String registry = RealDocker.variable("PYM_TEST_REGISTRY");
        BuiltImage built = build(docker, registry);
        forget();
        docker.images().tag(RealDocker.base(), built.contentReference());
        docker.images().push(built.contentReference(), LONG);

        BuiltImage again = build(docker, registry);

        assertThat(again.origin()).isEqualTo(Origin.BUILT);
        assertThat(log).anyMatch(line -> line.endsWith("was not made by this pipeline and is not used"));
        docker.images().remove(built.contentReference());
    }
}
