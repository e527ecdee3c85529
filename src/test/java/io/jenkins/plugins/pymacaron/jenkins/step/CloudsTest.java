package io.jenkins.plugins.pymacaron.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Label;
import io.jenkins.plugins.pymacaron.cli.CleanEngine;
import io.jenkins.plugins.pymacaron.cli.Service;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import io.jenkins.plugins.pymacaron.jenkins.credentials.Stores;
import io.jenkins.plugins.pymacaron.jenkins.history.DeploymentHistory;
import io.jenkins.plugins.pymacaron.process.PipelineCredentials;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * The one line with each cloud as its target, by credentials of Jenkins, on an agent: against servers that speak as the
 * clouds do and run what is deployed as containers.
 */
@WithJenkins
@ExtendWith(CleanEngine.class)
@EnabledIfEnvironmentVariable(named = "PYM_TEST_BASE", matches = ".+")
class CloudsTest {
    private static final String TARGETS = "io.jenkins.plugins.pymacaron.target.";

    private static JenkinsRule j;

    @TempDir
    Path temporary;

    private Service service;
    private Path root;
    private Process server;

    @BeforeAll
    static void jenkins(JenkinsRule rule) throws Exception {
        j = rule;
        j.createOnlineSlave(Label.get("clouds"));
        Scripts.secret(j);
    }

    @BeforeEach
    void service() throws Exception {
        service = Service.in(temporary);
        root = Files.createDirectories(temporary.toRealPath().resolve("cloud"));
    }

    @AfterEach
    void end() throws Exception {
        if (server != null) {
            server.getOutputStream().close();
            if (!server.waitFor(5, TimeUnit.SECONDS)) {
                server.destroy();
                assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
            }
        }
        // What served the clouds outlives their servers, as it does there.
        List<String> left = docker("ps", "-aq", "--filter", "name=" + Service.NAME);
        if (!left.isEmpty()) {
            docker(Stream.concat(Stream.of("rm", "-fv"), left.stream()).toArray(String[]::new));
        }
    }

    private static List<String> docker(String... arguments) throws Exception {
        List<String> argv = new ArrayList<>(List.of("docker"));
        argv.addAll(List.of(arguments));
        Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(process.waitFor()).as(String.join("\n", lines)).isZero();
        return lines;
    }

    @Test
    void beanstalk() throws Exception {
        int api = Service.freePort();
        String cname = Service.NAME + "-live";
        start("beanstalk.BeanstalkDemo", List.of("" + api, "" + Service.LIVE, cname, Service.NAME + "-"));
        Stores.add(Stores.aws("aws", "AKIDEXAMPLE", "very secret of AWS"));
        goesLiveAndBack(
                "beanstalk", List.of("AWS_ENDPOINT_URL=http://127.0.0.1:" + api), "aws: 'aws'", """
                aws_user: nobody
                aws_region: eu-west-1
                aws_keypair: pair
                aws_instance_type: t3.small
                aws_instance_profile: role
                aws_live_cname: %s
                """.formatted(cname));
    }

    @Test
    void cloudRun() throws Exception {
        int api = Service.freePort();
        Path key = root.resolve("key.json");
        start(
                "cloudrun.DemoServer",
                List.of("" + api, Service.NAME + "-live", "" + Service.LIVE, key.toString(), Service.NAME + "-"));
        Stores.add(Stores.file("cloud-run", awaited(key)));
        goesLiveAndBack(
                "cloud-run",
                List.of("CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN=http://127.0.0.1:" + api),
                "gcp: 'cloud-run'",
                "gcp_project: my-project\ncanary: [50]\n");
    }

    @Test
    void gke() throws Exception {
        start("gke.wire.GkeDemo", List.of(root.toString(), Service.NAME, "" + Service.LIVE, "" + Service.STAGING));
        Stores.add(Stores.file("gke", awaited(root.resolve("key.json"))));
        goesLiveAndBack(
                "gke",
                List.of("PYM_GKE_ENDPOINT=" + awaited(root.resolve("endpoint"))),
                "gcp: 'gke'",
                "gke_probe_delay: 1s\ngke_pre_stop: 1s\nstaging: {live_url: 'http://127.0.0.1:" + Service.STAGING
                        + "'}\n");
    }

    private void goesLiveAndBack(String target, List<String> variables, String credentials, String config)
            throws Exception {
        String line = "pymacaronDeploy(, credentials: [" + credentials + "])";
        service.write(
                "pym-config.yaml",
                """
                name: %s
                deploy_target: %s
                docker_repo: demo
                registry: %s
                docker_base: %s
                live_url: http://127.0.0.1:%d
                env_secrets: [E2E_SECRET]
                """.formatted(Service.NAME, target, registry(), RealDocker.base(), Service.LIVE) + config);
        service.write("test/test_alone.py", """
                import os
                import unittest


                class AloneTest(unittest.TestCase):
                    def test_no_credentials(self):
                        self.assertEqual([], sorted(set(os.environ) & {%s}))
                """.formatted(withheld()));
        service.commit("to " + target);
        WorkflowRun first = j.buildAndAssertSuccess(job(target + "-1", variables, line));
        String version = Service.version(Service.LIVE);
        assertThat(Service.live()).isEqualTo("one");

        service.content("two").commit("second");
        WorkflowJob job = job(target + "-2", variables, line);
        WorkflowRun second = j.buildAndAssertSuccess(job);
        assertThat(Service.live()).isEqualTo("two");
        assertThat(DeploymentHistory.of(job).byEnvironment()).isNotEmpty();

        WorkflowRun back = j.buildAndAssertSuccess(job(
                target + "-3",
                variables,
                "pymRollback(, version: '" + version + "', credentials: [" + credentials + "])"));
        assertThat(Service.live()).isEqualTo("one");
        for (WorkflowRun run : List.of(first, second, back)) {
            j.assertLogNotContains("very secret of AWS", run);
            j.assertLogNotContains("PRIVATE KEY", run);
        }
    }

    private WorkflowJob job(String name, List<String> variables, String steps) throws Exception {
        return Scripts.job(j, name, "clouds", service, variables, steps);
    }

    private static String registry() {
        return RealDocker.variable("PYM_TEST_REGISTRY");
    }

    private static String withheld() {
        Stream<String> names = PipelineCredentials.WITHHELD.stream().sorted().map(name -> "'" + name + "'");
        return String.join(", ", names.toList());
    }

    private void start(String main, List<String> arguments) throws IOException {
        List<String> argv = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                TARGETS + main));
        argv.addAll(arguments);
        server = new ProcessBuilder(argv)
                .redirectErrorStream(true)
                .redirectOutput(new File(root.toFile(), "log"))
                .start();
    }

    private String awaited(Path file) throws Exception {
        for (int i = 0; i < 1200 && !Files.exists(file); i++) {
            assertThat(server.isAlive())
                    .as(Files.readString(root.resolve("log")))
                    .isTrue();
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}
