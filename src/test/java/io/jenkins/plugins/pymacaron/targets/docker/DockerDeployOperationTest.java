package io.jenkins.plugins.pymacaron.targets.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.operation.Decision;
import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.Observation;
import io.jenkins.plugins.pymacaron.operation.Operation;
import io.jenkins.plugins.pymacaron.operation.State;
import io.jenkins.plugins.pymacaron.operation.State.Result.How;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.docker.Port.Box;
import io.jenkins.plugins.pymacaron.targets.docker.Port.Nature;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** The decisions of the docker target in thousands of worlds, with crashes at every point. */
class DockerDeployOperationTest {
    private static final String OLD = "a-old";
    private static final String NEW = "b-new";
    private static final Instant BEGIN = Instant.parse("2026-01-02T03:04:05Z");

    /** The result of an effect. */
    enum Fate {
        DONE,
        /** Killed before it was applied: it is found to be absent, and applied. */
        DEAD_BEFORE,
        /** Killed after it was applied: it is found. */
        DEAD_AFTER,
        REJECTED
    }

    private static DockerDeployParameters replacement(
            boolean old, boolean shared, boolean kept, boolean runs, String expected) {
        Deployed deployed = new Deployed("docker/x/live", NEW, "v2", "sha256:2", "c", "http://127.0.0.1:1", NEW, BEGIN);
        return new DockerDeployParameters(
                deployed,
                new ContainerCreation(NEW, "image", 1, 2, true, Map.of(DockerMetadata.DEPLOYMENT, NEW)),
                !kept,
                runs,
                old ? Optional.of(OLD) : Optional.empty(),
                shared && old,
                Optional.ofNullable(expected),
                Duration.ofSeconds(30));
    }

    /** Drives an operation through a world, as the driver does. */
    private static final class Story {
        final Port port;
        final Operation operation;
        State state;
        Instant now = BEGIN;
        boolean done;
        String failure = "";
        Fate[] fates;
        int stopAt;
        int effects;

        Story(Port port, Operation operation, Map<String, String> params, int stopAt, Fate... fates) {
            this.port = port;
            this.operation = operation;
            this.state = State.begun(operation.kind(), params, BEGIN);
            this.stopAt = stopAt;
            this.fates = fates;
        }

        Story tell() {
            Optional<Observation> seen = Optional.empty();
            for (int turn = 0; turn < 1000; turn++) {
                if (turn == stopAt) {
                    failure = "stopped";
                }
                if (!failure.isEmpty()) {
                    operation.undo(state).forEach(port::apply);
                    return this;
                }
                Decision decision = operation.decide(state, seen, now);
                if (decision instanceof Decision.Apply apply) {
                    apply(apply.effect());
                    seen = Optional.empty();
                } else if (decision instanceof Decision.Await await) {
                    now = now.plusSeconds(1);
                    seen = Optional.of(new Observation(
                            await.subject(),
                            now,
                            port.read(await.subject().kind(), await.subject().id(), "v2")));
                } else if (decision instanceof Decision.Failed failed) {
                    failure = failed.reason();
                } else {
                    done = true;
                    return this;
                }
            }
            throw new AssertionError("it never ends");
        }

        private void apply(Effect effect) {
            Fate fate = effects < fates.length ? fates[effects] : Fate.DONE;
            effects++;
            if (fate == Fate.REJECTED) {
                state = state.with(effect, new State.Result(How.REJECTED, Map.of(), "no", now));
                return;
            }
            if (fate == Fate.DEAD_AFTER) {
                port.apply(effect);
            }
            How how = fate != Fate.DONE && port.find(effect) ? How.FOUND : How.APPLIED;
            if (how == How.APPLIED) {
                port.apply(effect);
            }
            state = state.with(effect, new State.Result(how, Map.of(), "", now));
        }
    }

