package io.jenkins.plugins.pymacaron.targets.gke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.jenkins.plugins.pymacaron.accept.Probe;
import io.jenkins.plugins.pymacaron.accept.ProbeRequest;
import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Target;
import io.jenkins.plugins.pymacaron.targets.gke.wire.Wires;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the additions, refusals and losses by clusters' own rules, and changes by others. */
@Timeout(20 * 60)
class ClusterRulesTest {
    private Scene scene;

    @BeforeEach
    void open() throws Exception {
        scene = new Scene();
    }

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    private Deployed staging(String version) throws Exception {
        Target staging = scene.target(Slot.STAGING);
        return scene.done(staging, staging.prepare(Scene.candidate(version)));
    }

    private String problems(Slot slot) throws Exception {
        return String.join(
                "\n",
                scene.target(slot).preflight().stream().map(Problem::toString).toList());
    }

    /** Autopilot makes limits of the requests. */
    @Test
    void resourcesChangedByAdmissionAreNoDifference() throws Exception {
        Wires.autopilot(scene.kube);
        Wires.lose(scene.kube, "PATCH /apis/apps/v1/namespaces/hello/deployments");
        staging("v1");
        scene.log.clear();

        staging("v1");
        assertThat(scene.changes())
                .as("only who was here last is written down")
                .containsExactly("note on Deployment hello-staging that it stays as it is");

        staging("v2");
        assertThat(scene.changes())
                .filteredOn(line -> line.startsWith("change Deployment"))
                .hasSize(1)
                .noneMatch(line -> line.contains("resources"));
    }

    @Test
    void resourcesThatAnotherHandHasChangedAreADifference() throws Exception {
        staging("v1");
        scene.log.clear();
        try (KubernetesClient client = scene.client(Slot.STAGING)) {
            ObjectNode theirs = JsonTree.parse("""
                    {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "hello-staging"}, "spec": {
                     "template": {"spec": {"containers": [
                       {"name": "container-hello", "resources": {"limits": {"cpu": "2"}}}]}}}}
                    """);
            new Applied(client).apply(theirs, "ops");
        }

        staging("v1");

        assertThat(scene.log).anyMatch(line -> line.contains("resources.limits.cpu: 2 -> 500m"));
    }

    @Test
    void podsFitTheRestrictedStandard() throws Exception {
        Wires.namespace(scene.kube, "hello", "restricted", "");

        assertThat(staging("v1").version()).isEqualTo("v1");
    }

    @Test
    void anImageThatRunsAsRootNeedsAKey() throws Exception {
        Target staging = scene.target(Slot.STAGING);
        Outcome refused = scene.run(staging, staging.prepare(Scene.candidate("root1")));
        assertThat(((Outcome.Failed) refused).reason())
                .contains("container has runAsNonRoot and image will run as root", "set gke_run_as_root: true");

        scene.with("gke_run_as_root: true\n");

        assertThat(staging("root1").version()).isEqualTo("root1");
    }

    @Test
    void aNameThatKubernetesDoesNotTakeIsToldBeforeAnythingIsMade() throws Exception {
        scene.with("gke_namespace: " + "a".repeat(64) + "\n");

        assertThat(problems(Slot.LIVE)).contains("would have a name of 64 characters, and 63 are the most");
    }

