package io.jenkins.plugins.pymacaron.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.config.ConfigReader;
import io.jenkins.plugins.pymacaron.config.Overrides;
import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.docker.DockerLogin;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import io.jenkins.plugins.pymacaron.image.Registry;
import io.jenkins.plugins.pymacaron.pipeline.contract.NextStepAdvice;
import io.jenkins.plugins.pymacaron.pipeline.contract.RunRequest;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageSpec;
import io.jenkins.plugins.pymacaron.pipeline.preflight.RegistryAccess;
import io.jenkins.plugins.pymacaron.pipeline.preflight.TargetFactory;
import io.jenkins.plugins.pymacaron.targets.RegistryLogin;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.beanstalk.BeanstalkCloud;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The token of ECR, as the server of the tests hands it out, opens a real registry that stands for ECR. */
@Timeout(20 * 60)
class EcrPushTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final List<String> log = RealDocker.log();

    private static PymConfig config(String registry) throws Exception {
        String text = """
                name: hello
                docker_repo: test
                registry: %s
                deploy_target: beanstalk
                live_url: http://hello.example.com
                aws_user: nobody
                aws_region: eu-west-1
                aws_keypair: pair
                aws_instance_type: t3.small
                aws_live_cname: hello-live
                """.formatted(registry);
        return ConfigReader.read("f", text.getBytes(StandardCharsets.UTF_8), Overrides.NONE)
                .base();
    }

    /** Returns a client that keeps what it was called with. */
    private Docker docker(Path directory, String password) throws Exception {
        Path client = directory.resolve("docker");
        String real = RealDocker.clients().findFirst().orElseThrow();
        Files.writeString(client, "#!/bin/sh\necho \"$*\" >> " + directory + "/calls\nexec " + real + " \"$@\"\n");
        assertThat(client.toFile().setExecutable(true)).isTrue();
        return RealDocker.docker(log, client.toString(), password);
    }

    @Test
    void thePushUsesItAndShowsItToNoReader(@TempDir Path directory) throws Exception {
        String registry = RealDocker.variable("PYM_TEST_REGISTRY_AUTH");
        String user = RealDocker.variable("PYM_TEST_REGISTRY_USER");
        String password = RealDocker.variable("PYM_TEST_REGISTRY_PASSWORD");
        String repository = registry + "/test/" + RealDocker.unique("ecr");
        String image = repository + ":1";
        Docker docker = docker(directory, password);
        RegistryLogin login;
        try (BeanstalkCloud cloud = new BeanstalkCloud("ecr-").ecr(user + ":" + password)) {
            TargetContext surroundings = new TargetContext(cloud.variables(), log::add);
            login = TargetFactory.login(config("123456789012.dkr.ecr.eu-central-1.amazonaws.com"), surroundings)
                    .orElseThrow();
            assertThat(TargetFactory.login(config("registry.example.com"), surroundings))
                    .isEmpty();
            assertThat(cloud.loginsAskedIn()).as("the registry's own region").containsExactly("eu-central-1");
        }
        docker.images().tag(RealDocker.base(), image);
        try {
            assertThatThrownBy(() -> docker.images().push(image, LONG)).hasMessageNotContaining(password);

            List<Problem> problems = new ArrayList<>();
            RegistryAccess access = new RegistryAccess(request(), Map.of(), problems, NextStepAdvice.SHELL);
            try (DockerLogin open = access.login(docker, config(registry), Optional.of(login), true)
                    .orElseThrow()) {
                Docker loggedIn = docker.with(open);
                loggedIn.images().push(image, LONG);
                assertThat(new Registry(loggedIn).look(repository, "1").trouble())
                        .isEmpty();
            }
            assertThat(problems).isEmpty();
        } finally {
            docker.images().remove(image);
        }
        assertThat(login.toString()).isEqualTo(user);
        assertThat(log).noneMatch(line -> line.contains(password));
        assertThat(directory.resolve("calls"))
                .content()
                .contains("login", "push")
                .doesNotContain(password);
    }

    private static RunRequest request() throws Exception {
        return new StageSpec(StageSpec.SCHEMA, "push", "run", ".", ".", Map.of(), Map.of(), List.of(), false, Map.of())
                .toRequest(false);
    }
}
