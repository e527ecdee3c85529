package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import io.jenkins.plugins.pymacaron.targets.beanstalk.BeanstalkCloud;
import io.jenkins.plugins.pymacaron.targets.cloud.ContainerHosts;
import io.jenkins.plugins.pymacaron.targets.cloudrun.RunCloud;
import io.jenkins.plugins.pymacaron.targets.gke.wire.KubeServer;
import io.jenkins.plugins.pymacaron.targets.gke.wire.Wires;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clouds that repeat in their errors all that they were told: what they say is shown and kept without secrets, on the
 * terminal, in log, journals, state, summary and report.
 */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class EchoTest {
    private static final String VALUE = "sesame-Q7 \"x\" \\ 9f3c";

    @TempDir
    Path temporary;

    private Service service;

    @BeforeEach
    void start() throws Exception {
        service = Service.in(temporary).with(Service.SECRET, VALUE);
    }

    private void configure(String more) throws Exception {
        service.write(
                        "pym-config.yaml",
                        """
                name: %s
                docker_repo: e2e
                registry: %s
                docker_base: %s
                live_url: http://127.0.0.1:%d
                env_secrets: [%s]
                """.formatted(
                                                Service.NAME,
                                                RealDocker.variable("PYM_TEST_REGISTRY"),
                                                RealDocker.base(),
                                                Service.LIVE,
                                                Service.SECRET)
                                + more)
                .commit("to a cloud that repeats what it hears");
    }

    /** @param marker what the cloud says beside that */
    private void assertNothingIsTold(String marker, String... secrets) throws Exception {
        assertNothingIsTold(marker, () -> List.of(secrets));
    }

    private void assertNothingIsTold(String marker, Supplier<List<String>> known) throws Exception {
        assertThat(assertNothingIsTold(6, marker, known))
                .as("a journal holds the reason")
                .isTrue();
    }

    /** @return whether a journal holds the marker */
    private boolean assertNothingIsTold(int code, String marker, Supplier<List<String>> known) throws Exception {
        Service.Ended ended = service.run("--no-test", "--debug");
        List<String> others = known.get();
        assertThat(ended.code()).as(ended.output()).isEqualTo(code);
        assertThat(ended.output()).contains(marker);
        assertHidden("the output", ended.output(), others);
        boolean[] journal = {false};
        try (Stream<Path> files = Files.walk(service.directory().resolve(".pym"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertHidden(file.toString(), text, others);
                journal[0] |= file.toString().endsWith(".journal") && text.contains(marker);
            }
        }
        return journal[0];
    }

    private static void assertHidden(String where, String text, List<String> others) {
        Leaks.assertNone(
                where, text, Stream.concat(Stream.of(VALUE), others.stream()).toList());
        assertThat(text).as(where).doesNotContain("sesame").doesNotContain("9f3c");
    }

    @Test
    void beanstalk() throws Exception {
        try (BeanstalkCloud cloud = new BeanstalkCloud(Service.NAME + "-").live("eu-west-1", "echo", Service.LIVE)) {
            cloud.variables().forEach(service::with);
            configure("""
                    deploy_target: beanstalk
                    aws_user: nobody
                    aws_region: eu-west-1
                    aws_keypair: pair
                    aws_instance_type: t3.small
                    aws_instance_profile: role
                    aws_live_cname: echo
                    aws_role: arn:aws:iam::123456789012:role/deployer
                    """);
            cloud.echo();

            assertNothingIsTold(
                    "Invalid: ",
                    cloud.variables().get("AWS_SECRET_ACCESS_KEY"),
                    "key-of-the-role",
                    "session-of-the-role");
        }
    }

    @Test
    void cloudRun() throws Exception {
        try (RunCloud cloud = new RunCloud(Service.NAME + "-run-", Service.NAME + "-live", Service.LIVE)) {
            cloud.variables().forEach(service::with);
            configure("deploy_target: cloud-run\ngcp_project: my-project\n");
            cloud.echo();

            assertNothingIsTold("not valid: ", cloud::tokens);
        }
    }

    @Test
    void cloudRunInPreflight() throws Exception {
        try (RunCloud cloud = new RunCloud(Service.NAME + "-run-", Service.NAME + "-live", Service.LIVE)) {
            cloud.variables().forEach(service::with);
            configure("deploy_target: cloud-run\ngcp_project: my-project\n");
            cloud.echoValidation();

            assertThat(assertNothingIsTold(3, "not valid: ", cloud::tokens)).isFalse();
        }
    }

    @Test
    void kubernetes() throws Exception {
        try (ContainerHosts pods = new ContainerHosts(Service.NAME + "-pod-");
                KubeServer kube = new KubeServer(pods, image -> true, 4000, Map.of())) {
            service.with("PYM_KUBECONFIG", Wires.kubeconfig(kube, "a-token-of-the-cluster"));
            configure("deploy_target: gke\ngke_probe_delay: 1s\ngke_pre_stop: 1s\n");
            Wires.echo(kube);

            assertNothingIsTold("the Deployment is invalid: ", "a-token-of-the-cluster");
        }
    }
}
