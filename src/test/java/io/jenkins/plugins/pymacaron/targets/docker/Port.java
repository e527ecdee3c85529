package io.jenkins.plugins.pymacaron.targets.docker;

import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.targets.LiveUnchangedCheck;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A port of a machine and the containers that want it, in memory: what {@link DockerDeployOperation} and {@link DockerDeleteOperation} change. */
final class Port {
    /** The behaviour of a container once it is started. */
    enum Nature {
        GOOD,
        DIES,
        MUTE,
        ANOTHER_VERSION
    }

    /** A container; {@code age} counts the looks since its start, and it answers from the second one on. */
    static final class Box {
        final Nature nature;
        boolean running;
        int age;

        Box(Nature nature, boolean running) {
            this.nature = nature;
            this.running = running;
            age = running ? 2 : 0;
        }

        boolean answers() {
            return running && age >= 2 && nature != Nature.MUTE;
        }
    }

    final Map<String, Box> boxes = new TreeMap<>();

    /** The number of times that each container was really created. */
    final Map<String, Integer> created = new HashMap<>();

    /** Whether there was a moment without an answer. */
    boolean gap;

    private final boolean shared;
    private final Nature next;

    /** @param next what is created behaves so */
    Port(boolean shared, Nature next) {
        this.shared = shared;
        this.next = next;
    }

    void apply(Effect effect) {
        String name = effect.args().get("container");
        switch (effect.verb()) {
            case DockerEffects.CREATE ->
                boxes.computeIfAbsent(name, n -> {
                    created.merge(n, 1, Integer::sum);
                    return new Box(next, false);
                });
            case DockerEffects.START -> start(name);
            case DockerEffects.RESTORE -> {
                start(name);
                // The real one waits for the answer too.
                Optional.ofNullable(boxes.get(name)).ifPresent(box -> box.age = 2);
            }
            case DockerEffects.STOP -> Optional.ofNullable(boxes.get(name)).ifPresent(box -> box.running = false);
            case DockerEffects.REMOVE -> boxes.remove(name);
            case DockerEffects.CLAIM, DockerEffects.UNCLAIM -> {}
            default -> throw new IllegalArgumentException(effect.verb());
        }
        gap |= boxes.values().stream().noneMatch(Box::answers);
    }

    private void start(String name) {
        Box box = boxes.get(name);
        if (box == null || box.running) {
            return;
        }
        boolean taken = !shared && boxes.values().stream().anyMatch(other -> other.running);
        box.running = box.nature != Nature.DIES && !taken;
        box.age = 0;
    }

    boolean find(Effect effect) {
        Box box = boxes.get(effect.args().get("container"));
        boolean running = box != null && box.running;
        return switch (effect.verb()) {
            case DockerEffects.CREATE -> box != null;
            case DockerEffects.START, DockerEffects.RESTORE -> running;
            case DockerEffects.STOP -> !running;
            case DockerEffects.REMOVE -> box == null;
            case DockerEffects.CLAIM, DockerEffects.UNCLAIM -> true;
            default -> throw new IllegalArgumentException(effect.verb());
        };
    }

    /** Returns the facts as {@link DockerStateReader} sees them. */
    Map<String, String> read(String kind, String id, String version) {
        boxes.values().forEach(box -> box.age++);
        if (kind.equals(LiveUnchangedCheck.ENVIRONMENT)) {
            return boxes.entrySet().stream()
                    .filter(e -> e.getValue().running)
                    .findFirst()
                    .map(e -> Map.of("deployment", e.getKey()))
                    .orElse(Map.of());
        }
        Box box = boxes.get(id.substring(id.indexOf(' ') + 1));
        if (box == null || !box.running) {
            return Map.of("ended", "ended");
        }
        boolean byTurns = kind.equals(DockerWaitConditions.URL)
                && boxes.values().stream().filter(Box::answers).count() > 1;
        if (byTurns || !box.answers()) {
            return Map.of("error", "not yet");
        }
        return Map.of("version", box.nature == Nature.ANOTHER_VERSION ? "another" : version);
    }
}
