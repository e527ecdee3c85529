package io.jenkins.plugins.pymacaron.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.ExtensionList;
import hudson.model.Label;
import hudson.model.Result;
import hudson.model.Slave;
import hudson.model.TaskListener;
import hudson.slaves.OfflineCause;
import io.jenkins.plugins.pymacaron.FreePorts;
import io.jenkins.plugins.pymacaron.cli.CleanEngine;
import io.jenkins.plugins.pymacaron.cli.Service;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import io.jenkins.plugins.pymacaron.jenkins.agent.KeptVersion;
import io.jenkins.plugins.pymacaron.jenkins.agent.KeptVersions;
import io.jenkins.plugins.pymacaron.jenkins.agent.UnfinishedStages;
import io.jenkins.plugins.pymacaron.jenkins.credentials.Stores;
import io.jenkins.plugins.pymacaron.jenkins.history.DeploymentHistory;
import io.jenkins.plugins.pymacaron.jenkins.lock.EnvironmentQueue;
import io.jenkins.plugins.pymacaron.jenkins.lock.Inputs;
import io.jenkins.plugins.pymacaron.jenkins.reconcile.LeftoverReconciler;
import io.jenkins.plugins.pymacaron.pipeline.contract.EnvironmentNames;
import io.jenkins.plugins.pymacaron.process.PipelineCredentials;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.support.steps.input.InputStepExecution;
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
    private static final String TARGETS = "io.jenkins.plugins.pymacaron.targets.";

    private static final String CNAME = Service.NAME + "-live";

    private static final String BEANSTALK = """
            aws_user: nobody
            aws_region: eu-west-1
            aws_keypair: pair
            aws_instance_type: t3.small
            aws_instance_profile: role
            aws_live_cname: %s
            """.formatted(CNAME);

    private static JenkinsRule j;
    private static Slave agent;

    @TempDir
    Path temporary;

    private Service service;
    private Path root;
    private Process server;

    @BeforeAll
    static void jenkins(JenkinsRule rule) throws Exception {
        j = rule;
        agent = j.createOnlineSlave(Label.get("clouds"));
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
                assertThat(server.waitFor(600, TimeUnit.SECONDS)).isTrue();
            }
        }
        // The containers that served the clouds outlive their servers, as they do there.
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
        List<String> variables = startBeanstalk();
        goesLiveAndBack("beanstalk", variables, "aws: 'aws'", BEANSTALK);
    }

    /** @return what the stages need to find it */
    private List<String> startBeanstalk() throws Exception {
        int api = FreePorts.next();
        start("beanstalk.BeanstalkDemo", List.of("" + api, "" + Service.LIVE, CNAME, Service.NAME + "-"));
        Stores.add(Stores.aws("aws", "AKIDEXAMPLE", "very secret of AWS"));
        return List.of("AWS_ENDPOINT_URL=http://127.0.0.1:" + api);
    }

    @Test
    void aVersionWithoutApprovalDoesNotContinueToServeAsLive() throws Exception {
        List<String> variables = startBeanstalk();
        configure("beanstalk", BEANSTALK);
        service.commit("to beanstalk");
        String aws = "(, credentials: [aws: 'aws'])";
        WorkflowJob job = j.createProject(WorkflowJob.class, "refused");
        job.setDefinition(new CpsFlowDefinition(
                Scripts.script("clouds", service, variables, "pymBuild(); pymPush(); pymDeploy" + aws)
                        + "input 'To live?'\n",
                true));
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        InputStepExecution question = Inputs.await(run);
        assertThat(Service.live())
                .as("a first deployment has the name of live at once")
                .isEqualTo("one");
        LeftoverReconciler reconciler = ExtensionList.lookupSingleton(LeftoverReconciler.class);
        reconciler.run();
        assertThat(UnfinishedStages.get().all())
                .as("it is asked still")
                .singleElement()
                .satisfies(left -> assertThat(left.getProblem()).isEmpty());

        agent.toComputer().disconnect(new OfflineCause.ByCLI("away")).get();
        question.doAbort();
        j.assertBuildStatus(Result.ABORTED, j.waitForCompletion(run));
        Gate.until("it was not tried", () -> UnfinishedStages.get().all().stream()
                .anyMatch(left -> left.getProblem().endsWith(" is offline.")));
        try (JenkinsRule.WebClient web = j.createWebClient()) {
            assertThat(web.getPage(job, "deployments").asNormalizedText())
                    .contains(
                            "#1 ended after “Deploy staging”, and its resources for the next stage are not cleaned up yet",
                            " serves as beanstalk/" + Service.NAME + "/live, though it was not promoted");
        }
        assertThat(Service.live()).isEqualTo("one");
        // A build that got its turn goes on from the present state.
        WorkflowJob other = j.createProject(WorkflowJob.class, "other");
        other.setDefinition(new CpsFlowDefinition("input 'Enough?'", true));
        WorkflowRun holder = other.scheduleBuild2(0).waitForStart();
        InputStepExecution held = Inputs.await(holder);
        EnvironmentQueue.get()
                .acquire("beanstalk/" + Service.NAME + "/live", holder, TaskListener.NULL)
                .get();
        agent.toComputer().connect(true).get();
        Gate.until(
                "it did not wait", () -> UnfinishedStages.get().all().stream().anyMatch(left -> left.getProblem()
                        .equals("Another build deploys to beanstalk/" + Service.NAME + "/live now, and takes over.")));
        assertThat(Service.live()).isEqualTo("one");

        held.doProceedEmpty();
        j.assertBuildStatusSuccess(j.waitForCompletion(holder));
        Gate.until("it is not crossed out", () -> {
            reconciler.run();
            return UnfinishedStages.get().all().isEmpty();
        });
        assertThat(run.getRootDir().toPath().resolve("pymacaron-clean-up.log"))
                .content()
                .contains("Its deployment ended, so it is undone", "terminate environment")
                .doesNotContain("very secret of AWS");
        Gate.until("it serves still", () -> Service.live().equals("no environment has this name"));
    }

    @Test
    void cloudRun() throws Exception {
        int api = FreePorts.next();
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

    @Test
    void versionsThatLiveHasKeptLongEnoughAreEndedWithoutABuild() throws Exception {
        List<String> variables = startBeanstalk();
        String live = "beanstalk/" + Service.NAME + "/live";
        keeping("1h");
        String aws = "(, credentials: [aws: 'aws'])";
        String steps =
                "pymBuild(); pymPush(); pymDeploy" + aws + "; pymPromote(, last: true, credentials: [aws: 'aws'])";
        WorkflowJob job = job("kept", variables, steps);
        j.buildAndAssertSuccess(job);
        assertThat(KeptVersions.get().all()).as("there was none before").isEmpty();
        service.content("two");
        // A clean-up goes by the configuration of the deployment, not by what is in the working copy since.
        keeping("40s");
        WorkflowRun run = j.buildAndAssertSuccess(job);
        assertThat(KeptVersions.get().all()).singleElement().satisfies(kept -> {
            assertThat(kept.getEnvironments()).singleElement().satisfies(id -> assertThat(
                            EnvironmentNames.isSame(id, live))
                    .isTrue());
            assertThat(kept.getPromotion().getBuild()).isEqualTo("kept#2");
        });
        assertThat(UnfinishedStages.get().all()).as("it is planned").isEmpty();
        try (JenkinsRule.WebClient web = j.createWebClient()) {
            assertThat(web.getPage(job, "deployments").asNormalizedText())
                    .contains("The previous version stays warm until")
                    .doesNotContain("tried again");
        }
        job.renameTo("kept-long");
        assertThat(KeptVersions.get().all())
                .extracting(kept -> kept.getPromotion().getBuild())
                .containsExactly("kept-long#2");

        Gate.until("it is not crossed out", CloudsTest::nothingIsKeptAfterTwoHours);
        assertThat(run.getRootDir().toPath().resolve("pymacaron-clean-up.log"))
                .content()
                .contains("Ending what was kept long enough in " + live)
                .containsOnlyOnce("terminate environment");
        assertThat(Service.live()).isEqualTo("two");

        service.content("three");
        keeping("1h");
        WorkflowRun third = j.buildAndAssertSuccess(job);
        KeptVersion again = KeptVersions.get().all().get(0);
        agent.createPath(again.getPromotion().getWorkspace() + "@tmp").deleteRecursive();
        Gate.until("it is tried for ever", CloudsTest::nothingIsKeptAfterTwoHours);
        assertThat(third.getRootDir().toPath().resolve("pymacaron-clean-up.log"))
                .as("left to the next deployment")
                .doesNotExist();
    }

    private static boolean nothingIsKeptAfterTwoHours() {
        ExtensionList.lookupSingleton(LeftoverReconciler.class)
                .end(Instant.now().plus(Duration.ofHours(2)));
        return KeptVersions.get().all().isEmpty();
    }

    private void keeping(String time) throws Exception {
        configure("beanstalk", BEANSTALK + "retention: {keep: " + time + "}\n");
        service.commit("kept for " + time);
    }

    private void goesLiveAndBack(String target, List<String> variables, String credentials, String config)
            throws Exception {
        String line = "pymacaronDeploy(, credentials: [" + credentials + "])";
        configure(target, config);
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

    private void configure(String target, String config) throws Exception {
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
        for (int i = 0; i < 12_000 && !Files.exists(file); i++) {
            assertThat(server.isAlive())
                    .as(Files.readString(root.resolve("log")))
                    .isTrue();
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}
