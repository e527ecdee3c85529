package io.jenkins.plugins.pymacaron.target.gke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.jenkins.plugins.pymacaron.config.Slot;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That the API server itself refuses what was compared with an older version of an object. */
class PreconditionTest {
    private Scene scene;
    private Api api;

    @BeforeEach
    void start() throws Exception {
        scene = new Scene();
        api = new Api(scene.client(Slot.LIVE), "hello");
        api.apply(
                Kind.NAMESPACE, new Manifests(scene.environment(Slot.LIVE), new Names("hello", "x", "x")).namespace());
    }

    @AfterEach
    void stop() throws Exception {
        api.close();
        scene.close();
    }

    private static ObjectNode service(String selector) {
        return Manifests.object(
                Kind.SERVICE,
                "hello",
                "hello",
                Map.of(),
                Map.of(),
                Map.of("spec", Map.of("selector", Map.of("app", selector), "ports", List.of(Map.of("port", 80)))));
    }

    private static ObjectNode pinned(ObjectNode manifest, ObjectNode read) {
        ObjectNode pinned = manifest.deepCopy();
        pinned.withObject("/metadata").put("resourceVersion", Tree.at(read, "metadata", "resourceVersion"));
        return pinned;
    }

    @Test
    void anApplyOfAnOlderVersionIsRefused() {
        ObjectNode read = api.apply(Kind.SERVICE, service("one"));
        api.apply(Kind.SERVICE, pinned(service("two"), read));

        assertThatThrownBy(() -> api.apply(Kind.SERVICE, pinned(service("three"), read)))
                .isInstanceOfSatisfying(KubernetesClientException.class, e -> assertThat(e.getCode())
                        .isEqualTo(409));
        assertThat(Tree.at(api.get(Kind.SERVICE, "hello").orElseThrow(), "spec", "selector", "app"))
                .isEqualTo("two");
    }

    @Test
    void aDeletionOfAnOlderVersionIsRefused() {
        ObjectNode read = api.apply(Kind.SERVICE, service("one"));
        ObjectNode now = api.apply(Kind.SERVICE, service("two"));

        assertThatThrownBy(() -> api.delete(Kind.SERVICE, read))
                .isInstanceOfSatisfying(KubernetesClientException.class, e -> assertThat(e.getCode())
                        .isEqualTo(409));
        api.delete(Kind.SERVICE, now);
        assertThat(api.get(Kind.SERVICE, "hello")).isEmpty();
        api.delete(Kind.SERVICE, now);
    }
}
