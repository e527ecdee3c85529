package io.jenkins.plugins.pymacaron.targets.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.docker.ContainerFacts;
import io.jenkins.plugins.pymacaron.docker.ContainerSpec;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.docker.EmulatedEngine.Ended;
import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.EffectException;
import io.jenkins.plugins.pymacaron.operation.Effector;
import io.jenkins.plugins.pymacaron.operation.Lookup;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.Expectation;
import io.jenkins.plugins.pymacaron.targets.LiveMark.Claim;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The effects on an engine that does not answer some of its calls, and on which there are containers of others. */
@Timeout(20 * 60)
class DockerEffectorTest {
    private static final String NAME = "pym-hello-live-v1";
    private static final String IMAGE = EngineScene.candidate("v1").image();
    private static final int NONE = 0;

    @TempDir
    private Path temporary;

    private EngineScene scene;
    private Docker docker;
    private Environment environment;
    private Effector effector;

    /** The calls of the effector since the last {@link #failing}. */
    private final List<String> calls = new CopyOnWriteArrayList<>();

    private volatile int failing;

    /** Whether the engine carries out the call that fails. */
    private volatile boolean carriedOut;

    /** The end of the call that fails. */
    private volatile Ended failure = Ended.refused("Internal Server Error");

    /** An effect, of an undo or forward. */
    enum Act {
        CREATE,
        START,
        RESTORE,
        STOP,
        REMOVE
    }

    @BeforeEach
    void connect() throws Exception {
        scene = new EngineScene(temporary, true);
        docker = scene.engine.client((argv, engine) -> engine.call());
        environment = scene.environment(Slot.LIVE);
        effector = scene.target(Slot.LIVE, (argv, engine) -> {
                    calls.add(argv.get(0) + " " + argv.get(1));
                    boolean fails = calls.size() == failing;
                    Ended ended = fails && !carriedOut ? null : engine.call();
                    return fails ? failure : ended;
                })
                .effector();
    }

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    private void remove() throws Exception {
        docker.containers().remove(NAME);
        docker.volumes()
                .remove(docker.volumes()
                        .listed(Map.of(DockerMetadata.LIVE_MARK_OF, environment.name()), DockerMetadata.LIVE_MARK)
                        .keySet());
    }

    /** Lets the call of that number fail, counted from now on; the engine does not carry it out. */
    private void failing(int call) {
        failing = call;
        calls.clear();
    }

    private Map<String, String> labels() {
        Map<String, String> labels = new HashMap<>();
        DockerMetadata.OF_A_DEPLOYMENT.forEach(label -> labels.put(label, "x"));
        labels.put(DockerMetadata.ENVIRONMENT, environment.name());
        labels.put(DockerMetadata.ROLE, DockerMetadata.SERVING);
        labels.put(DockerMetadata.IDENTITY, new ContainerOwnership(environment).identity());
        labels.put(DockerMetadata.DIGEST, EngineScene.candidate("v1").digest());
        labels.put(DockerMetadata.URL, scene.url());
        labels.put(DockerMetadata.PROBE, scene.url());
        return labels;
    }

    private void make(Map<String, String> labels) throws Exception {
        docker.containers()
                .create(ContainerSpec.of(IMAGE)
                        .named(NAME)
                        .onHostNetwork()
                        .with(Map.of("PORT", scene.url().replaceFirst(".*:", "")))
                        .labelled(labels));
    }

    /** Makes the state in which that effect has something to do. */
    private void prepare(Act act) throws Exception {
        remove();
        if (act != Act.CREATE) {
            make(labels());
        }
        if (act == Act.STOP || act == Act.REMOVE) {
            docker.containers().start(NAME);
        }
    }

    private Effect effect(Act act) {
        Effect effect =
                switch (act) {
                    case CREATE ->
                        DockerEffects.create(
                                new ContainerCreation(NAME, IMAGE, scene.port(), NONE, false, Map.copyOf(labels())));
                    case START -> DockerEffects.start(NAME);
                    case RESTORE -> DockerEffects.restore(NAME);
                    case STOP -> DockerEffects.stop(NAME);
                    case REMOVE -> DockerEffects.remove(NAME);
                };
        return Expectation.forth(effect, List.of(Expectation.ANY), Optional.of(new Claim("mine", "")));
    }

    /** Returns the number of the call that changes the container, and makes the state of before again. */
    private int change(Act act) throws Exception {
        failing(NONE);
        effector.apply(effect(act));
        int change = 1;
        while (!changesContainer(calls.get(change - 1))) {
            change++;
        }
        prepare(act);
        return change;
    }

    private static boolean changesContainer(String call) {
        return call.matches("(create|start|stop|rm) .*");
    }

