package io.jenkins.plugins.pymacaron.target.gke;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RevisionsTest {
    private static String digest(String containers) {
        return Revisions.digest(Tree.parse("{\"spec\": {\"containers\": [" + containers + "]}}"));
    }

    @Test
    void theDigestIsThatOfTheServiceAlsoBehindTheContainerOfAMesh() {
        String ours = "{\"name\": \"container-hello\", \"image\": \"gcr.io/demo/hello@sha256:1\"}";
        String mesh = "{\"name\": \"istio-proxy\", \"image\": \"gcr.io/istio/proxy@sha256:2\"}";

        assertThat(digest(ours)).isEqualTo("sha256:1");
        assertThat(digest(mesh + ", " + ours)).isEqualTo("sha256:1");
        assertThat(digest(mesh)).as("not ours").isEqualTo("sha256:2");
    }
}
