package io.jenkins.plugins.pymacaron.targets.gke;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.jenkins.plugins.pymacaron.accept.Probe;
import io.jenkins.plugins.pymacaron.accept.ProbeRequest;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.operation.Run;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Change;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Target;
import io.jenkins.plugins.pymacaron.targets.cloud.CutOff;
import io.jenkins.plugins.pymacaron.targets.cloud.HeldRequest;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Answer;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Between;
import io.jenkins.plugins.pymacaron.targets.gke.wire.Wires;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An undone version answers no longer when it is reported as undone, and some version answers all the time. */
@Timeout(20 * 60)
class UndoneTest {
    private static final Duration SOON = Duration.ofMinutes(10);

    private static final String DENIED = """
            {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Forbidden", "code": 403,
             "message": "deployments.apps \\"hello-live\\" is forbidden: the policy is in the way"}
            """;

    private static final Duration PAUSE = Duration.ofMillis(20);

    private Scene scene;
    private Target live;
    private Deployed first;

    @BeforeEach
    void open() throws Exception {
        scene = new Scene().with("accept: {ready_timeout: 3m}\n");
        live = scene.target(Slot.LIVE);
        Candidate candidate = Scene.candidate("v1");
        Deployed ready = scene.done(live, live.prepare(candidate));
        first = scene.done(live, live.activate(candidate, ready, Optional.empty()));
        scene.done(live, live.withdraw(ready));
    }

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    /** Its pods run and answer, but another version than its image was to have, so that the proof goes on asking. */
    private Run serving() throws Exception {
        Candidate image = Scene.candidate("v2");
        Candidate second = new Candidate(image.deploymentId(), image.image(), "v9", image.digest(), image.commit());
        Run run = scene.start(live, live.activate(second, first, Optional.of(first)));
        await("v2 serves alone", () -> readyPods().equals(List.of("v2")));
        return run;
    }

    /** Returns the versions whose pods are ready, ending or not; once for each pod. */
    private List<String> readyPods() throws Exception {
        return pods(Readiness::isPodReady);
    }

    private List<String> endingPods() throws Exception {
        return pods(UndoneTest::isEnding);
    }

    private List<String> pods(Predicate<Pod> which) throws Exception {
        return pods(Slot.LIVE, which);
    }

    private List<String> pods(Slot slot, Predicate<Pod> which) throws Exception {
        try (KubernetesClient client = scene.client(slot)) {
            return client.pods().inNamespace("hello").withLabel("app", "hello-" + slot.id()).list().getItems().stream()
                    .filter(which)
                    .map(UndoneTest::version)
                    .sorted()
                    .toList();
        }
    }

    private static String version(Pod pod) {
        return pod.getSpec()
                .getContainers()
                .get(0)
                .getImage()
                .replaceFirst("@.*", "")
                .replaceFirst(".*/", "");
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        long until = System.nanoTime() + SOON.toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).as(what).isLessThan(until);
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private String answers() throws Exception {
        return new Probe(ProbeRequest.plain(Duration.ofSeconds(60), true)).version(URI.create(first.url()));
    }

    private void assertUndone(Run run) throws Exception {
        Outcome outcome = run.outcome().get(SOON.toSeconds(), TimeUnit.SECONDS);
        assertThat(outcome).isInstanceOf(Outcome.Stopped.class);
        assertThat(outcome.left()).isEmpty();
        assertThat(readyPods()).containsExactly("v1");
        assertThat(answers()).isEqualTo("v1");
        assertThat(live.earlier()).isEmpty();
    }

    @Test
    void theServingVersionIsRemovedOnlyWhenThePreviousOneServes() throws Exception {
        Run run = serving();
        Wires.slowly(scene.kube, true);

        run.stop("enough");

        await("it looks at what serves", () -> run.outcome().isDone() || said("see that only "));
        assertThat(run.outcome()).as("no pod of v1 is ready").isNotDone();
        assertThat(readyPods()).containsExactly("v2");
        Wires.slowly(scene.kube, false);
        assertUndone(run);
    }

    @Test
    void podsThatAreEndingAreWaitedFor() throws Exception {
        Run run = serving();
        Wires.ending(scene.kube, Duration.ofHours(1));

        run.stop("enough");

        await(
                "v1 serves beside what ends",
                () -> run.outcome().isDone()
                        || readyPods().equals(List.of("v1", "v2"))
                                && endingPods().equals(List.of("v2")));
        await("what serves is looked at", () -> run.outcome().isDone() || said("see that only "));
        assertThat(run.outcome()).as("a pod of v2 answers whom it knows").isNotDone();
        Wires.end(scene.kube);
        assertUndone(run);
    }

