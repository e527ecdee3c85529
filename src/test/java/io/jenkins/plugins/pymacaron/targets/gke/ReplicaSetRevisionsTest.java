package io.jenkins.plugins.pymacaron.targets.gke;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReplicaSetRevisionsTest {
    private static String digest(String containers) {
        return ReplicaSetRevisions.digest(JsonTree.parse("{\"spec\": {\"containers\": [" + containers + "]}}"));
    }

    @Test
    void theDigestIsThatOfTheServiceAlsoBehindTheContainerOfAMesh() {
        String ours = "{\"name\": \"container-hello\", \"image\": \"gcr.io/demo/hello@sha256:1\"}";
        String mesh = "{\"name\": \"istio-proxy\", \"image\": \"gcr.io/istio/proxy@sha256:2\"}";

        assertThat(digest(ours)).isEqualTo("sha256:1");
        assertThat(digest(mesh + ", " + ours)).isEqualTo("sha256:1");
        assertThat(digest(mesh)).as("not ours").isEqualTo("sha256:2");
    }

    private static ObjectNode deployment(String image, int generation, int observed) {
        return JsonTree.parse("""
                {"metadata": {"uid": "u", "generation": %d}, "status": {"observedGeneration": %d}, "spec": {"template":
                 {"metadata": {"labels": {"app": "hello"}}, "spec": {"containers": [{"name": "container-hello",
                 "image": "%s"}]}}}}""".formatted(generation, observed, image));
    }

    private static ReplicaSetRevisions revisions(ObjectNode deployment, String... sets) {
        return new ReplicaSetRevisions(
                "live",
                "",
                Optional.of(deployment),
                Stream.of(sets)
                        .map(name -> JsonTree.parse("{\"metadata\": {\"name\": \"hello-live-" + name + "\"}}"))
                        .toList());
    }

    @Test
    void aTemplateOfAnotherToolHasOneOwnerBeforeAndAfterTheControllerHasSeenIt() {
        ObjectNode changed = deployment("old", 2, 1);

        String before = revisions(changed, "aaaaaaa").owner();

        assertThat(before)
                .isEqualTo(revisions(changed, "bbbbbbb", "aaaaaaa").owner())
                .isNotEqualTo(revisions(deployment("other", 2, 1), "aaaaaaa").owner())
                .doesNotContain(" ");
    }

    /** A rollback to it uses the ReplicaSet, whose template has one label more, and perhaps an empty time. */
    @Test
    void theOwnerOfATemplateOfAnotherToolIsThatOfItsReplicaSet() {
        ObjectNode deployment = deployment("old", 2, 2);
        ObjectNode set = JsonTree.parse("{\"metadata\": {\"name\": \"hello-live-bbbbbbb\"}}");
        set.set("spec", deployment.path("spec").deepCopy());
        ObjectNode metadata = set.withObject("/spec/template/metadata");
        metadata.putNull("creationTimestamp");
        metadata.withObject("/labels").put(GkeMetadata.TEMPLATE_HASH, "bbbbbbb");
        ReplicaSetRevisions revisions =
                new ReplicaSetRevisions("live", "", Optional.of(deployment), java.util.List.of(set));

        assertThat(revisions.ownerOf("setbbbbbbb")).isEqualTo(revisions.owner()).startsWith("template-");
        assertThat(revisions.ownerOf("v1-00000000")).isEqualTo("v1-00000000");
    }

    @Test
    void aChangeThatTheControllerHasNotSeenIsNotObserved() {
        assertThat(revisions(deployment("old", 2, 1)).areObserved()).isFalse();
        assertThat(revisions(deployment("old", 2, 2)).areObserved()).isTrue();
    }
}