    @Property(tries = 10_000, shrinking = ShrinkingMode.BOUNDED)
    void endsWithOneThatServes(@ForAll long seed) {
        Random random = new Random(seed);
        boolean old = random.nextInt(4) > 0;
        boolean shared = random.nextBoolean();
        boolean kept = random.nextInt(3) == 0;
        Nature nature = random.nextInt(3) > 0 ? Nature.GOOD : Nature.values()[random.nextInt(4)];
        Port port = new Port(shared, nature);
        if (old) {
            port.boxes.put(OLD, new Box(Nature.GOOD, true));
        }
        if (kept) {
            port.boxes.put(NEW, new Box(nature, false));
        }
        Fate[] fates = new Fate[4];
        for (int i = 0; i < fates.length; i++) {
            fates[i] = Fate.values()[random.nextInt(random.nextInt(4) == 0 ? 4 : 3)];
        }
        int stopAt = random.nextInt(3) == 0 ? random.nextInt(12) : -1;
        DockerDeployParameters r = replacement(old, shared, kept, false, null);

        Story story = new Story(port, new DockerDeployOperation(), r.toParams(), stopAt, fates).tell();

        if (story.done) {
            assertThat(nature).isEqualTo(Nature.GOOD);
            assertThat(port.boxes.get(NEW).answers()).isTrue();
            assertThat(port.boxes.containsKey(OLD)).as("kept for a rollback").isEqualTo(old);
            assertThat(!old || !port.boxes.get(OLD).running).isTrue();
        } else {
            assertThat(!old || port.boxes.get(OLD).answers()).as(story.failure).isTrue();
            assertThat(port.boxes.containsKey(NEW)).isEqualTo(kept);
            assertThat(kept && port.boxes.get(NEW).running).isFalse();
        }
        assertThat(port.created.getOrDefault(NEW, 0)).isLessThanOrEqualTo(1);
        if (old && shared) {
            assertThat(port.gap).as("a request failed").isFalse();
        }
    }

    /** An unchanged deployment proves the serving version, which serves on for every fault. */
    @Property(tries = 500)
    void aRunningContainerIsNeverStopped(@ForAll Nature nature, @ForAll boolean shared, @ForAll byte stopAt) {
        Port port = new Port(shared, nature);
        port.boxes.put(NEW, new Box(nature, true));

        Story story = new Story(
                        port,
                        new DockerDeployOperation(),
                        replacement(false, shared, true, true, null).toParams(),
                        stopAt)
                .tell();

        assertThat(story.effects).isZero();
        assertThat(port.boxes.get(NEW).running).isTrue();
    }

    @Property(tries = 500)
    void nothingIsDoneIfAnotherOwnerWasFaster(@ForAll boolean shared, @ForAll boolean kept) {
        Port port = new Port(shared, Nature.GOOD);
        port.boxes.put("somebody else's", new Box(Nature.GOOD, true));
        if (kept) {
            port.boxes.put(NEW, new Box(Nature.GOOD, false));
        }

        Story story = new Story(
                        port,
                        new DockerDeployOperation(),
                        replacement(true, shared, kept, false, OLD).toParams(),
                        -1)
                .tell();

        assertThat(story.failure)
                .isEqualTo("superseded: somebody else's serves in docker/x/live by now, not " + OLD
                        + "; it stays as it is");
        assertThat(story.effects).isZero();
    }

    @Property(tries = 500)
    void retiringRemovesExactlyWhatWasAskedFor(@ForAll Fate first, @ForAll Fate second, @ForAll byte stopAt) {
        Port port = new Port(true, Nature.GOOD);
        List.of("a", "b", "serving").forEach(name -> port.boxes.put(name, new Box(Nature.GOOD, true)));

        Story story = new Story(
                        port,
                        new DockerDeleteOperation(),
                        DockerDeleteOperation.params(List.of(), List.of("a", "b")),
                        stopAt,
                        first,
                        second)
                .tell();

        assertThat(port.boxes).containsKey("serving");
        if (story.done) {
            assertThat(port.boxes).containsOnlyKeys("serving");
        }
    }

    @Example
    void nothingToRetire() {
        assertThat(new Story(
                                new Port(true, Nature.GOOD),
                                new DockerDeleteOperation(),
                                DockerDeleteOperation.params(List.of(), List.of()),
                                -1)
                        .tell()
                        .done)
                .isTrue();
    }

    @Property(tries = 200)
    void parametersSurviveTheJournal(
            @ForAll boolean old, @ForAll boolean shared, @ForAll boolean kept, @ForAll boolean runs) {
        DockerDeployParameters r = replacement(old, shared, kept, runs, old ? OLD : null);

        assertThat(DockerDeployParameters.read(new HashMap<>(r.toParams()))).isEqualTo(r);
    }
}
