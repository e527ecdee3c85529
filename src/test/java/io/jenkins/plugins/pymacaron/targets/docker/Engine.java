package io.jenkins.plugins.pymacaron.targets.docker;

import io.jenkins.plugins.pymacaron.docker.ContainerFacts;
import io.jenkins.plugins.pymacaron.operation.Decision;
import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.Observation;
import io.jenkins.plugins.pymacaron.operation.Operation;
import io.jenkins.plugins.pymacaron.operation.State;
import io.jenkins.plugins.pymacaron.targets.Change;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An engine in memory, whose containers always come up, and which watches over some of its ports. */
final class Engine {
    final boolean published;
    final Map<String, ContainerFacts> containers = new LinkedHashMap<>();

    /** Ports of others. */
    Set<Integer> guarded = Set.of();

    /** The changes of a container that answered at one of them. */
    final List<String> broken = new ArrayList<>();

    private Instant now = Instant.parse("2026-01-02T03:04:05Z");

    Engine(boolean published) {
        this.published = published;
    }

    /** A container that runs and has the labels that it once had. */
    void ofEarlierVersion(String environment, int port) {
        String url = "http://127.0.0.1:" + port;
        Map<String, String> labels = new HashMap<>();
        DockerMetadata.OF_A_DEPLOYMENT.forEach(label -> labels.put(label, "old"));
        labels.putAll(Map.of(
                DockerMetadata.ENVIRONMENT,
                environment,
                DockerMetadata.ROLE,
                DockerMetadata.SERVING,
                DockerMetadata.URL,
                url,
                DockerMetadata.PROBE,
                url));
        put("old-" + port, labels, "running");
    }

    /** Applies a change of a container by others than the target. */
    void become(String name, String status) {
        put(name, containers.get(name).labels(), status);
    }

    List<ContainerFacts> labelled(Map<String, String> labels) {
        return containers.values().stream()
                .filter(c -> labels.entrySet().stream()
                        .allMatch(l -> l.getValue().isEmpty()
                                ? c.labels().containsKey(l.getKey())
                                : l.getValue().equals(c.labels().get(l.getKey()))))
                .toList();
    }

    /** Takes a change to its end, all going well. @return its result */
    Map<String, String> run(DockerTarget target, Change change) {
        Operation operation = change.operation();
        State state = State.begun(operation.kind(), change.params(), now);
        Optional<Observation> seen = Optional.empty();
        for (int turn = 0; turn < 100; turn++) {
            Decision decision = operation.decide(state, seen, now);
            seen = Optional.empty();
            if (decision instanceof Decision.Apply apply) {
                apply(apply.effect());
                state = state.with(apply.effect(), new State.Result(State.Result.How.APPLIED, Map.of(), "", now));
            } else if (decision instanceof Decision.Await await) {
                seen = Optional.of(new Observation(
                        await.subject(), now, change.hoped().get(await.subject().kind())));
            } else if (decision instanceof Decision.Done done) {
                return done.result();
            } else {
                throw new AssertionError(decision.toString());
            }
        }
        throw new AssertionError("it never ends");
    }

    private void apply(Effect effect) {
        String name = effect.args().get("container");
        ContainerFacts there = containers.get(name);
        now = now.plusSeconds(1);
        if (there != null && there.running() && guarded.contains(ListenAddress.port(there))) {
            broken.add(effect.sentence());
        }
        switch (effect.verb()) {
            case DockerEffects.CLAIM -> {}
            case DockerEffects.CREATE -> {
                if (there == null) {
                    put(name, ContainerCreation.read(effect.args()).labels(), "created");
                }
            }
            case DockerEffects.START, DockerEffects.RESTORE -> put(name, there.labels(), "running");
            case DockerEffects.STOP -> Optional.ofNullable(there).ifPresent(c -> put(name, c.labels(), "exited"));
            case DockerEffects.REMOVE -> containers.remove(name);
            default -> throw new IllegalArgumentException(effect.verb());
        }
    }

    private void put(String name, Map<String, String> labels, String status) {
        Optional<Instant> started = status.equals("running")
                ? Optional.of(now)
                : Optional.ofNullable(containers.get(name))
                        .flatMap(facts -> facts.state().startedAt());
        containers.put(
                name,
                new ContainerFacts(
                        name,
                        name,
                        Map.copyOf(labels),
                        new ContainerFacts.Origin("image", "sha256:1", now, "no"),
                        new ContainerFacts.State(status, 0, "", false, 0, started, Optional.empty()),
                        new ContainerFacts.Network("host", Map.of(), Optional.empty())));
    }
}
