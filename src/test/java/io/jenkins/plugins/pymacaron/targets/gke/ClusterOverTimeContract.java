package io.jenkins.plugins.pymacaron.targets.gke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.jenkins.plugins.pymacaron.config.Slot;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The order of simultaneous changes, and slow changes: the same of the server of these tests and of a real one. */
abstract class ClusterOverTimeContract extends ClusterContract {
    private static final String QUOTA = "small";

    private KubernetesApi api() {
        return new KubernetesApi(admin, NAMESPACE);
    }

    private static ObjectNode service(String selector) {
        return DeploymentManifests.object(
                Kind.SERVICE,
                NAMESPACE,
                "hello",
                Map.of(),
                Map.of(),
                Map.of(
                        "spec",
                        Map.of(
                                "selector",
                                Map.of("app", selector),
                                "ports",
                                java.util.List.of(Map.of("port", 80, "protocol", "TCP")))));
    }

    private static ObjectNode pinned(ObjectNode manifest, ObjectNode read) {
        ObjectNode pinned = manifest.deepCopy();
        KubernetesApi.pin(pinned, read);
        return pinned;
    }

    private static void assertRefused(int code, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(KubernetesClientException.class, e -> assertThat(e.getCode())
                .as(e.getMessage())
                .isEqualTo(code));
    }

    /** This keeps an old journal from changing what another one has changed since. */
    @Test
    void anApplyOfAnOlderVersionIsRefused() {
        KubernetesApi api = api();
        ObjectNode read = api.apply(Kind.SERVICE, service("one"));
        api.apply(Kind.SERVICE, pinned(service("two"), read));

        assertRefused(409, () -> api.apply(Kind.SERVICE, pinned(service("three"), read)));
        assertThat(JsonTree.at(api.get(Kind.SERVICE, "hello").orElseThrow(), "spec", "selector", "app"))
                .isEqualTo("two");
    }

    /** Nothing is made of it; the driver reads again, and finds nothing. */
    @Test
    void anApplyOfAVersionOfWhatIsGoneMakesNothing() {
        KubernetesApi api = api();
        ObjectNode read = api.apply(Kind.SERVICE, service("one"));
        api.delete(Kind.SERVICE, read);

        assertRefused(409, () -> api.apply(Kind.SERVICE, pinned(service("two"), read)));
        assertThat(api.get(Kind.SERVICE, "hello")).isEmpty();
    }

    @Test
    void aDeletionOfAnOlderVersionIsRefused() {
        KubernetesApi api = api();
        ObjectNode read = api.apply(Kind.SERVICE, service("one"));
        ObjectNode now = api.apply(Kind.SERVICE, service("two"));

        assertRefused(409, () -> api.delete(Kind.SERVICE, read));
        api.delete(Kind.SERVICE, now);
        assertThat(api.get(Kind.SERVICE, "hello")).isEmpty();
        api.delete(Kind.SERVICE, now);
    }

    private void quota(int pods) {
        admin.resource(new ResourceQuotaBuilder()
                        .withNewMetadata()
                        .withName(QUOTA)
                        .withNamespace(NAMESPACE)
                        .endMetadata()
                        .withNewSpec()
                        .withHard(Map.of("pods", new Quantity(Integer.toString(pods))))
                        .endSpec()
                        .build())
                .fieldManager("test")
                .serverSideApply();
        admin.resourceQuotas()
                .inNamespace(NAMESPACE)
                .withName(QUOTA)
                .waitUntilCondition(ClusterOverTimeContract::isCounted, 600, TimeUnit.SECONDS);
    }

    private static boolean isCounted(ResourceQuota quota) {
        return quota.getStatus() != null
                && quota.getSpec().getHard().equals(quota.getStatus().getHard());
    }

    private void noQuota() {
        admin.resourceQuotas().inNamespace(NAMESPACE).withName(QUOTA).delete();
    }

