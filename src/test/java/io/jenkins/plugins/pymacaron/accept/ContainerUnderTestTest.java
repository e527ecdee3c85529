package io.jenkins.plugins.pymacaron.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.jenkins.plugins.pymacaron.docker.ContainerFacts;
import io.jenkins.plugins.pymacaron.docker.ContainerSpec;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests containers of a real engine. */
@Timeout(20 * 60)
class ContainerUnderTestTest {
    private static final Duration READY = Duration.ofMinutes(5);
    private static final String OWNER = "io.jenkins.plugins.pymacaron.under-test";

    private final List<String> log = RealDocker.log();
    private final Probe probe = new Probe(ProbeRequest.plain(Duration.ofSeconds(60), true));
    private Docker docker;

    @BeforeEach
    void engine() {
        docker = RealDocker.docker(log, RealDocker.clients().findFirst().orElse("docker"), Services.SECRET);
    }

    private List<String> ours(String owner) throws IOException, InterruptedException {
        return docker.containers().labelled(Map.of(OWNER, owner)).stream()
                .map(ContainerFacts::id)
                .toList();
    }

    @Test
    void servesUntilItIsClosed() throws Exception {
        try (ContainerUnderTest container = ContainerUnderTest.start(docker, Services.task("", READY), probe)) {
            assertThat(probe.version(container.base())).isEqualTo(Services.VERSION);
            assertThat(ours(PortOwner.me())).hasSize(1);
            assertThat(container.log()).contains("starting with **** on ").doesNotContain(Services.SECRET);
        }
        assertThat(ours(PortOwner.me())).isEmpty();
        assertThat(String.join("\n", log)).doesNotContain(Services.SECRET);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dies|300|the container ended with exit code 1; its last lines:",
                "dies-later|300|the container ended with exit code 7; its last lines:",
                "silent|1|did not answer within %d s: ",
                "errors|1|did not answer within %d s: GET /ping answers 500",
            })
    void saysWhyItIsNotReadyAndIsGone(String behaviour, int seconds, String why) throws Exception {
        List<String> kept = new ArrayList<>();
        int limit = seconds;
        Throwable failure = failure(behaviour, limit, kept);
        // A busy machine needs longer for the first line and the first answer.
        while (limit < READY.toSeconds() && !says(failure, "starting with ", why.formatted(limit))) {
            limit *= 4;
            failure = failure(behaviour, limit, kept);
        }
        assertThat(failure)
                .isInstanceOf(NotServingException.class)
                .hasMessageContaining(why.formatted(limit))
                .message()
                .doesNotContain(Services.SECRET)
                .contains("starting with ****");
        assertThat(kept).singleElement().asString().contains("starting with ****");
        assertThat(ours(PortOwner.me())).isEmpty();
    }

    private Throwable failure(String behaviour, int seconds, List<String> kept) throws Exception {
        ContainerUnderTest.Task task = Services.task(behaviour, Duration.ofSeconds(seconds));
        kept.clear();
        return catchThrowable(() -> ContainerUnderTest.start(docker, task, probe, kept::add));
    }

    private static boolean says(Throwable failure, String... words) {
        return Arrays.stream(words).allMatch(String.valueOf(failure.getMessage())::contains);
    }

    @Test
    void refusesAnotherVersionAndIsGone() throws Exception {
        ContainerUnderTest.Task task = Services.task("", READY);
        ContainerUnderTest.Task other =
                new ContainerUnderTest.Task(task.image(), "261123-0000-42-000000", task.environment(), READY);
        assertThatThrownBy(() -> ContainerUnderTest.start(docker, other, probe))
                .isInstanceOf(NotServingException.class)
                .hasMessageContaining("answers version " + Services.VERSION + ", not 261123-0000-42-000000");
        assertThat(ours(PortOwner.me())).isEmpty();
    }

    @Test
    void triesOtherPortsAndThenSaysSo() throws Exception {
        // One port in ten ends in 7, so this mostly fails three times; either way nothing stays.
        ContainerUnderTest.Task task = Services.task("taken", READY);
        try (ContainerUnderTest container = ContainerUnderTest.start(docker, task, probe)) {
            assertThat(container.base().getPort() % 10).isEqualTo(7);
        } catch (NotServingException e) {
            assertThat(e).hasMessageContaining("Address already in use");
        }
        assertThat(ours(PortOwner.me())).isEmpty();
    }

    @Test
    void namesAnImageThatIsNotThere() throws Exception {
        ContainerUnderTest.Task task = new ContainerUnderTest.Task("sha256:" + "0".repeat(64), "1", Map.of(), READY);
        assertThatThrownBy(() -> ContainerUnderTest.start(docker, task, probe)).isInstanceOf(IOException.class);
        assertThat(ours(PortOwner.me())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'',ready", "silent,starting"})
    void isGoneWhenWeAreEnded(String behaviour, String when) throws Exception {
        Services.image();
        Process child = hold(behaviour);
        String owner = owner(child);
        try (BufferedReader out = child.inputReader(StandardCharsets.UTF_8)) {
            String line = out.readLine();
            while (line != null && !line.startsWith(when)) {
                line = out.readLine();
            }
            assertThat(line).as("what the child says").isNotNull();
            await(() -> !ours(owner).isEmpty());
            child.destroy();
            assertThat(child.waitFor(600, TimeUnit.SECONDS)).isTrue();
        } finally {
            child.destroyForcibly();
        }
        assertThat(ours(owner)).isEmpty();
    }

    @Test
    void removesWhatAKilledProcessHasLeft() throws Exception {
        Services.image();
        Process child = hold("");
        String owner = owner(child);
        try (BufferedReader out = child.inputReader(StandardCharsets.UTF_8)) {
            String line = out.readLine();
            while (line != null && !line.startsWith("ready")) {
                line = out.readLine();
            }
            assertThat(ours(owner)).as("while it lives").hasSize(1);
        } finally {
            child.destroyForcibly().waitFor();
        }
        LeftoverContainers.remove(docker);
        assertThat(ours(owner)).isEmpty();
    }

    @Test
    void leavesContainersOfTheLivingAndOfThoseWhoCannotBeSeen() throws Exception {
        String elsewhere = PortOwner.me().replaceFirst("pid:\\[[0-9]+", "pid:[1");
        assertThat(elsewhere).isNotEqualTo(PortOwner.me());
        ContainerSpec spec = ContainerSpec.of(Services.image()).running(List.of("sleep", "300"));
        String mine = docker.containers().create(spec.labelled(Map.of(OWNER, PortOwner.me())));
        String foreign = docker.containers().create(spec.labelled(Map.of(OWNER, elsewhere)));
        try {
            LeftoverContainers.remove(docker);
            assertThat(docker.containers().inspect(mine)).isPresent();
            assertThat(docker.containers().inspect(foreign)).isPresent();
        } finally {
            docker.containers().remove(mine);
            docker.containers().remove(foreign);
        }
    }

    private static Process hold(String behaviour) throws IOException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        HoldContainer.class.getName(),
                        behaviour)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return child;
    }

    private static String owner(Process child) {
        return PortOwner.of(child.pid());
    }

    @FunctionalInterface
    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private static void await(Condition condition) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + Duration.ofMinutes(10).toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
    }
}
