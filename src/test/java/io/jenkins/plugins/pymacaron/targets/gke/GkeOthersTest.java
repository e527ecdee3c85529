package io.jenkins.plugins.pymacaron.targets.gke;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Target;
import io.jenkins.plugins.pymacaron.targets.cloud.CutOff;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The target beside another deployment: what the other one has changed, it leaves alone. */
@Timeout(20 * 60)
class GkeOthersTest {
    private Scene scene;

    @BeforeEach
    void open() throws Exception {
        scene = new Scene();
    }

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    /** A process that died in a promotion finds, when it is back, what another one has made live since. */
    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,true", "false,false"})
    void aVersionThatAnotherDeploymentMadeLiveSinceStays(boolean applied, boolean undone) throws Exception {
        scene.promote("v1");
        Target target = scene.target(Slot.LIVE);
        Optional<Deployed> before = target.current();
        Deployed second = scene.done(target, target.prepare(Scene.candidate("v2")));
        try (CutOff dead = new CutOff(
                scene.directory.resolve("dead"),
                target,
                target.activate(Scene.candidate("v2"), second, before),
                "apply:Deployment",
                applied)) {
            scene.done(scene.target(Slot.LIVE), scene.target(Slot.LIVE).withdraw(second));
            scene.promote("v3");

            Outcome outcome = undone ? dead.undo() : dead.resume();

            assertThat(scene.target(Slot.LIVE).current().orElseThrow().version())
                    .isEqualTo("v3");
            assertThat(outcome.left()).isEmpty();
            assertThat(outcome).isNotInstanceOf(Outcome.Done.class);
        }
    }

    /** Two files of one name and place: the second is told so before it takes anything over. */
    @Test
    void anotherFileDoesNotTakeOverWhatOneDeploys() throws Exception {
        Deployed first = scene.promote("v1");
        Target target = scene.target(Slot.LIVE);
        assertThat(target.preflight()).isEmpty();
        scene.done(target, target.rollBack(scene.promote("v2"), first));
        assertThat(target.preflight()).isEmpty();

        scene.env = "qa";

        assertThat(scene.target(Slot.LIVE).preflight().toString())
                .contains(
                        "Deployment hello-live in namespace hello is what pym-config.yaml deploys, not pym-config.qa.yaml")
                .contains("Set another name, gke_namespace or gke_cluster in one of the two");
    }

    /**
     * The state is as it was when the process died: by the same deployment once more, or by a rollback to the version
     * before.
     */
    @ParameterizedTest
    @CsvSource({"true,true", "false,false"})
    void aStateThatAnotherOwnerHasConfirmedStays(boolean same, boolean undone) throws Exception {
        Deployed first = scene.promote("v1");
        Target target = scene.target(Slot.LIVE);
        Deployed second = scene.done(target, target.prepare(Scene.candidate("v2")));
        try (CutOff dead = new CutOff(
                scene.directory.resolve("dead"),
                target,
                target.activate(Scene.candidate("v2"), second, Optional.of(first)),
                "apply:Deployment",
                same)) {
            scene.done(target, target.withdraw(second));
            if (same) {
                scene.promote("v2");
            } else {
                scene.done(target, target.rollBack(scene.promote("v3"), first));
            }

            Outcome outcome = undone ? dead.undo() : dead.resume();

            assertThat(target.current().orElseThrow().version()).isEqualTo(same ? "v2" : "v1");
            assertThat(outcome.left()).isEmpty();
            assertThat(outcome).isNotInstanceOf(Outcome.Done.class);
            assertThat(outcome.toString().contains("superseded by")).isNotEqualTo(undone);
        }
    }

    /** This includes the Service and the Ingress of a first deployment that was interrupted. */
    @Test
    void anObjectThatAnotherDeploymentUsesSinceIsNotDeleted() throws Exception {
        Target target = scene.target(Slot.STAGING);
        try (CutOff dead = new CutOff(
                scene.directory.resolve("dead"),
                target,
                target.prepare(Scene.candidate("v1")),
                "apply:Ingress",
                true)) {
            scene.done(scene.target(Slot.STAGING), scene.target(Slot.STAGING).prepare(Scene.candidate("v3")));

            Outcome outcome = dead.undo();

            assertThat(scene.target(Slot.STAGING).current().orElseThrow().version())
                    .isEqualTo("v3");
            assertThat(outcome.left()).isEmpty();
            assertThat(URI.create("http://127.0.0.1:" + scene.stagingPort + "/version")
                            .toURL()
                            .openStream())
                    .hasContent("{\"version\": \"v3\"}");
        }
    }

    @Test
    void theDeploymentOfAnotherOwnerIsNotOverwritten() throws Exception {
        scene.promote("v1");
        Target live = scene.target(Slot.LIVE);
        Deployed before = live.current().orElseThrow();
        var change = live.activate(Scene.candidate("v3"), before, Optional.of(before));
        scene.promote("v2");

        Outcome outcome = scene.run(live, change);

        assertThat(((Outcome.Failed) outcome).reason()).contains(" serves in gke/hello/live by now, not ");
        assertThat(live.current().map(Deployed::version)).contains("v2");
    }
}
