package io.jenkins.plugins.pymacaron.targets.gke;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TakeoverTest {
    private static ObjectNode owned(String... managers) {
        ObjectNode deployment = JsonTree.object();
        var entries = deployment.putObject("metadata").putArray("managedFields");
        for (int i = 0; i < managers.length; i += 2) {
            ObjectNode entry = entries.addObject().put("manager", managers[i]).put("operation", managers[i + 1]);
            entry.putObject("fieldsV1").putObject("f:spec").putObject("f:" + managers[i]);
        }
        return deployment;
    }

    /** Returns a Deployment as {@code kubectl apply} leaves it, with more than this project would write. */
    private static ObjectNode byKubectl() {
        return JsonTree.parse("""
                {"metadata": {"managedFields": [
                  {"manager": "kubectl-client-side-apply", "operation": "Update", "fieldsV1": {"f:spec": {
                    "f:replicas": {}, "f:progressDeadlineSeconds": {},
                    "f:template": {"f:spec": {"f:serviceAccountName": {}, "f:volumes": {},
                      "f:containers": {
                        "k:{\\"name\\":\\"proxy\\"}": {".": {}, "f:image": {}},
                        "k:{\\"name\\":\\"web\\"}": {".": {}, "f:image": {}, "f:readinessProbe": {"f:exec": {}},
                          "f:env": {".": {}, "k:{\\"name\\":\\"EXTRA\\"}": {".": {}, "f:value": {}},
                            "k:{\\"name\\":\\"TOKEN\\"}": {".": {}, "f:value": {}}}}}}}}}},
                  {"manager": "kube-controller-manager", "operation": "Update", "fieldsV1": {"f:status": {}}}]}}
                """);
    }

    private static final ObjectNode WANTED = JsonTree.parse("""
            {"spec": {"progressDeadlineSeconds": 600, "template": {"spec": {"containers": [
              {"name": "web", "image": "i", "readinessProbe": {"httpGet": {"path": "/ping"}},
               "env": [{"name": "PORT", "value": "8080"}]}]}}}}
            """);

    @Test
    void ofKubectlsFieldsOnlyTheWantedBecomeOurs() {
        ObjectNode changed = Takeover.of(byKubectl(), WANTED, keeping("TOKEN")).orElseThrow();

        var entries = changed.path("metadata").path("managedFields");
        assertThat(entries).hasSize(3);
        String theirs = entries.get(0).path("fieldsV1").toString();
        assertThat(theirs)
                .contains("f:replicas", "f:serviceAccountName", "f:volumes", "proxy", "EXTRA")
                .doesNotContain("TOKEN", "readinessProbe", "progressDeadlineSeconds");
        assertThat(entries.get(2).path("manager").asText()).isEqualTo(KubernetesApi.MANAGER);
        assertThat(entries.get(2).path("operation").asText()).isEqualTo("Apply");
        assertThat(entries.get(2).path("fieldsV1").toString())
                .contains("f:progressDeadlineSeconds", "TOKEN", "f:readinessProbe")
                .doesNotContain("f:replicas", "f:serviceAccountName", "proxy", "EXTRA");
    }

    private static TakeoverRemovals keeping(String... variables) {
        return new TakeoverRemovals(Set.of(variables), Set.of());
    }

    @Test
    void partsToRemoveBecomeOursTooAndAreNamed() {
        TakeoverRemovals all =
                new TakeoverRemovals(Set.of(), Set.of("service_account", "volumes", "containers", "init_containers"));

        String theirs = Takeover.of(byKubectl(), WANTED, all)
                .orElseThrow()
                .path("metadata")
                .path("managedFields")
                .get(0)
                .path("fieldsV1")
                .toString();

        assertThat(theirs).contains("f:replicas", "EXTRA").doesNotContain("serviceAccountName", "volumes", "proxy");
        assertThat(Takeover.removed(byKubectl(), WANTED, all))
                .containsExactly("containers proxy", "readinessProbe exec", "spec serviceAccountName", "spec volumes");
    }

    @Test
    void removedPartsAreNamed() {
        assertThat(Takeover.removed(byKubectl(), WANTED, keeping("TOKEN")))
                .containsExactly("env TOKEN", "readinessProbe exec");
        assertThat(Takeover.removed(byKubectl(), WANTED, keeping())).containsExactly("readinessProbe exec");
    }

    @Test
    void onlyWhatIsChangedIsTakenFromOthers() {
        ObjectNode there = JsonTree.parse("""
                {"spec": {"replicas": 2, "ports": [{"port": 80, "name": "a"}, {"port": 81, "name": "b"}]},
                 "metadata": {"managedFields": [
                  {"manager": "scaler", "fieldsV1": {"f:spec": {"f:replicas": {}}}},
                  {"manager": "router", "fieldsV1": {"f:spec": {"f:ports": {
                    "k:{\\"port\\":80}": {".": {}, "f:name": {}}, "k:{\\"port\\":82}": {".": {}, "f:name": {}}}}}},
                  {"manager": "kubelet", "subresource": "status", "fieldsV1": {"f:spec": {"f:replicas": {}}}},
                  {"manager": "pymacaron", "fieldsV1": {"f:spec": {"f:replicas": {}}}}]}}
                """);

        assertThat(Takeover.owners(there, JsonTree.parse("{'spec': {'replicas': 3}}".replace('\'', '"'))))
                .containsExactly("scaler");
        assertThat(Takeover.owners(
                        there,
                        JsonTree.parse(
                                "{'spec': {'replicas': 2, 'ports': [{'port': 80, 'name': 'a'},".replace('\'', '"')
                                        + "{'port': 81, 'name': 'x'}]}}".replace('\'', '"'))))
                .isEmpty();
        assertThat(Takeover.owners(
                        there, JsonTree.parse("{'spec': {'ports': [{'port': 80, 'name': 'x'}]}}".replace('\'', '"'))))
                .containsExactly("router");
    }

    @Test
    void otherwiseNothingIsDone() {
        assertThat(Takeover.of(owned("pymacaron", "Apply", "kube-controller-manager", "Update"), WANTED, keeping()))
                .isEmpty();
        assertThat(Takeover.of(JsonTree.object(), WANTED, keeping())).isEmpty();
    }
}
