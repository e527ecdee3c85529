package io.jenkins.plugins.pymacaron.targets.gke.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tests the server's own rules: the owners of fields, and its refusals. */
class ClusterTest {
    private static ObjectNode tree(String json) throws Exception {
        return (ObjectNode) Cluster.JSON.readTree(json.replace('\'', '"'));
    }

    private static ObjectNode applied(ObjectNode live, String json, String manager, boolean force) throws Exception {
        Owners.apply(live, tree(json), manager, force, "v1");
        return live;
    }

    @Test
    void fieldsThatAreNoLongerAppliedAreRemoved() throws Exception {
        ObjectNode live = tree("{}");
        applied(
                live,
                "{'spec': {'env': [{'name': 'A', 'value': '1'}, {'name': 'B', 'value': '2'}], 'x': 1}}",
                "a",
                false);
        applied(live, "{'spec': {'env': [{'name': 'B', 'value': '2'}]}}", "a", false);

        assertThat(live.path("spec")).isEqualTo(tree("{'env': [{'name': 'B', 'value': '2'}]}"));
    }

    @Test
    void fieldsOfOtherOwnersStay() throws Exception {
        ObjectNode live = tree("{}");
        applied(live, "{'spec': {'env': [{'name': 'A', 'value': '1'}]}}", "a", false);
        applied(live, "{'spec': {'env': [{'name': 'A', 'value': '1'}, {'name': 'B', 'value': '2'}]}}", "b", false);
        applied(live, "{'spec': {}}", "b", false);

        assertThat(live.path("spec").path("env").size()).isEqualTo(1);
        assertThat(live.path("spec").path("env").path(0).path("name").asText()).isEqualTo("A");
    }

    @Test
    void anotherValueOfAnothersFieldIsAConflictUnlessForced() throws Exception {
        ObjectNode live = applied(tree("{}"), "{'spec': {'type': 'NodePort'}}", "a", false);

        assertThatThrownBy(() -> applied(live, "{'spec': {'type': 'ClusterIP'}}", "b", false))
                .hasMessageContaining("conflict with \"a\": f:specf:type");
        applied(live, "{'spec': {'type': 'ClusterIP'}}", "b", true);
        applied(live, "{'spec': {}}", "a", false);

        assertThat(live.path("spec").path("type").asText()).isEqualTo("ClusterIP");
    }

    @Test
    void selectorsCannotBeChangedAndUnknownFieldsAreRefused() throws Exception {
        Resource deployment = Resource.ofKind("Deployment");
        String text =
                "{'apiVersion': 'apps/v1', 'kind': 'Deployment', 'metadata': {'name': 'web'}, 'spec': {'selector':"
                        + " {'matchLabels': {'app': 'X'}}, 'template': {'metadata': {'labels': {'app': 'X'}}, 'spec':"
                        + " {'containers': [{'name': 'c', 'image': 'i'}]}}}}";
        Admission.check(deployment, tree(text.replace("X", "a")), Optional.empty());

        assertThatThrownBy(() -> Admission.check(
                        deployment, tree(text.replace("X", "b")), Optional.of(tree(text.replace("X", "a")))))
                .hasMessageContaining("immutable");
        assertThatThrownBy(() -> Admission.check(
                        deployment, tree(text.replace("'image'", "'imagePolicy': 1, 'image'")), Optional.empty()))
                .hasMessageContaining("unknown field");
    }

    @Test
    void aWatchFromTooLongAgoIsTold() throws Exception {
        Store store = new Store();
        Resource namespace = Resource.ofKind("Namespace");
        long before = store.version();
        store.put(namespace, tree("{'metadata': {'name': 'a'}}"));

        assertThat(store.since(before, namespace, 0).orElseThrow())
                .extracting(Store.Event::type)
                .isEqualTo(List.of("ADDED"));
        store.compact();
        assertThat(store.since(before, namespace, 0)).isEmpty();
    }

    @Test
    void aStatusThatComesLateChangesNothingElse() throws Exception {
        Store store = new Store();
        ObjectNode read =
                store.put(Cluster.POD, tree("{'metadata': {'name': 'a', 'namespace': 'n'}, 'spec': {'x': 1}}"));
        ObjectNode changed = read.deepCopy();
        ((ObjectNode) changed.path("spec")).put("x", 2);
        store.put(Cluster.POD, changed);
        read.putObject("status").put("phase", "Running");

        store.status(Cluster.POD, read);

        ObjectNode there = store.get(Cluster.POD, "n", "a").orElseThrow();
        assertThat(there.path("spec")).isEqualTo(tree("{'x': 2}"));
        assertThat(there.path("status")).isEqualTo(tree("{'phase': 'Running'}"));
        store.delete(Cluster.POD, "n", "a");
        store.status(Cluster.POD, read);
        assertThat(store.get(Cluster.POD, "n", "a")).isEmpty();
    }
}
