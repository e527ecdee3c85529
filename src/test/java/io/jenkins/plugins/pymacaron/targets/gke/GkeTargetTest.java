package io.jenkins.plugins.pymacaron.targets.gke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.jenkins.plugins.pymacaron.accept.Probe;
import io.jenkins.plugins.pymacaron.accept.ProbeRequest;
import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Lease;
import io.jenkins.plugins.pymacaron.targets.LeaseStore;
import io.jenkins.plugins.pymacaron.targets.Target;
import io.jenkins.plugins.pymacaron.targets.cloud.GoogleCredential;
import io.jenkins.plugins.pymacaron.targets.gke.wire.Wires;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
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
import org.junit.jupiter.params.provider.ValueSource;

/** The whole target against a cluster that speaks Kubernetes' protocol. */
@Timeout(20 * 60)
class GkeTargetTest {
    private Scene scene;

    @BeforeEach
    void open() throws Exception {
        scene = new Scene();
    }

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    @Test
    void deploysToStaging() throws Exception {
        Target staging = scene.target(Slot.STAGING);
        assertThat(staging.preflight()).isEmpty();
        assertThat(staging.current()).isEmpty();

        Deployed deployed = scene.done(staging, staging.prepare(Scene.candidate("v1")));

        assertThat(deployed.url()).isEqualTo("http://127.0.0.1:" + scene.stagingPort);
        assertThat(staging.current().map(Deployed::deploymentId)).contains("v1-00000000");
        Map<String, String> variables =
                scene.hosts.variables.values().iterator().next();
        assertThat(variables)
                .containsEntry("TOP_SECRET", Scene.SECRET)
                .containsEntry("PYM_ENV", "hello-staging")
                .containsEntry("PORT", "8080");
        assertThat(scene.journals()).doesNotContain("s3cr3t").contains("hello-staging-env-00000000");
        assertThat(scene.log.get(0)).contains("as deployer@");
    }

    @Test
    void anUnchangedDeploymentIsOnlyProven() throws Exception {
        Target staging = scene.target(Slot.STAGING);
        scene.done(staging, staging.prepare(Scene.candidate("v1")));
        scene.log.clear();

        scene.done(staging, staging.prepare(Scene.candidate("v1")));

        assertThat(scene.changes()).containsExactly("note on Deployment hello-staging that it stays as it is");
        try (KubernetesClient client = scene.client(Slot.STAGING)) {
            assertThat(client.apps()
                            .deployments()
                            .inNamespace("hello")
                            .withName("hello-staging")
                            .get()
                            .getMetadata()
                            .getGeneration())
                    .isEqualTo(1);
        }
    }

    @Test
    void promotesRollsBackAndRetires() throws Exception {
        Deployed first = scene.promote("v1");
        Deployed second = scene.promote("v2");
        Target live = scene.target(Slot.LIVE);
        assertThat(live.current().map(Deployed::version)).contains("v2");
        assertThat(live.earlier()).extracting(Deployed::version).containsExactly("v1");
        assertThat(scene.log)
                .anyMatch(line -> line.matches("change Deployment hello-live \\(env\\[VERSION\\]\\.value: v1 -> v2,"
                        + " image: gcr\\.io/demo/v1@sha256:\\S+ -> gcr\\.io/demo/v2@sha256:\\S+\\)"));

        scene.done(live, live.rollBack(second, first));
        assertThat(live.current().map(Deployed::version)).contains("v1");
        scene.done(live, live.withdraw(second));
        assertThat(live.earlier()).isEmpty();

        scene.promote("v3");
        scene.promote("v4");
        scene.done(live, live.retire(live.current().orElseThrow(), 1));
        assertThat(live.earlier()).extracting(Deployed::version).containsExactly("v3");
    }

    @Test
    void aCandidateForLiveCanBeAskedBeforeItServes() throws Exception {
        scene.promote("v1");
        Target live = scene.target(Slot.LIVE);
        Deployed prepared = scene.done(live, live.prepare(Scene.candidate("v2")));
        assertThat(live.standsApart()).isTrue();

        URI canary = live.apart(prepared).orElseThrow();

        Probe probe = new Probe(ProbeRequest.plain(Duration.ofSeconds(60), true));
        assertThat(probe.version(canary)).isEqualTo("v2");
        assertThat(probe.version(canary)).as("again").isEqualTo("v2");
        assertThat(live.current().map(Deployed::version)).contains("v1");
        assertThat(scene.target(Slot.STAGING).standsApart()).as("it serves").isFalse();
        scene.done(live, live.withdraw(prepared));
        assertThatThrownBy(() -> live.apart(prepared))
                .hasMessage("no pod of Service hello-live-canary-service is ready");
    }