    /** A refusal would end the effect, and leave something in an undo, though the next look may be answered. */
    @ParameterizedTest
    @EnumSource
    void aCallThatLooksAndFailsRefusesNothing(Act act) throws Exception {
        prepare(act);
        failing(NONE);
        effector.apply(effect(act));
        List<String> told = List.copyOf(calls);
        assertThat(told).hasSizeGreaterThan(2).anyMatch(DockerEffectorTest::changesContainer);
        for (int call = 1; call <= told.size(); call++) {
            if (changesContainer(told.get(call - 1))) {
                continue;
            }
            prepare(act);
            failing(call);

            EffectException refused = catchThrowableOfType(EffectException.class, () -> effector.apply(effect(act)));

            String as = "call " + call + " of " + told;
            assertThat(calls).as(as).hasSizeGreaterThanOrEqualTo(call);
            assertThat(refused == null || refused.kind() != EffectException.Kind.REJECTED)
                    .as(as + ": " + refused)
                    .isTrue();
            failing(NONE);
            effector.apply(effect(act));
            assertThat(effector.find(effect(act))).as(as).isInstanceOf(Lookup.Present.class);
        }
    }

    /** Otherwise an undo would skip the stop of what serves, since it counts as not done. */
    @ParameterizedTest
    @EnumSource
    void aChangeThatTheEngineHasMadeAndCallsAFailureIsNotRefused(Act act) throws Exception {
        for (boolean carried : new boolean[] {true, false}) {
            prepare(act);
            failing(change(act));
            carriedOut = carried;

            EffectException refused = catchThrowableOfType(EffectException.class, () -> effector.apply(effect(act)));

            failing(NONE);
            carriedOut = false;
            boolean ends = act == Act.STOP || act == Act.REMOVE;
            if (carried || ends) {
                assertThat(refused == null || refused.kind() == EffectException.Kind.UNCERTAIN)
                        .as("carried out: " + carried + ", " + refused)
                        .isTrue();
            } else {
                assertThat(refused.kind()).isEqualTo(EffectException.Kind.REJECTED);
            }
            assertThat(effector.find(effect(act)) instanceof Lookup.Present).isEqualTo(carried);
        }
    }

    /** An engine that is restarted amid a call may have carried it out, so that an undo has to count it. */
    @ParameterizedTest
    @EnumSource
    void aChangeWhoseConnectionIsLostIsNotCertainlyUndone(Act act) throws Exception {
        for (boolean lost : new boolean[] {true, false}) {
            prepare(act);
            failing(change(act));
            failure = new Ended(
                    1,
                    "",
                    lost
                            ? "error during connect: Post \"http://docker/x\": EOF\n"
                            : "Cannot connect to the Docker daemon\n");

            EffectException failed = catchThrowableOfType(EffectException.class, () -> effector.apply(effect(act)));

            assertThat(failed.kind()).isEqualTo(lost ? EffectException.Kind.UNCERTAIN : EffectException.Kind.RETRY);
        }
    }

    /** Each deployment would wait for its end of time for an old container that the kernel does not let go. */
    @ParameterizedTest
    @EnumSource(names = {"STOP", "REMOVE"})
    void aLastingReasonIsARefusal(Act act) throws Exception {
        prepare(act);
        failing(change(act));
        failure = Ended.refused("cannot kill container: x: permission denied");

        EffectException refused = catchThrowableOfType(EffectException.class, () -> effector.apply(effect(act)));

        assertThat(refused.kind()).isEqualTo(EffectException.Kind.REJECTED);
    }

    /** The engine did not make the container, as far as it says, and does not say either whether there is one. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aContainerThatMayHaveBeenMadeIsLookedFor(boolean there) throws Exception {
        prepare(Act.CREATE);
        failing(NONE);
        effector.apply(effect(Act.CREATE));
        failing(NONE);
        effector.apply(effect(Act.CREATE));
        int looks = calls.size();
        if (!there) {
            docker.containers().remove(NAME);
            make(Map.of());
        }
        failing(looks);

        EffectException refused = catchThrowableOfType(EffectException.class, () -> effector.apply(effect(Act.CREATE)));

        assertThat(refused).isNotNull();
        assertThat(refused.kind()).isEqualTo(EffectException.Kind.UNCERTAIN);
        assertThat(effector.find(effect(Act.CREATE)) instanceof Lookup.Present).isEqualTo(there);
    }

    /** A name proves nothing: a container was made by hand, or by another file for an environment of the same name. */
    @ParameterizedTest
    @EnumSource
    void aContainerOfAnotherOwnerIsLeftAlone(Act act) throws Exception {
        Map<String, String> labels = labels();
        labels.put(DockerMetadata.IDENTITY, "another file");
        for (Map<String, String> others : List.of(Map.<String, String>of(), labels)) {
            remove();
            make(others);
            if (act != Act.START && act != Act.RESTORE) {
                docker.containers().start(NAME);
            }
            ContainerFacts before = docker.containers().inspect(NAME).orElseThrow();
            failing(NONE);

            EffectException refused = catchThrowableOfType(EffectException.class, () -> effector.apply(effect(act)));

            if (act == Act.REMOVE) {
                assertThat(refused).as("what is not ours is no rest of ours").isNull();
            } else {
                assertThat(refused).isNotNull();
                assertThat(refused.kind()).isEqualTo(EffectException.Kind.REJECTED);
                assertThat(refused)
                        .hasMessageContaining(NAME)
                        .message()
                        .containsAnyOf(
                                "is not of this environment; it is left alone",
                                "that is not ours; remove or rename it");
            }
            assertThat(docker.containers().inspect(NAME)).contains(before);
        }
    }
}