    private static boolean isEnding(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() != null;
    }

    /** The first version of an environment has no other one to return to: its Deployment is deleted. */
    @Test
    void podsOfAFirstVersionThatAreEndingAreWaitedFor() throws Exception {
        Target staging = scene.target(Slot.STAGING);
        Candidate image = Scene.candidate("v2");
        Run run = scene.start(
                staging,
                staging.prepare(
                        new Candidate(image.deploymentId(), image.image(), "v9", image.digest(), image.commit())));
        await("v2 serves", () -> pods(Slot.STAGING, Readiness::isPodReady).equals(List.of("v2")));
        Wires.ending(scene.kube, Duration.ofHours(1));

        run.stop("enough");

        await(
                "the pods are ending",
                () -> run.outcome().isDone()
                        || pods(Slot.STAGING, UndoneTest::isEnding).equals(List.of("v2")));
        await("the pods are looked at", () -> run.outcome().isDone() || said("see that no pod of Deployment "));
        assertThat(run.outcome()).as("a pod of v2 answers whom it knows").isNotDone();
        Wires.end(scene.kube);
        Outcome outcome = run.outcome().get(SOON.toSeconds(), TimeUnit.SECONDS);
        assertThat(outcome).isInstanceOf(Outcome.Stopped.class);
        assertThat(outcome.left()).isEmpty();
        assertThat(pods(Slot.STAGING, Readiness::isPodReady)).isEmpty();
        assertThat(readyPods()).as("another environment").containsExactly("v1");
    }

    /** It was deployed, and then not accepted. */
    @Test
    void podsOfAFirstVersionThatIsWithdrawnAreWaitedFor() throws Exception {
        Wires.ending(scene.kube, Duration.ofHours(1));

        Run run = scene.start(live, live.withdraw(first));

        await(
                "the pods are ending",
                () -> run.outcome().isDone() || endingPods().equals(List.of("v1")));
        await("the pods are looked at", () -> run.outcome().isDone() || said("see that no pod of Deployment "));
        assertThat(run.outcome()).as("a pod of v1 answers whom it knows").isNotDone();
        Wires.end(scene.kube);
        assertThat(run.outcome().get(SOON.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(Outcome.Done.class);
        assertThat(readyPods()).isEmpty();
    }

    private boolean said(String line) {
        return scene.log.stream().anyMatch(said -> said.contains(line));
    }

    /** The process is dead, and its request is on its way until the undo has reported. */
    @Test
    void aRequestThatArrivesAfterTheUndoIsRefused() throws Exception {
        Change change = live.activate(Scene.candidate("v2"), first, Optional.of(first));
        HeldRequest held = new HeldRequest(request -> request.method().equals("PATCH")
                && request.path().matches(".*/deployments/[^/]+")
                && !request.query().containsKey("dryRun"));
        scene.kube.between = held;
        try (CutOff dead = new CutOff(scene.directory.resolve("dead"), live, change, "apply:Deployment", true)) {
            held.release();

            assertThat(dead.undo().left()).isEmpty();
        }
        assertThat(held.deliver().status()).isEqualTo(409);
        assertThat(scene.target(Slot.LIVE).current()).map(Deployed::version).contains("v1");
    }

    /** An admission policy that came after the process had died. Nothing was changed, and its request has ended. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRefusedUndoIsGivenUpOnlyWhereNothingWasChanged(boolean changed) throws Exception {
        Change change = live.activate(Scene.candidate("v2"), first, Optional.of(first));
        try (CutOff dead = new CutOff(scene.directory.resolve("dead"), live, change, "apply:Deployment", changed)) {
            scene.kube.between = (request, server) ->
                    request.method().equals("PATCH") && request.path().matches(".*/deployments/[^/]+")
                            ? Answer.json(403, DENIED)
                            : server.answer(request);

            assertThat(dead.undo().left())
                    .first()
                    .asString()
                    .contains("the policy is in the way")
                    .satisfies(left -> assertThat(left.contains("; nothing was changed, so a clean-up after "))
                            .isNotEqualTo(changed));
            Outcome again = dead.later(Duration.ofMinutes(2)).undoAgain();
            assertThat(again.left().isEmpty()).as(again.toString()).isNotEqualTo(changed);

            scene.kube.between = Between.NOTHING;
            if (changed) {
                assertThat(dead.undoAgain().left()).isEmpty();
            }
        }
        assertThat(scene.target(Slot.LIVE).current()).map(Deployed::version).contains("v1");
    }
}
