package io.jenkins.plugins.pymacaron.targets.gke;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.jenkins.plugins.pymacaron.accept.Probe;
import io.jenkins.plugins.pymacaron.accept.ProbeRequest;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Change;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Target;
import io.jenkins.plugins.pymacaron.targets.cloud.CutOff;
import io.jenkins.plugins.pymacaron.targets.cloud.OvertakenContract;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The target beside another deployment: what the other one has changed, it leaves alone. */
@Timeout(20 * 60)
class GkeOthersTest extends OvertakenContract {
    private Scene scene;

    @BeforeEach
    void open() throws Exception {
        scene = new Scene();
    }

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    @Override
    protected Target live() throws Exception {
        return scene.target(Slot.LIVE);
    }

    @Override
    protected Candidate candidate(String number) {
        return Scene.candidate("v" + number);
    }

    @Override
    protected Deployed promote(String number) throws Exception {
        return scene.promote("v" + number);
    }

    @Override
    protected Deployed done(Target target, Change change) throws Exception {
        return scene.done(target, change);
    }

    @Override
    protected String decisive() {
        return "apply:Deployment";
    }

    @Override
    protected void settled() throws Exception {
        scene.rolledOut(Slot.LIVE);
    }

    /** The canary goes with its promotion. */
    @Override
    protected void giveUp(Deployed second) throws Exception {
        scene.done(live(), live().withdraw(second));
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

    /** Also of the same commit, which a user deploys again, on another machine. */
    @ParameterizedTest
    @ValueSource(strings = {"v2", "v3"})
    void theCanaryOfANewerRunStays(String version) throws Exception {
        scene.promote("v1");
        Target target = scene.target(Slot.LIVE);
        Change change = target.prepare(Scene.candidate("v2"));
        try (CutOff dead = new CutOff(scene.directory.resolve("dead"), target, change, "apply:Service", true)) {
            Deployed newer = scene.done(target, target.prepare(Scene.candidate(version)));

            assertThat(dead.undo().left()).isEmpty();

            assertThat(answers(newer)).isEqualTo(version);
            scene.done(target, target.withdraw(newer));
            assertNoCanaryIsLeft();
        }
    }

    @Test
    void aRunThatGivesUpItsCanaryLeavesThatOfANewerRunAlone() throws Exception {
        scene.promote("v1");
        Target target = scene.target(Slot.LIVE);
        Deployed older = scene.done(target, target.prepare(Scene.candidate("v2")));
        Change change = target.withdraw(older);
        Deployed newer = scene.done(target, target.prepare(Scene.candidate("v3")));

        scene.done(target, change);
        scene.done(target, target.withdraw(older));

        assertThat(answers(newer)).isEqualTo("v3");
    }

    @Test
    void theWholeCanaryOfADeadRunIsDeletedByTheRunThatTookItOver() throws Exception {
        scene.promote("v1");
        Target target = scene.target(Slot.LIVE);
        Change first = target.prepare(Scene.candidate("v2"));
        try (CutOff dead = new CutOff(scene.directory.resolve("dead"), target, first, "apply:Service", true)) {
            Change again = target.prepare(Scene.candidate("v2"));
            try (CutOff stopped =
                    new CutOff(scene.directory.resolve("stopped"), target, again, "apply:Deployment", true)) {
                assertThat(stopped.undo().left()).isEmpty();
            }
            assertThat(dead.undo().left()).isEmpty();
        }
        assertNoCanaryIsLeft();
    }

    private String answers(Deployed canary) throws Exception {
        URI door = scene.target(Slot.LIVE).apart(canary).orElseThrow();
        return new Probe(ProbeRequest.plain(Duration.ofSeconds(60), true)).version(door);
    }

    private void assertNoCanaryIsLeft() throws Exception {
        try (KubernetesClient client = scene.client(Slot.LIVE)) {
            List<HasMetadata> left = new ArrayList<>();
            left.addAll(client.apps().deployments().inNamespace("hello").list().getItems());
            left.addAll(client.services().inNamespace("hello").list().getItems());
            left.addAll(client.secrets().inNamespace("hello").list().getItems());
            assertThat(left)
                    .extracting(object -> object.getMetadata().getName())
                    .filteredOn(name -> name.contains("canary"))
                    .isEmpty();
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