    @Test
    void theFormerOwnerOfFieldsIsNamed() throws Exception {
        Target staging = scene.target(Slot.STAGING);
        scene.done(staging, staging.prepare(Scene.candidate("v1")));
        ObjectNode theirs = JsonTree.parse("""
                {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "hello-staging"}, "spec": {
                 "progressDeadlineSeconds": 60,
                 "template": {"spec": {"containers": [{"name": "container-hello", "image": "old"}]}}}}
                """);
        try (KubernetesClient client = scene.client(Slot.STAGING)) {
            client.genericKubernetesResources(Kind.DEPLOYMENT.context())
                    .inNamespace("hello")
                    .resource(Serialization.unmarshal(JsonTree.text(theirs), GenericKubernetesResource.class))
                    .fieldManager("ops")
                    .forceConflicts()
                    .serverSideApply();
        }
        scene.log.clear();

        scene.done(staging, staging.prepare(Scene.candidate("v1")));

        assertThat(scene.changes())
                .hasSize(1)
                .allMatch(line -> line.startsWith("change Deployment hello-staging (progressDeadlineSeconds: 60 -> 601,"
                                + " image: old -> gcr.io/demo/v1@sha256:")
                        && line.endsWith("), taking over fields of ops"));
    }

    @Test
    void anotherSecretIsAnotherDeployment() throws Exception {
        Target staging = scene.target(Slot.STAGING);
        scene.done(staging, staging.prepare(Scene.candidate("v1")));
        Target changed = scene.withSecret("other").target(Slot.STAGING);

        scene.done(changed, changed.prepare(Scene.candidate("v1", "11111111")));

        assertThat(scene.hosts.variables.values())
                .extracting(v -> v.get("TOP_SECRET"))
                .contains("other");
        assertThat(changed.earlier()).extracting(Deployed::deploymentId).containsExactly("v1-00000000");
    }

    @Test
    void aCrashEndsItWithTheLastLinesAndLeavesWhatServed() throws Exception {
        scene.promote("v1");
        Target live = scene.target(Slot.LIVE);
        scene.hosts.words = "\n\u001b[2Jconnecting with " + Scene.SECRET;

        Outcome outcome = scene.run(
                live, live.activate(Scene.candidate("bad2"), live.current().orElseThrow(), live.current()));

        assertThat(((Outcome.Failed) outcome).reason())
                .contains("ended with exit code 1", "log of hello-live-", "\n    connecting with ****");
        assertThat(scene.journals()).doesNotContain("s3cr3t");
        assertThat(live.log(live.current().orElseThrow(), 10)).endsWith("\nconnecting with ****");
        assertThat(((Outcome.Failed) outcome).left()).isEmpty();
        assertThat(live.current().map(Deployed::version)).contains("v1");
        assertThat(live.earlier()).isEmpty();
    }

    @Test
    void aFirstDeploymentThatFailsLeavesNothing() throws Exception {
        Target staging = scene.target(Slot.STAGING);

        Outcome outcome = scene.run(staging, staging.prepare(Scene.candidate("missing")));

        assertThat(((Outcome.Failed) outcome).reason()).contains("cannot pull its image (ImagePullBackOff)");
        assertThat(((Outcome.Failed) outcome).left()).isEmpty();
        assertThat(staging.current()).isEmpty();
        assertThat(scene.log).contains("delete Ingress hello-staging-ingress", "delete Deployment hello-staging");
    }

    @Test
    void aPodThatFitsOnNoNodeEndsItOnceTheRolloutMakesNoProgress() throws Exception {
        Target staging = scene.with("gke_cpu_request: \"64\"\ngke_cpu_limit: \"64\"\ngke_progress_deadline: 1s\n")
                .target(Slot.STAGING);

        Outcome outcome = scene.run(staging, staging.prepare(Scene.candidate("v1")));

        assertThat(((Outcome.Failed) outcome).reason())
                .contains("fits on no node: 0/3 nodes are available: 3 Insufficient cpu.");
    }

    @Test
    void aQuotaThatStaysUsedUpEndsItOnceTheRolloutMakesNoProgress() throws Exception {
        Target staging = scene.with("gke_progress_deadline: 1s\n").target(Slot.STAGING);
        scene.done(staging, staging.prepare(Scene.candidate("v1")));
        Outcome outcome;
        try (KubernetesClient client = scene.client(Slot.STAGING)) {
            quota(client, 1);
            outcome = scene.run(staging, staging.prepare(Scene.candidate("v2")));
        }

        assertThat(((Outcome.Failed) outcome).reason())
                .contains("makes no progress", "its pods cannot be made", "exceeded quota: small");
        assertThat(staging.current().map(Deployed::version)).contains("v1");
    }