    private static boolean isRefused(Deployment deployment) {
        return deployment != null
                && deployment.getStatus() != null
                && deployment.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("ReplicaFailure")
                                && condition.getStatus().equals("True")
                                && condition.getMessage().contains("exceeded quota: " + QUOTA));
    }

    private static boolean hasPods(Deployment deployment, int updated) {
        return deployment != null
                && deployment.getStatus() != null
                && Objects.equals(
                        deployment.getStatus().getObservedGeneration(),
                        deployment.getMetadata().getGeneration())
                && Integer.valueOf(updated).equals(deployment.getStatus().getUpdatedReplicas());
    }

    private void await(java.util.function.Predicate<Deployment> condition) {
        admin.apps()
                .deployments()
                .inNamespace(NAMESPACE)
                .withName("hello-staging")
                .waitUntilCondition(condition, 600, TimeUnit.SECONDS);
    }

    /** A quota refuses for as long as it is used up; then the controller makes the pods by itself. */
    @Test
    void aQuotaRefusesPodsUntilItHasRoom() throws Exception {
        applied(target(""), "v1");
        await(deployment -> hasPods(deployment, 1));
        quota(1);
        try {
            applied(target(""), "v2");
            await(ClusterOverTimeContract::isRefused);
        } finally {
            noQuota();
        }

        await(deployment -> hasPods(deployment, 1) && !isRefused(deployment));
    }

    private Pod pod(String name) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(NAMESPACE)
                .endMetadata()
                .withNewSpec()
                .withNodeName("pym-node")
                .withTerminationGracePeriodSeconds(60L)
                .addNewContainer()
                .withName("a")
                .withImage("b")
                .endContainer()
                .endSpec()
                .build();
    }

    private <T> T eventually(Callable<T> call) throws Exception {
        for (int i = 0; ; i++) {
            try {
                return call.call();
            } catch (KubernetesClientException e) {
                if (i == 40) {
                    throw e;
                }
                // The quota is counted again a moment after a pod has gone.
                TimeUnit.MILLISECONDS.sleep(250);
            }
        }
    }

    /** Its node has no kubelet to report that it has ended. */
    @Test
    void aPodThatEndsCountsUntilItIsGone() throws Exception {
        admin.resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName("pym-node")
                        .endMetadata()
                        .build())
                .fieldManager("test")
                .serverSideApply();
        quota(1);
        try {
            eventually(() -> admin.resource(pod("slow")).fieldManager("test").serverSideApply());
            admin.pods().inNamespace(NAMESPACE).withName("slow").delete();

            assertThat(api().get(Kind.POD, "slow")).as("it ends").isPresent();
            assertThat(api().find(Kind.POD, "slow"))
                    .as("it does not count as there")
                    .isEmpty();
            assertRefused(
                    403, () -> admin.resource(pod("next")).fieldManager("test").serverSideApply());

            end("slow");
            eventually(() -> admin.resource(pod("next")).fieldManager("test").serverSideApply());
        } finally {
            noQuota();
            end("slow");
            end("next");
            admin.nodes().withName("pym-node").delete();
        }
        assertThat(api().get(Kind.POD, "next")).isEmpty();
    }

    private void end(String pod) {
        admin.pods().inNamespace(NAMESPACE).withName(pod).withGracePeriod(0).delete();
    }

    @Test
    void aTokenThatIsNotTakenIsToldOf() throws Exception {
        GkeTarget target =
                new GkeTarget(environment(Slot.STAGING, "http://127.0.0.1:1", ""), surroundings(withToken("nonsense")));

        assertThat(target.preflight().toString()).contains("the token is refused (401)");
    }

    private ReplicaSetRevisions revisions() {
        return ReplicaSetRevisions.read(api(), "here", "", new GkeNames(NAMESPACE, "hello-staging", ""));
    }

    /** Before its ReplicaSet is there and after that, and as that ReplicaSet has kept it. */
    @Test
    void theTemplateOfAnotherToolHasOneOwner() throws Exception {
        applied(target(""), "v1");
        await(deployment -> hasPods(deployment, 1));
        assertThat(revisions().owner()).isEqualTo("v1-00000000");
        new Applied(admin, NAMESPACE).apply(JsonTree.parse("""
                {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "hello-staging"}, "spec": {
                 "template": {"spec": {"containers": [{"name": "container-hello", "image": "gcr.io/demo/v9@sha256:9"}]}}}}
                """), "ops");

        String before = revisions().owner();
        await(deployment -> hasPods(deployment, 1));
        ReplicaSetRevisions after = revisions();

        assertThat(before).startsWith("template-").isEqualTo(after.owner());
        assertThat(after.areObserved()).isTrue();
        assertThat(after.wanted()).startsWith("set");
        assertThat(after.ownerOf(after.wanted())).isEqualTo(before);
    }
}