    private Service service(int port, Map<String, String> selector) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withName("hello-staging-service")
                .endMetadata()
                .withNewSpec()
                .withSelector(selector)
                .addNewPort()
                .withPort(port)
                .withTargetPort(new IntOrString(8080))
                .endPort()
                .endSpec()
                .build();
    }

    @ParameterizedTest
    @CsvSource({
        "80,hello-staging,has the port 80 beside 8080",
        "8080,another,leads to other pods",
        "8080,hello-staging,was made by another user or tool and is taken over"
    })
    void aServiceOfOthersIsNotTakenSilently(int port, String app, String said) throws Exception {
        Wires.namespace(scene.kube, "hello", "", "");
        try (KubernetesClient client = scene.client(Slot.STAGING)) {
            client.services()
                    .inNamespace("hello")
                    .resource(service(port, Map.of("app", app)))
                    .create();
        }

        assertThat(problems(Slot.STAGING))
                .contains("Service hello-staging-service")
                .contains(said);
        if (said.endsWith("over")) {
            staging("v1");
            assertThat(scene.log).anyMatch(line -> line.startsWith("take over Service hello-staging-service"));
        }
    }

    @Test
    void aNamespaceThatIsBeingDeletedIsToldOf() throws Exception {
        Wires.namespace(scene.kube, "hello", "", "Terminating");

        assertThat(problems(Slot.STAGING)).contains("Namespace hello is being deleted");
    }

    /** The template keeps our label, but it is another deployment. */
    @Test
    void anImageThatWasSetByHandIsNotOurs() throws Exception {
        staging("v1");
        staging("v2");
        try (KubernetesClient client = scene.client(Slot.STAGING)) {
            ObjectNode theirs = JsonTree.parse("""
                    {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "hello-staging"}, "spec": {
                     "template": {"spec": {"containers": [{"name": "container-hello", "image": "gcr.io/demo/v9@sha256:9"}]}}}}
                    """);
            new Applied(client).apply(theirs, "ops");
        }
        scene.rolledOut(Slot.STAGING);
        Target target = scene.target(Slot.STAGING);

        assertThat(target.current().orElseThrow().deploymentId()).startsWith("set");
        assertThat(target.current().orElseThrow().digest()).isEqualTo("sha256:9");
        assertThat(target.earlier()).extracting(Deployed::version).containsExactly("v2", "v1");
        scene.done(target, target.retire(target.current().orElseThrow(), 2));
        Deployed second = target.earlier().get(0);
        scene.done(target, target.rollBack(target.current().orElseThrow(), second));
        assertThat(target.current().map(Deployed::deploymentId)).contains("v2-00000000");
    }

    /**
     * This has the rights of docs/policies alone: the ReplicaSet of another tool's template appears while it is
     * planned.
     */
    @Test
    void aChangeOfAnotherToolThatTheControllerHasNotSeenIsWaitedFor() throws Exception {
        staging("v1");
        Wires.allow(scene.kube, "exact", PoliciesTest.rights("gke-namespace.yaml"));
        scene.inherited.clear();
        scene.inherited.put(
                ClusterAccess.KUBECONFIG_TEXT, Wires.kubeconfig(scene.kube).replace("admin", "exact"));
        Wires.blind(scene.kube, true);
        try (KubernetesClient client = scene.client(Slot.STAGING)) {
            new Applied(client).apply(JsonTree.parse("""
                    {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "hello-staging"}, "spec": {
                     "template": {"spec": {"containers": [{"name": "container-hello", "image": "gcr.io/demo/v9@sha256:9"}]}}}}
                    """), "ops");
        }
        Target staging = scene.target(Slot.STAGING);
        long before = Wires.watches(scene.kube, "deployments");
        CompletableFuture<GkeDeployParameters> planned = CompletableFuture.supplyAsync(() -> {
            try {
                return GkeDeployParameters.read(
                        staging.prepare(Scene.candidate("v2")).params());
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        Wires.awaitWatch(scene.kube, "deployments", before);

        Wires.blind(scene.kube, false);

        assertThat(planned.get(600, TimeUnit.SECONDS).back())
                .extracting(back -> back.act().deployment())
                .anyMatch(id -> id.startsWith("set"));
    }

    @Test
    void aDeploymentThatWasDeletedMeanwhileCannotBeRolledBackAndThatIsSaid() throws Exception {
        staging("v1");
        Target staging = scene.target(Slot.STAGING);
        CompletableFuture<Outcome> running;
        try (KubernetesClient client = scene.client(Slot.STAGING)) {
            var change = staging.prepare(Scene.candidate("missing"));
            Wires.slowly(scene.kube, true);
            running = CompletableFuture.supplyAsync(() -> outcome(staging, change));
            client.apps()
                    .deployments()
                    .inNamespace("hello")
                    .withName("hello-staging")
                    .waitUntilCondition(d -> d.getMetadata().getGeneration() > 1, 600, TimeUnit.SECONDS);
            client.apps()
                    .deployments()
                    .inNamespace("hello")
                    .withName("hello-staging")
                    .delete();
            Wires.slowly(scene.kube, false);
        }

        Outcome outcome = running.get(600, TimeUnit.SECONDS);

        assertThat(outcome.left())
                .anyMatch(line -> line.contains("Deployment hello-staging was deleted meanwhile, and nothing serves"));
    }

    private Outcome outcome(Target target, io.jenkins.plugins.pymacaron.targets.Change change) {
        try {
            return scene.run(target, change);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aKubeletOutOfReachIsTriedAgainAndNamed() throws Exception {
        staging("v1");
        Target live = scene.target(Slot.LIVE);
        Deployed prepared = scene.done(live, live.prepare(Scene.candidate("v2")));
        Wires.unreachable(scene.kube, 2);
        assertThat(new Probe(ProbeRequest.plain(Duration.ofSeconds(60), true))
                        .version(live.apart(prepared).orElseThrow()))
                .isEqualTo("v2");

        Wires.unreachable(scene.kube, Integer.MAX_VALUE);
        long begin = System.nanoTime();
        assertThat(live.log(prepared, 10)).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(28));
        assertThatThrownBy(() -> live.apart(prepared))
                .hasMessageContaining("cannot be reached through the API server (pods/portforward)")
                .hasMessageContaining("error dialing backend");
    }

    /** Identity-Aware Proxy, for instance, admits no caller. */
    @Test
    void theProofThroughTheIngressCanBeLeftOut() throws Exception {
        staging("v1");
        Wires.guarded(scene.kube);
        scene.with("gke_prove_ingress: false\n");

        assertThat(staging("v2").version()).isEqualTo("v2");
    }

    @Test
    void theProjectOfTheClustersCanBeNamed() throws Exception {
        scene.with("gcp_project: another-project\n");

        assertThat(problems(Slot.STAGING)).contains("there is no GKE cluster hello-staging in project another-project");
    }

    @Test
    void theNamesOfAServiceThatFitsAreNoProblem() {
        assertThat(Optional.of(NameRules.trouble(Kind.SERVICE, "a".repeat(63)))).contains(Optional.empty());
        assertThat(NameRules.trouble(Kind.SERVICE, "a".repeat(64))).isPresent();
        assertThat(NameRules.trouble(Kind.NAMESPACE, "1st")).isEmpty();
        assertThat(List.of(NameRules.trouble(Kind.SERVICE, "1st"), NameRules.trouble(Kind.POD, "a_b")))
                .allMatch(Optional::isPresent);
    }
}
