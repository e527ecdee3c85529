package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import io.jenkins.plugins.pymacaron.targets.cloud.PlayHosts;
import io.jenkins.plugins.pymacaron.targets.gke.wire.KubeServer;
import io.jenkins.plugins.pymacaron.targets.gke.wire.Wires;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tests the text of a plan about Kubernetes. */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class GkePlanTest {
    @TempDir
    Path temporary;

    @Test
    void eachThingIsNamedOnceAndByOneName() throws Exception {
        try (PlayHosts hosts = new PlayHosts(image -> Optional.of("1"));
                KubeServer kube = new KubeServer(hosts, image -> true, 1000, Map.of())) {
            Service service = Service.in(temporary);
            service.write(
                            "pym-config.yaml",
                            Service.config().replace("deploy_target: docker", "deploy_target: gke\ngke_ingress: true"))
                    .commit("to Kubernetes");
            service.with("PYM_KUBECONFIG", Wires.kubeconfig(kube));
            String name = Service.NAME;

            Service.Ended plan = service.run("--plan");

            assertThat(plan.code()).as(plan.output()).isZero();
            assertThat(plan.output().lines().filter(line -> line.matches("  (create|delete|change) .*")))
                    .containsExactly(
                            "  create Namespace " + name,
                            "  create Secret " + name + "-staging-env-…",
                            "  create Deployment " + name + "-staging",
                            "  create BackendConfig " + name + "-staging-backend",
                            "  create Service " + name + "-staging-service",
                            "  create Ingress " + name + "-staging-ingress",
                            "  create Secret " + name + "-live-canary-env-…",
                            "  create Deployment " + name + "-live-canary",
                            "  create Service " + name + "-live-canary-service",
                            "  create Secret " + name + "-live-env-…",
                            "  create Deployment " + name + "-live",
                            "  create BackendConfig " + name + "-live-backend",
                            "  create Service " + name + "-live-service",
                            "  create Ingress " + name + "-live-ingress",
                            "  delete Service " + name + "-live-canary-service",
                            "  delete Deployment " + name + "-live-canary",
                            "  delete Secret " + name + "-live-canary-env-…");
            service.write(
                            "pym-config.yaml",
                            Service.config()
                                    .replace(
                                            "deploy_target: docker",
                                            "deploy_target: gke\ngke_gateway: gke-l7-global-external-managed"))
                    .commit("with a Gateway");

            Service.Ended gateway = service.run("--plan");

            assertThat(gateway.code()).as(gateway.output()).isZero();
            assertThat(gateway.output().lines().filter(line -> line.matches("  create .*-live-.*")))
                    .filteredOn(line -> !line.contains("canary"))
                    .containsExactly(
                            "  create Secret " + name + "-live-env-…",
                            "  create Service " + name + "-live-service",
                            "  create HealthCheckPolicy " + name + "-live-backend",
                            "  create Gateway " + name + "-live-gateway",
                            "  create HTTPRoute " + name + "-live-route");
        }
    }
}
