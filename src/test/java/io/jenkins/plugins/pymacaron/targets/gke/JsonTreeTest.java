package io.jenkins.plugins.pymacaron.targets.gke;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class JsonTreeTest {
    private static ObjectNode tree(String json) {
        return JsonTree.parse(json.replace('\'', '"'));
    }

    @Test
    void additionalFieldsAreNoDifference() {
        ObjectNode there = tree("{'spec': {'replicas': 3, 'type': 'NodePort', 'clusterIP': '10.0.0.1'}, 'status': {}}");

        assertThat(JsonTree.differences(there, tree("{'spec': {'type': 'NodePort'}}")))
                .isEmpty();
        assertThat(JsonTree.differences(there, tree("{'spec': {'type': 'ClusterIP', 'x': 1}}")))
                .containsExactly("spec.type: NodePort -> ClusterIP", "spec.x: none -> 1");
    }

    @Test
    void elementsWithNamesAreFoundByThem() {
        ObjectNode there = tree("{'env': [{'name': 'B', 'value': '2'}, {'name': 'A', 'value': '1'}]}");

        assertThat(JsonTree.differences(there, tree("{'env': [{'name': 'A', 'value': '1'}]}")))
                .isEmpty();
        assertThat(JsonTree.differences(
                        there, tree("{'env': [{'name': 'A', 'value': '3'}, {'name': 'C', 'value': ''}]}")))
                .containsExactly("env[A].value: 1 -> 3", "env[C].name: none -> C", "env[C].value: none -> ");
    }

    @Test
    void theProjectionIsWhatToApplyToHaveItAgain() {
        ObjectNode there = tree("{'spec': {'type': 'ClusterIP', 'clusterIP': '10.0.0.1', 'ports': [{'port': 1}]}}");
        ObjectNode wanted = tree("{'spec': {'type': 'NodePort', 'new': 1, 'ports': [{'port': 2}]}}");

        assertThat(JsonTree.projection(there, wanted))
                .contains(tree("{'spec': {'type': 'ClusterIP', 'ports': [{'port': 1}]}}"));
    }

    @Test
    void theHashKnowsNoOrderOfFields() {
        assertThat(JsonTree.hash(tree("{'a': 1, 'b': {'c': 2, 'd': 3}}")))
                .isEqualTo(JsonTree.hash(tree("{'b': {'d': 3, 'c': 2}, 'a': 1}")))
                .isNotEqualTo(JsonTree.hash(tree("{'a': 1, 'b': {'c': 2}}")));
    }

    @Test
    void labelsHoldWhatLabelsCan() {
        assertThat(GkeNames.label("gke/hello/live")).isEqualTo("gke.hello.live");
        assertThat(GkeNames.label("260101-1200-3-abcdef-…")).isEqualTo("260101-1200-3-abcdef");
        assertThat(GkeNames.label("v".repeat(80))).hasSize(63);
    }

    @Test
    void amountsAreComparedAsAmounts() {
        String wanted = "{'resources': {'limits': {'cpu': '1000m', 'memory': '1024Mi'}}}".replace('\'', '"');
        String stored = "{'resources': {'limits': {'cpu': '1', 'memory': '1Gi'}}}".replace('\'', '"');

        assertThat(JsonTree.differences(JsonTree.parse(stored), JsonTree.parse(wanted)))
                .isEmpty();
        assertThat(JsonTree.differences(JsonTree.parse(stored.replace("1Gi", "2Gi")), JsonTree.parse(wanted)))
                .hasSize(1);
        assertThat(JsonTree.differences(
                        JsonTree.parse("{\"version\": \"1\"}"), JsonTree.parse("{\"version\": \"1000m\"}")))
                .hasSize(1);
    }
}
