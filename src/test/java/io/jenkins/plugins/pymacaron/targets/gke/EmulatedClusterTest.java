package io.jenkins.plugins.pymacaron.targets.gke;

import io.jenkins.plugins.pymacaron.targets.gke.wire.Wires;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The server of these tests keeps to {@link ClusterContract}. */
class EmulatedClusterTest extends ClusterOverTimeContract {
    private static Scene scene;

    @BeforeAll
    static void start() throws Exception {
        scene = new Scene();
    }

    @AfterAll
    static void stop() throws Exception {
        scene.close();
    }

    @Override
    String kubeconfig() {
        return Wires.kubeconfig(scene.kube);
    }
}
