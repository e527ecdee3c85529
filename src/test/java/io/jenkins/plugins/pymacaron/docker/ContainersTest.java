package io.jenkins.plugins.pymacaron.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.process.ProcessResult;
import io.jenkins.plugins.pymacaron.process.RunningProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(20 * 60)
@NeedsEngine
class ContainersTest {
    private final String run = RealDocker.unique("containers");
    private final List<String> log = RealDocker.log();

    private ContainerSpec spec(String script) {
        return ContainerSpec.of(RealDocker.base())
                .onHostNetwork()
                .labelled(Map.of("test", run))
                .running(List.of("sh", "-c", script));
    }

    @AfterEach
    void removeAll() throws Exception {
        Containers containers = RealDocker.docker(log).containers();
        for (ContainerFacts left : containers.labelled(Map.of("test", run))) {
            containers.remove(left.id());
        }
    }

    @ParameterizedTest
    @MethodSource("io.jenkins.plugins.pymacaron.docker.RealDocker#clients")
    void aLife(String client) throws Exception {
        Containers containers = RealDocker.docker(log, client).containers();
        String id = containers.create(spec("trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 0.1; done")
                .named(run)
                .restarting("on-failure:3"));
        assertThat(containers.inspect(run)).hasValueSatisfying(created -> {
            assertThat(created.state().status()).isEqualTo("created");
            assertThat(created.state().startedAt()).isEmpty();
            assertThat(created.origin().restart()).isEqualTo("on-failure");
            assertThat(created.network().mode()).isEqualTo("host");
        });

        containers.restartPolicy(id, "no");
        containers.start(id);
        CountDownLatch ready = new CountDownLatch(1);
        try (RunningProcess follower = containers.follow(id, line -> ready.countDown())) {
            assertThat(ready.await(600, TimeUnit.SECONDS)).isTrue();
            assertThat(follower.isAlive()).isTrue();
        }
        assertThat(containers.inspect(id).orElseThrow().running()).isTrue();
        containers.rename(id, run + "-old");
        containers.stop(id, Duration.ofMinutes(5));

        ContainerFacts ended = containers.inspect(run + "-old").orElseThrow();
        assertThat(ended.id()).isEqualTo(id);
        assertThat(ended.state().exitCode()).isEqualTo(7);
        assertThat(ended.label("test")).isEqualTo(run);
        assertThat(containers.logs(id, 10)).containsExactly("ready", "bye");
        assertThat(containers.await(id, Duration.ofMinutes(5))).isEqualTo(7);
        assertThat(containers.labelled(Map.of("test", run)))
                .extracting(ContainerFacts::id)
                .containsExactly(id);
        assertThat(containers.inspect(List.of("no-such-container", id, "nor-this")))
                .as("gone since they were listed")
                .extracting(ContainerFacts::id)
                .containsExactly(id);
        assertThat(containers.ofImage(ended.origin().imageId())).contains(run + "-old");

        containers.remove(id);
        assertThat(containers.inspect(id)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("io.jenkins.plugins.pymacaron.docker.RealDocker#clients")
    void aListingSaysWhatALookAtEachDoes(String client) throws Exception {
        Containers containers = RealDocker.docker(log, client).containers();
        String odd = "a\tb,c=\"d\" {{json .}} \\ ü";
        String id = containers.create(
                spec("sleep 60").labelled(Map.of("odd", odd, "unread", "x")).named(run));
        for (String state : List.of("created", "running", "exited")) {
            if (state.equals("running")) {
                containers.start(id);
            } else if (state.equals("exited")) {
                containers.signal(id, "KILL");
                containers.await(id, Duration.ofSeconds(20));
            }
            ContainerFacts looked = containers.inspect(id).orElseThrow();

            assertThat(looked.state().status()).isEqualTo(state);
            assertThat(containers.listed(Map.of("test", run), List.of("test", "odd", "missing")))
                    .singleElement()
                    .satisfies(listed -> {
                        assertThat(listed.id()).isEqualTo(id);
                        assertThat(listed.name()).isEqualTo(run);
                        assertThat(listed.origin().image())
                                .isEqualTo(looked.origin().image());
                        assertThat(listed.state().status())
                                .isEqualTo(looked.state().status());
                        assertThat(listed.labels()).isEqualTo(Map.of("test", run, "odd", odd));
                        assertThat(listed.state().status().equals("created"))
                                .as("whether it was ever started")
                                .isEqualTo(looked.state().startedAt().isEmpty());
                    });
        }
        assertThat(containers.listed(Map.of("test", run + "-none"), List.of())).isEmpty();
    }

    @Test
    void aMissingContainerIsNoError() throws Exception {
        Containers containers = RealDocker.docker(log).containers();

        assertThat(containers.inspect(run)).isEmpty();
        assertThat(containers.logs(run, 10)).isEmpty();
        assertThat(containers.labelled(Map.of("test", run))).isEmpty();
        containers.stop(run, Duration.ZERO);
        containers.remove(run);
        assertThatThrownBy(() -> containers.start(run)).hasMessageContaining("No such container");
    }

    @ParameterizedTest
    @MethodSource("io.jenkins.plugins.pymacaron.docker.RealDocker#clients")
    void variablesArriveByteForByteAndAreInNoArguments(String client) throws Exception {
        Containers containers = RealDocker.docker(log, client).containers();
        Map<String, String> secrets = Map.of(
                "PLAIN", "a=b,c'd\"e $HOME `x`",
                "LINES", "one\ntwo\n",
                "ACCENT", "é✓",
                // these mean something to the client itself
                "DOCKER_HOST", "tcp://nowhere:1",
                "PATH_TO", "/x",
                "HTTP_PROXY", "http://nobody:1");

        ProcessResult finished = containers.once(
                spec("cat /proc/self/environ; cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '")
                        .with(secrets),
                Duration.ofSeconds(60));

        assertThat(finished.exitCode()).as(finished.tail()).isZero();
        secrets.forEach((name, value) -> assertThat(finished.output()).contains(name + "=" + value + "\0"));
    }

    @Test
    void argumentsHaveNamesOnly() throws Exception {
        ContainerSpec spec = ContainerSpec.of("image")
                .with(Map.of("TOKEN", "s3cret", "HOME", "s3cret-home"))
                .publishing(new ContainerSpec.Published(80, java.util.Optional.empty(), "127.0.0.1"));

        assertThat(RunArguments.of("run", List.of(), spec).argv())
                .containsSubsequence(
                        "--publish", "127.0.0.1::80", "--env", "TOKEN", "--env-file", "/dev/stdin", "image")
                .noneMatch(argument -> argument.contains("s3cret"));
        assertThat(spec.toString()).contains("TOKEN").doesNotContain("s3cret");
    }

    @Test
    void aNameOfDockersOwnTakesNoSeveralLines() {
        ContainerSpec spec = ContainerSpec.of("image").with(Map.of("DOCKER_CONFIG", "a\nb"));

        assertThatThrownBy(() -> RunArguments.of("run", List.of(), spec))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("DOCKER_CONFIG cannot be given");
    }

    @Test
    void secretsInTheLogOfAContainerAreMasked() throws Exception {
        Containers containers = RealDocker.docker(
                        log, RealDocker.clients().findFirst().orElseThrow(), "s3cr=t")
                .containers();
        String id = containers.run(spec("echo \"got $TOKEN\"; exit 3").with(Map.of("TOKEN", "s3cr=t")));

        containers.await(id, Duration.ofMinutes(5));

        assertThat(containers.logs(id, 5)).containsExactly("got ****");
        assertThat(log).isEmpty();
    }
}
