package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.jenkins.plugins.pymacaron.FreePorts;
import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import io.jenkins.plugins.pymacaron.targets.cloud.ContainerHosts;
import io.jenkins.plugins.pymacaron.targets.cloud.Hosts;
import io.jenkins.plugins.pymacaron.targets.gke.wire.KubeServer;
import io.jenkins.plugins.pymacaron.targets.gke.wire.Wires;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A Deployment is deleted by hand in the middle of a rollout of live: a rollback has no version to return to. */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class GkeDeletedTest {
    private static final String LIVE = Service.NAME + "-live";

    @TempDir
    Path temporary;

    @Test
    void aRollbackThatFailsHasItsOwnExitCode() throws Exception {
        int port = FreePorts.next();
        try (Pods pods = new Pods();
                KubeServer kube = new KubeServer(
                        pods,
                        image -> true,
                        4000,
                        Map.of(LIVE + "-ingress", port, Service.NAME + "-staging-ingress", Service.STAGING));
                KubernetesClient client = new KubernetesClientBuilder()
                        .withConfig(Config.fromKubeconfig(Wires.kubeconfig(kube)))
                        .build()) {
            Service service = Service.in(temporary).with("PYM_KUBECONFIG", Wires.kubeconfig(kube));
            service.write(
                            "pym-config.yaml",
                            Service.config()
                                    .replace(
                                            "deploy_target: docker",
                                            "deploy_target: gke\ngke_ingress: true\ngke_probe_delay: 1s\ngke_pre_stop: 1s")
                                    .replace(":" + Service.LIVE, ":" + port))
                    .commit("to Kubernetes");
            Service.Ended first = service.run("--no-test");
            assertThat(first.code()).as(first.output()).isZero();
            String version = Service.version(port);
            service.content("two").commit("two");
            pods.liveStays = true;

            CompletableFuture<Service.Ended> second = CompletableFuture.supplyAsync(() -> service.run("--no-test"));
            assertThat(pods.rolling.await(10, TimeUnit.MINUTES)).isTrue();
            client.apps().deployments().inNamespace(Service.NAME).withName(LIVE).delete();

            Service.Ended ended = second.get(10, TimeUnit.MINUTES);
            assertThat(ended.code()).as(ended.output()).isEqualTo(8);
            assertThat(ended.output())
                    .contains("Deployment " + LIVE + " was deleted meanwhile, and nothing serves")
                    .contains("nothing serves in gke/" + Service.NAME + "/live, where " + version + " served before")
                    .contains("kubectl --namespace " + Service.NAME + " rollout history deployment/" + LIVE)
                    .doesNotContain("\tat ");
        }
    }

    /** Containers, but for the pods of live from some time on, which never become ready. */
    private static final class Pods implements Hosts {
        private static final String NOWHERE = "http://127.0.0.1:9";

        private final ContainerHosts containers = new ContainerHosts(Service.NAME + "-pod-");
        private final CountDownLatch rolling = new CountDownLatch(1);
        private volatile boolean liveStays;

        private boolean isHeld(String name) {
            return liveStays && name.startsWith(LIVE + "-") && !name.startsWith(LIVE + "-canary-");
        }

        @Override
        public URI run(String name, String image, Map<String, String> variables) throws IOException {
            if (isHeld(name)) {
                rolling.countDown();
                return URI.create(NOWHERE);
            }
            return containers.run(name, image, variables);
        }

        @Override
        public String trouble(String name) throws IOException {
            return isHeld(name) ? "" : containers.trouble(name);
        }

        @Override
        public String log(String name) throws IOException {
            return isHeld(name) ? "" : containers.log(name);
        }

        @Override
        public void end(String name) throws IOException {
            containers.end(name);
        }

        @Override
        public void close() throws IOException {
            containers.close();
        }
    }
}
