package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.FreePorts;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import io.jenkins.plugins.pymacaron.targets.Recording;
import io.jenkins.plugins.pymacaron.targets.beanstalk.BeanstalkCloud;
import io.jenkins.plugins.pymacaron.targets.cloud.ContainerHosts;
import io.jenkins.plugins.pymacaron.targets.cloud.Echo;
import io.jenkins.plugins.pymacaron.targets.cloudrun.RunCloud;
import io.jenkins.plugins.pymacaron.targets.gke.wire.KubeServer;
import io.jenkins.plugins.pymacaron.targets.gke.wire.Wires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clouds that do what they are asked for, and repeat in events, conditions and warnings all that they were told: after a
 * deployment that went well, nothing that is printed, kept or recorded holds a secret. Those that refuse are in
 * {@link EchoTest}.
 */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
class TellingCloudTest {
    private static final String VALUE = "sesame-Q7 \"x\" \\ 9f3c";

    @TempDir
    Path temporary;

    private Service service;
    private Path recording;

    @BeforeEach
    void start() throws Exception {
        recording = temporary.resolve("recorded.jsonl");
        service = Service.in(temporary).with(Service.SECRET, VALUE).with(Recording.VARIABLE, recording.toString());
    }

    private void configure(String liveUrl, String more) throws Exception {
        service.write(
                        "pym-config.yaml",
                        """
                name: %s
                docker_repo: e2e
                registry: %s
                docker_base: %s
                live_url: %s
                env_secrets: [%s]
                """.formatted(
                                                Service.NAME,
                                                RealDocker.variable("PYM_TEST_REGISTRY"),
                                                RealDocker.base(),
                                                liveUrl,
                                                Service.SECRET)
                                + more)
                .commit("to a cloud that repeats what it hears");
    }

    private void assertNothingIsTold(Supplier<List<String>> others) throws Exception {
        Service.Ended ended = service.run("--no-test", "--debug");

        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(recording).content().contains(Echo.MARKER);
        List<String> secrets = new ArrayList<>(others.get());
        assertThat(secrets).isNotEmpty();
        secrets.add(VALUE);
        Leaks.assertNone("the output", ended.output(), secrets);
        Leaks.assertNoneBelow(service.directory().resolve(".pym"), secrets);
        Leaks.assertNoneBelow(Path.of(service.environment().get("XDG_STATE_HOME")), secrets);
        Leaks.assertNone("the recording", Files.readString(recording), secrets);
    }

    private static String live() {
        return "http://127.0.0.1:" + Service.LIVE;
    }

    @Test
    void beanstalk() throws Exception {
        try (BeanstalkCloud cloud = new BeanstalkCloud(Service.NAME + "-").live("eu-west-1", "tell", Service.LIVE)) {
            cloud.variables().forEach(service::with);
            configure(live(), """
                    deploy_target: beanstalk
                    aws_user: nobody
                    aws_region: eu-west-1
                    aws_keypair: pair
                    aws_instance_type: t3.small
                    aws_instance_profile: role
                    aws_red_for: 1s
                    aws_live_cname: tell
                    """);
            cloud.tell();

            assertNothingIsTold(() -> List.of(cloud.variables().get("AWS_SECRET_ACCESS_KEY")));
        }
    }

    @Test
    void cloudRun() throws Exception {
        try (RunCloud cloud = new RunCloud(Service.NAME + "-run-", Service.NAME + "-live", Service.LIVE)) {
            cloud.variables().forEach(service::with);
            configure(live(), "deploy_target: cloud-run\ngcp_project: my-project\n");
            cloud.tell();

            assertNothingIsTold(cloud::tokens);
        }
    }

    @Test
    void kubernetes() throws Exception {
        int port = FreePorts.next();
        try (ContainerHosts pods = new ContainerHosts(Service.NAME + "-pod-");
                KubeServer kube =
                        new KubeServer(pods, image -> true, 4000, Map.of(Service.NAME + "-live-ingress", port))) {
            Path file = Files.writeString(
                    temporary.resolve("kubeconfig"), Wires.kubeconfig(kube, "a-token-of-the-cluster"));
            service.with("KUBECONFIG", file.toString());
            configure(
                    "http://127.0.0.1:" + port,
                    "deploy_target: gke\ngke_context: demo\ngke_ingress: true\ngke_probe_delay: 1s\ngke_pre_stop: 1s\n");
            Wires.tell(kube);

            assertNothingIsTold(() -> List.of("a-token-of-the-cluster"));
        }
    }
}
