package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.FreePorts;
import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.targets.cloud.ContainerHosts;
import io.jenkins.plugins.pymacaron.targets.cloudrun.RunCloud;
import io.jenkins.plugins.pymacaron.targets.gke.wire.KubeServer;
import io.jenkins.plugins.pymacaron.targets.gke.wire.Wires;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Staging is on this engine; live is on Cloud Run and on GKE, on the tests' servers of these clouds, with containers
 * behind both.
 */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class MixedTargetsTest {
    private static final int GKE = FreePorts.next();

    @TempDir
    Path temporary;

    private Service service;
    private RunCloud run;
    private ContainerHosts pods;
    private KubeServer kube;

    @BeforeEach
    void start() throws Exception {
        service = Service.in(temporary);
        String live = Service.NAME + "-live";
        run = new RunCloud(Service.NAME + "-run-", live, Service.LIVE);
        pods = new ContainerHosts(Service.NAME + "-pod-");
        kube = new KubeServer(pods, image -> true, 4000, Map.of(live + "-ingress", GKE));
        run.variables().forEach(service::with);
        service.with("PYM_KUBECONFIG", Wires.kubeconfig(kube));
        service.write("pym-config.yaml", """
                name: %s
                deploy_target: docker
                docker_repo: e2e
                registry: %s
                docker_base: %s
                live_url: http://127.0.0.1:%d
                staging:
                  live_url: http://127.0.0.1:%d
                live:
                  - deploy_target: cloud-run
                    gcp_project: my-project
                  - deploy_target: gke
                    live_url: http://127.0.0.1:%d
                    gke_probe_delay: 1s
                    gke_pre_stop: 1s
                env_secrets: [%s]
                """.formatted(
                                Service.NAME,
                                RealDocker.variable("PYM_TEST_REGISTRY"),
                                RealDocker.base(),
                                Service.LIVE,
                                Service.STAGING,
                                GKE,
                                Service.SECRET))
                .commit("to three places");
    }

    @AfterEach
    void stop() throws Exception {
        kube.close();
        pods.close();
        run.close();
    }

    @Test
    void liveEnvironmentsOfTwoCloudsArePromotedTogetherAndRolledBackTogether() throws Exception {
        Service.Ended first = service.run("--no-test");
        assertThat(first.code()).as(first.output()).isZero();
        assertThat(Service.staging()).isEqualTo("one");
        assertThat(Service.live()).isEqualTo("one");
        assertThat(Service.answer(GKE)).isEqualTo("one");
        String version = Service.version(GKE);

        service.content("two")
                .at(Service.NAME + "-live", "[ $PYM_SERVER_PORT != " + GKE + " ]")
                .commit("wrong on GKE");
        Service.Ended second = service.run("--no-unittest");

        assertThat(second.code()).as(second.output()).isEqualTo(7);
        assertThat(service.summary().outcome()).isEqualTo(RunOutcome.ROLLED_BACK);
        assertThat(second.output()).contains("FAILED Accept live", "ok Roll back", version + " serves again at");
        assertThat(Service.staging()).as("it was accepted there").isEqualTo("two");
        assertThat(Service.live()).isEqualTo("one");
        assertThat(Service.answer(GKE)).isEqualTo("one");
        assertThat(Service.version(Service.LIVE)).isEqualTo(version);
        assertThat(Service.version(GKE)).isEqualTo(version);
    }
}