    /** Pods that end count until they are gone. */
    @Test
    void aQuotaThatClearsByItselfIsWaitedFor() throws Exception {
        Target staging = scene.target(Slot.STAGING);
        scene.done(staging, staging.prepare(Scene.candidate("v1")));
        Outcome outcome;
        try (KubernetesClient client = scene.client(Slot.STAGING)) {
            quota(client, 1);
            CompletableFuture<Void> cleared = CompletableFuture.runAsync(() -> {
                client.apps()
                        .deployments()
                        .inNamespace("hello")
                        .withName("hello-staging")
                        .waitUntilCondition(GkeTargetTest::isRefused, 600, TimeUnit.SECONDS);
                client.resourceQuotas().inNamespace("hello").withName("small").delete();
            });
            outcome = scene.run(staging, staging.prepare(Scene.candidate("v2")));
            cleared.get(600, TimeUnit.SECONDS);
        }

        assertThat(outcome).isInstanceOf(Outcome.Done.class);
    }

    private static boolean isRefused(io.fabric8.kubernetes.api.model.apps.Deployment deployment) {
        return deployment.getStatus() != null
                && deployment.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("ReplicaFailure"));
    }

    private static void quota(KubernetesClient client, int pods) {
        client.resourceQuotas()
                .inNamespace("hello")
                .resource(new ResourceQuotaBuilder()
                        .withNewMetadata()
                        .withName("small")
                        .endMetadata()
                        .withNewSpec()
                        .withHard(Map.of("pods", new Quantity(Integer.toString(pods))))
                        .endSpec()
                        .build())
                .create();
    }

    /** The load balancer of an Ingress takes its time to go, and nothing that is going counts as there. */
    @Test
    void anObjectInDeletionIsMadeAgainOnceItIsGone() throws Exception {
        Wires.finalizing(scene.kube, Duration.ofSeconds(2));
        Target staging = scene.target(Slot.STAGING);
        scene.run(staging, staging.prepare(Scene.candidate("bad1")));

        scene.done(staging, staging.prepare(Scene.candidate("v1")));

        try (KubernetesClient client = scene.client(Slot.STAGING)) {
            var ingress = client.network()
                    .v1()
                    .ingresses()
                    .inNamespace("hello")
                    .withName("hello-staging-ingress")
                    .get();
            assertThat(ingress.getMetadata().getDeletionTimestamp()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE"})
    void anAnswerToTheLeaseThatGetsLostIsLookedFor(String method) throws Exception {
        LeaseStore leases = scene.target(Slot.LIVE).leases().orElseThrow();
        Instant until = Instant.parse("2030-01-01T00:00:00Z");
        Optional<Lease> first = Optional.of(new Lease("pymdeploy-1-aaaa", until));
        Optional<Lease> renewed = Optional.of(new Lease("pymdeploy-1-aaaa", until.plusSeconds(60)));
        Wires.lose(scene.kube, method + " /apis/coordination.k8s.io/v1/namespaces/hello/leases");

        assertThat(leases.write(Optional.empty(), first)).isTrue();
        assertThat(leases.write(first, renewed)).isTrue();
        assertThat(leases.read()).isEqualTo(renewed);
        assertThat(leases.write(renewed, Optional.empty())).isTrue();
        assertThat(leases.read()).isEmpty();
    }

    @Test
    void theLoginToTheRegistryLeavesWithWhatNeededIt() throws Exception {
        scene.with("registry: registry.example.com\n");
        scene.inherited.put(SecretValues.REGISTRY_USER, "user");
        scene.inherited.put(SecretValues.REGISTRY_PASSWORD, "pass");

        Deployed first = scene.promote("v1");

        assertThat(logins()).as("the canary's is gone").containsExactly("hello-live-pull");
        Target live = scene.target(Slot.LIVE);
        scene.run(live, live.prepare(Scene.candidate("bad2")));
        assertThat(logins()).as("a failed canary's, too").containsExactly("hello-live-pull");
        scene.done(live, live.withdraw(first));
        assertThat(logins()).isEmpty();
    }

    private List<String> logins() throws Exception {
        try (KubernetesClient client = scene.client(Slot.LIVE)) {
            return client.secrets().inNamespace("hello").list().getItems().stream()
                    .filter(secret -> secret.getType().equals("kubernetes.io/dockerconfigjson"))
                    .map(secret -> secret.getMetadata().getName())
                    .toList();
        }
    }

    @Test
    void theLogIsOfAllPods() throws Exception {
        Target staging = scene.with("gke_replicas: 2\n").target(Slot.STAGING);
        Deployed deployed = scene.done(staging, staging.prepare(Scene.candidate("v1")));

        assertThat(staging.log(deployed, 10).lines().map(line -> line.replaceFirst("-[^-]*$", "")))
                .hasSize(4)
                .filteredOn(line -> line.startsWith("== hello-staging"))
                .hasSize(2);
    }

    @Test
    void aRightThatIsMissingIsNamed() throws Exception {
        scene.inherited.put(GoogleCredential.TOKEN, "poor");
        scene.inherited.remove(GoogleCredential.KEY);
        Target staging = scene.target(Slot.STAGING);

        List<Problem> problems = staging.preflight();

        assertThat(problems).hasSize(1);
        assertThat(problems.get(0).toString()).contains("cannot", "hello-staging", "401");
    }
}
