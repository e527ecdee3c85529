package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import io.jenkins.plugins.pymacaron.targets.beanstalk.BeanstalkCloud;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs of a service that has files for Elastic Beanstalk beside its image. */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class BeanstalkFilesTest {
    private static final String REGION = "eu-west-1";
    private static final String OPTIONS = ".ebextensions/10-options.config";

    @TempDir
    Path temporary;

    private Service service;
    private BeanstalkCloud cloud;

    @BeforeEach
    void start() throws Exception {
        service = Service.in(temporary);
        cloud = new BeanstalkCloud(Service.NAME + "-").live(REGION, Service.NAME + "-live", Service.LIVE);
        cloud.variables().forEach(service::with);
        service.write("pym-config.yaml", """
                name: %s
                deploy_target: beanstalk
                docker_repo: e2e
                registry: %s
                docker_base: %s
                live_url: http://127.0.0.1:%d
                aws_user: nobody
                aws_region: %s
                aws_keypair: pair
                aws_instance_type: t3.small
                aws_instance_profile: role
                aws_live_cname: %s-live
                env_secrets: [%s]
                """.formatted(
                        Service.NAME,
                        RealDocker.variable("PYM_TEST_REGISTRY"),
                        RealDocker.base(),
                        Service.LIVE,
                        REGION,
                        Service.NAME,
                        Service.SECRET));
    }

    @AfterEach
    void stop() throws Exception {
        cloud.close();
    }

    private Service.Ended run(int expected, String... arguments) {
        Service.Ended ended = service.run(arguments);
        assertThat(ended.code()).as(ended.output()).isEqualTo(expected);
        return ended;
    }

    @Test
    void filesBesideTheImageAreInTheBundleAndAChangeInThemAloneIsDeployed() throws Exception {
        Path folder = Files.createDirectories(service.directory().resolve(".ebextensions"));
        Files.writeString(folder.resolve("10-options.config"), "option_settings: {}\n");
        service.write(".gitattributes", ".ebextensions export-ignore\n")
                .write(".dockerignore", ".ebextensions\n")
                .commit("with files for the platform");
        run(0, "--no-test");
        List<String> first = cloud.names(REGION);
        assertThat(cloud.bundle(REGION, first.get(0))).containsEntry(OPTIONS, "option_settings: {}\n");

        Files.writeString(folder.resolve("10-options.config"), "option_settings: {} # another\n");
        service.commit("another option");
        assertThat(run(0, "--plan").output()).contains("reuse image", ".zip, with " + OPTIONS);
        assertThat(run(0, "--no-test").output()).contains("reused");

        List<String> both = cloud.names(REGION);
        assertThat(both).hasSize(2);
        Map<String, String> second = cloud.bundle(REGION, both.get(1));
        assertThat(second)
                .containsEntry(OPTIONS, "option_settings: {} # another\n")
                .extractingByKey("Dockerrun.aws.json")
                .as("the same image")
                .isEqualTo(cloud.bundle(REGION, first.get(0)).get("Dockerrun.aws.json"));
    }

    @Test
    void aLinkOutOfTheRepositoryIsRefusedBeforeAnythingIsBuilt() throws Exception {
        Path secret = Files.writeString(temporary.resolve("of-this-machine"), "secret of this machine");
        Files.createDirectories(service.directory().resolve(".platform/hooks"));
        Files.createSymbolicLink(service.directory().resolve(".platform/hooks/x"), secret);
        service.commit("a link");

        assertThat(run(3, "--no-test").output())
                .contains(".platform/hooks/x", "it is a symbolic link, which cannot go into the bundle")
                .doesNotContain("secret of this machine");
        assertThat(cloud.actions()).isEmpty();
    }
}
