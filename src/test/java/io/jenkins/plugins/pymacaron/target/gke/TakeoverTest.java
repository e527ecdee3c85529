package io.jenkins.plugins.pymacaron.target.gke;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class TakeoverTest {
    private static ObjectNode owned(String... managers) {
        ObjectNode deployment = Tree.object();
        var entries = deployment.putObject("metadata").putArray("managedFields");
        for (int i = 0; i < managers.length; i += 2) {
            ObjectNode entry = entries.addObject().put("manager", managers[i]).put("operation", managers[i + 1]);
            entry.putObject("fieldsV1").putObject("f:spec").putObject("f:" + managers[i]);
        }
        return deployment;
    }

    @Test
    void whatKubectlOwnsBecomesOurs() {
        ObjectNode changed = Takeover.of(owned(
                        "kubectl-client-side-apply",
                        "Update",
                        "pymacaron",
                        "Apply",
                        "kube-controller-manager",
                        "Update"))
                .orElseThrow();

        var entries = changed.path("metadata").path("managedFields");
        assertThat(entries).hasSize(2);
        assertThat(entries.get(0).path("manager").asText()).isEqualTo("kube-controller-manager");
        assertThat(entries.get(1).path("manager").asText()).isEqualTo("pymacaron");
        assertThat(entries.get(1).path("operation").asText()).isEqualTo("Apply");
        assertThat(entries.get(1).path("fieldsV1").path("f:spec").size()).isEqualTo(2);
    }

    @Test
    void onlyWhatIsChangedIsTakenFromOthers() {
        ObjectNode there = Tree.parse("""
                {"spec": {"replicas": 2, "ports": [{"port": 80, "name": "a"}, {"port": 81, "name": "b"}]},
                 "metadata": {"managedFields": [
                  {"manager": "scaler", "fieldsV1": {"f:spec": {"f:replicas": {}}}},
                  {"manager": "router", "fieldsV1": {"f:spec": {"f:ports": {
                    "k:{\\"port\\":80}": {".": {}, "f:name": {}}, "k:{\\"port\\":82}": {".": {}, "f:name": {}}}}}},
                  {"manager": "kubelet", "subresource": "status", "fieldsV1": {"f:spec": {"f:replicas": {}}}},
                  {"manager": "pymacaron", "fieldsV1": {"f:spec": {"f:replicas": {}}}}]}}
                """);

        assertThat(Takeover.owners(there, Tree.parse("{'spec': {'replicas': 3}}".replace('\'', '"'))))
                .containsExactly("scaler");
        assertThat(Takeover.owners(
                        there,
                        Tree.parse("{'spec': {'replicas': 2, 'ports': [{'port': 80, 'name': 'a'},".replace('\'', '"')
                                + "{'port': 81, 'name': 'x'}]}}".replace('\'', '"'))))
                .isEmpty();
        assertThat(Takeover.owners(
                        there, Tree.parse("{'spec': {'ports': [{'port': 80, 'name': 'x'}]}}".replace('\'', '"'))))
                .containsExactly("router");
    }

    @Test
    void otherwiseNothingIsDone() {
        assertThat(Takeover.of(owned("pymacaron", "Apply", "kube-controller-manager", "Update")))
                .isEmpty();
        assertThat(Takeover.of(Tree.object())).isEmpty();
    }
}
