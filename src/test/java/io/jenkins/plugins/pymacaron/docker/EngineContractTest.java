package io.jenkins.plugins.pymacaron.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The calls of the docker target have the same results on an {@link EmulatedEngine} and on a real one. */
@Timeout(20 * 60)
@NeedsEngine
class EngineContractTest {
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final String name = RealDocker.unique("contract").toLowerCase(Locale.ROOT);
    private final String other = name + "-other";

    @TempDir
    private Path temporary;

    @FunctionalInterface
    private interface Call {
        Object result() throws IOException, InterruptedException;
    }

    /** Returns the result of a call, with the ids and the times of an engine left out. */
    private static String told(Call call) throws InterruptedException {
        try {
            return String.valueOf(call.result());
        } catch (IOException e) {
            return e.getClass().getSimpleName() + ": "
                    + e.getMessage().replaceAll("by container \"[^\"]+\"", "by container");
        }
    }

    private static String facts(Stream<ContainerFacts> all) {
        return all.map(c -> String.join(
                        " ",
                        c.name(),
                        c.origin().image(),
                        c.state().status(),
                        Integer.toString(c.state().exitCode()),
                        // An image has labels too.
                        c.label("contract") + " " + c.label("quoted") + " " + c.label("missing"),
                        c.state().startedAt().isPresent() ? "started" : "never",
                        c.origin().restart(),
                        c.network().mode()))
                .toList()
                .toString();
    }

    private ContainerSpec spec(String called, String image) {
        return ContainerSpec.of(image)
                .named(called)
                .onHostNetwork()
                .labelled(Map.of("contract", name, "quoted", "a \"word\" = \\ é"))
                .running(List.of("sleep", "1000"));
    }

    private List<String> tell(Docker docker, String image) throws InterruptedException {
        Containers containers = docker.containers();
        Volumes volumes = docker.volumes();
        Map<String, String> ours = Map.of("contract", name);
        List<Call> calls = List.of(
                () -> containers.inspect(name),
                () -> facts(containers.labelled(ours).stream()),
                () -> containers.create(spec(name, image)).length(),
                () -> containers.create(spec(name, image)),
                () -> facts(containers.inspect(name).stream()),
                () -> {
                    containers.start(name);
                    containers.start(name);
                    return facts(containers.inspect(name).stream());
                },
                () -> containers.create(spec(other, image)).length(),
                () -> facts(containers.labelled(ours).stream()),
                () -> facts(containers.listed(ours, List.of("contract", "quoted", "missing")).stream()
                        .sorted(Comparator.comparing(ContainerFacts::name))),
                () -> facts(containers.listed(Map.of("contract", "", "quoted", "another"), List.of()).stream()),
                () -> {
                    containers.removeStopped(name);
                    return facts(containers.inspect(name).stream());
                },
                () -> {
                    containers.stop(name, GRACE);
                    containers.stop(name, GRACE);
                    return containers.inspect(name).orElseThrow().state().status();
                },
                () -> {
                    containers.remove(name);
                    containers.remove(name);
                    containers.stop(name, GRACE);
                    return facts(containers.inspect(List.of(name, other)).stream());
                },
                () -> {
                    containers.start(name);
                    return "";
                },
                () -> containers.logs(name, 2),
                () -> {
                    containers.removeStopped(other);
                    containers.removeStopped(other);
                    return facts(containers.labelled(ours).stream());
                },
                () -> {
                    volumes.create(name, Map.of("contract", name, "mark", "first"));
                    volumes.create(name, Map.of("contract", name, "mark", "second"));
                    volumes.create(other, Map.of("contract", name));
                    return volumes.listed(ours, "mark");
                },
                () -> {
                    volumes.remove(List.of(name, other));
                    volumes.remove(name);
                    return volumes.listed(ours, "mark");
                });
        List<String> told = new ArrayList<>();
        for (Call call : calls) {
            told.add(told(call));
        }
        return told;
    }

    @Test
    void callsHaveTheSameResults() throws Exception {
        Docker real = RealDocker.docker(RealDocker.log());
        List<String> expected;
        try {
            expected = tell(real, RealDocker.base());
        } finally {
            real.containers().remove(name);
            real.containers().remove(other);
            real.volumes().remove(List.of(name, other));
        }
        try (EmulatedEngine emulated = new EmulatedEngine(temporary)) {
            Docker client = emulated.client((argv, engine) -> engine.call());

            assertThat(tell(client, RealDocker.base())).isEqualTo(expected);
        }
    }
}
