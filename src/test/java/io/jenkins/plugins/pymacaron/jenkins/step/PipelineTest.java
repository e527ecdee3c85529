package io.jenkins.plugins.pymacaron.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import hudson.slaves.DumbSlave;
import hudson.tasks.junit.TestResultAction;
import io.jenkins.plugins.pymacaron.FreePorts;
import io.jenkins.plugins.pymacaron.cli.CleanEngine;
import io.jenkins.plugins.pymacaron.cli.Service;
import io.jenkins.plugins.pymacaron.jenkins.history.DeploymentEntry;
import io.jenkins.plugins.pymacaron.jenkins.history.DeploymentHistory;
import io.jenkins.plugins.pymacaron.jenkins.lock.EnvironmentQueue;
import io.jenkins.plugins.pymacaron.jenkins.lock.Inputs;
import io.jenkins.plugins.pymacaron.jenkins.run.DeploymentRecord;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.jenkins.run.ServiceRun;
import io.jenkins.plugins.pymacaron.jenkins.run.StageRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.actions.WarningAction;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.support.steps.input.InputStepExecution;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Runs all steps in real Pipelines, with a real service in real containers of the docker target. */
@WithJenkins
@ExtendWith(CleanEngine.class)
@EnabledIfEnvironmentVariable(named = "PYM_TEST_BASE", matches = ".+")
class PipelineTest {
    private static JenkinsRule j;
    private static DumbSlave agent;

    @TempDir
    Path temporary;

    @BeforeAll
    static void jenkins(JenkinsRule rule) throws Exception {
        j = rule;
        agent = j.createOnlineSlave();
        Scripts.secret(j);
    }

    @Test
    void aServiceGoesLiveStepByStepAndBack() throws Exception {
        Service service = Service.in(temporary);
        Gate gate = new Gate(temporary.toRealPath());
        // The acceptance of the image knows nothing of the push beside it, and ends after it.
        WorkflowRun run = j.buildAndAssertSuccess(job(service, gate.variables("dev"), """
                def config = pymConfig()
                echo "config ${config.name}"
                echo "plan ${pymPlan().plan.size() > 3}"
                stage('Unit') { echo "unit ${pymTest().passed}" }
                stage('Build') { echo "image ${pymBuild().reused}" }
                parallel accept: {
                  stage('Accept') { pymAccept(, on: 'container') }
                }, push: {
                  stage('Push') { echo "pushed ${pymPush().digest}" }
                  sh 'touch "$E2E_GATE.open"'
                }
                stage('Deploy') { echo "deployed ${pymDeploy().environment}" }
                stage('Accept staging') { echo "accepted ${pymAccept().total}" }
                stage('Promote') { echo "promoted ${pymPromote().url}" }
                stage('Accept live') { pymAccept() }
                """));
        assertThat(Service.live()).isEqualTo("one");
        ServiceRun kept = PymacaronRun.of(run).getServices().get(0);
        assertThat(kept.getService()).isEqualTo(Service.NAME);
        assertThat(kept.getStages())
                .extracting(StageRecord::getStage)
                .containsExactly(
                        "unit",
                        "build",
                        "push",
                        "container",
                        "staging",
                        "accept-staging",
                        "pre-promote",
                        "promote",
                        "live");
        assertThat(kept.getStages()).extracting(StageRecord::getOutcome).containsOnly("SUCCEEDED");
        assertThat(kept.last("live").orElseThrow().getUrl()).isEqualTo("http://127.0.0.1:" + Service.LIVE);
        assertThat(kept.last("promote").orElseThrow().getDeployments())
                .singleElement()
                .satisfies(d -> assertThat(d.getDigest())
                        .isEqualTo(kept.getImage().getDigest())
                        .startsWith("sha256:"));
        j.assertLogContains("config " + Service.NAME, run);
        j.assertLogContains("plan true", run);
        j.assertLogContains("Plan for " + Service.NAME + " at commit ", run);
        j.assertLogContains("unit 1", run);
        j.assertLogContains("deployed docker/" + Service.NAME + "/staging", run);
        j.assertLogContains("accepted 2", run);
        TestResultAction tests = run.getAction(TestResultAction.class);
        assertThat(tests.getTotalCount()).isEqualTo(1 + 2 + 2 + 2);
        assertThat(tests.getResult().getSuites())
                .extracting(s -> s.getEnclosingBlockNames().get(0))
                .containsExactlyInAnyOrder("Unit", "Accept", "Accept staging", "Accept live");
        Secrets.assertNowhere(j, temporary, "s3cr$t");
        assertNothingIsLeftBeside(service);

        service.content("two").commit("second");
        WorkflowRun back = job(service, Scripts.ALL + "\necho pymRollback().version\ninput 'go on?'")
                .scheduleBuild2(0)
                .waitForStart();
        InputStepExecution asked = Inputs.await(back);
        assertThat(Service.live()).isEqualTo("one");
        assertThat(EnvironmentQueue.get().holder("docker/" + Service.NAME + "/live"))
                .as("the deployment is over, the build is not")
                .isEmpty();
        assertThat(EnvironmentQueue.get().holder("docker/" + Service.NAME + "/staging"))
                .isEmpty();
        asked.proceed(null);
        j.assertBuildStatusSuccess(j.waitForCompletion(back));
        assertThat(DeploymentHistory.of(run.getParent()).byEnvironment()).hasSize(2);
    }

    @Test
    void noRollbackLeadsFurtherThanItsBuildWent() throws Exception {
        Service service = Service.in(temporary);
        assertThat(service.run("--no-test", "--no-push").code()).isZero();
        service.content("two").commit("second");
        assertThat(service.run("--no-test", "--no-push").code()).isZero();
        String version = Service.version(Service.LIVE);

        WorkflowRun failed = j.buildAndAssertStatus(
                Result.FAILURE, job(service, "try { pymTest(); error 'stopped' } finally { pymRollback() }"));
        j.assertLogContains("this build has promoted nothing, so there is nothing to roll back", failed);
        WorkflowRun refused = j.buildAndAssertStatus(Result.FAILURE, job(service, "pymRollback()"));
        assertThat(refused.getLog(50))
                .anySatisfy(line ->
                        assertThat(line).startsWith("ERROR: Roll back: ").contains("pymRollback(version: '...')"));
        assertThat(Service.version(Service.LIVE)).isEqualTo(version);
    }

    @Test
    void theServingVersionOfStagingIsRecordedAfterAFailedAcceptanceToo() throws Exception {
        Service service = Service.in(temporary);
        WorkflowJob job = job(service, "pymBuild(); pymPush(); pymDeploy(); pymAccept()");
        j.buildAndAssertSuccess(job);
        service.content("two").at(Service.NAME + "-staging", "exit 1").commit("bad");
        WorkflowRun run = j.buildAndAssertStatus(Result.FAILURE, job);
        assertThat(Service.staging()).isEqualTo("one");
        assertThat(DeploymentHistory.of(job).entries())
                .extracting(DeploymentEntry::version)
                .containsExactly(
                        Service.version(Service.STAGING),
                        PymacaronRun.of(run).getServices().get(0).getImage().getVersion(),
                        Service.version(Service.STAGING));
    }

    /** Only the core and the home of its journals stay for the next build. */
    private static void assertNothingIsLeftBeside(Service service) throws Exception {
        Path beside = service.directory().resolveSibling("service@tmp").resolve("pymacaron");
        Gate.until("something is left", () -> {
            try (Stream<Path> all = Files.list(beside)) {
                return all.map(p -> p.getFileName().toString())
                        .allMatch(n -> n.equals("home") || n.startsWith("engine-"));
            }
        });
    }

    @Test
    void failingTestsStopThePipelineUnlessTheyMayNot() throws Exception {
        Service service = Service.in(temporary).at("unit", "exit 1").commit("unit tests fail");
        WorkflowRun failed =
                j.buildAndAssertStatus(Result.FAILURE, job(service, "stage('Unit') { pymTest() }\necho 'went on'"));
        j.assertLogContains("ERROR: Unit tests: 1 of 1 tests failed", failed);
        j.assertLogNotContains("went on", failed);
        j.assertLogNotContains("\tat ", failed);
        assertThat(failed.getAction(TestResultAction.class).getFailCount()).isEqualTo(1);
        assertThat(PymacaronRun.of(failed).getServices().get(0).getOutcome()).isEqualTo("TESTS_FAILED");

        WorkflowRun unstable = j.buildAndAssertStatus(
                Result.UNSTABLE, job(service, "def r = pymTest(, onFailure: 'unstable')\necho \"failed ${r.failed}\""));
        j.assertLogContains("failed 1", unstable);
        assertThat(new org.jenkinsci.plugins.workflow.graphanalysis.DepthFirstScanner()
                        .allNodes(unstable.getExecution()).stream()
                                .filter(n -> n.getAction(WarningAction.class) != null))
                .hasSize(1);
    }

    @Test
    void mistakesAreSaidInOneLine() throws Exception {
        Service service = Service.in(temporary);
        for (List<String> mistake : List.of(
                List.of("pymTest(onFailure: 'ignore')", "onFailure must be failure or unstable, not ignore."),
                List.of("pymAccept(on: 'mars')", "on must be container, staging or live, not mars."),
                List.of("pymBuild(dir: '../other')", "The service directory ../other is outside the workspace."),
                List.of("pymBuild(dir: 'nowhere')", "nowhere"),
                List.of("pymBuild(timeouts: [build: 'soon'])", "The timeout of build, soon, is not a duration"),
                List.of("pymDeploy(secrets: [A: 'nobody'])", "nobody"),
                List.of("pymDeploy(target: 'moon')", "there is no target moon"),
                List.of("pymPush()", "image"))) {
            WorkflowRun run = j.buildAndAssertStatus(Result.FAILURE, job(service, mistake.get(0)));
            assertThat(run.getLog(50))
                    .as(mistake.get(0))
                    .anySatisfy(line -> assertThat(line).startsWith("ERROR: ").contains(mistake.get(1)));
            j.assertLogNotContains("\tat ", run);
        }
    }

    @Test
    void unitTestsRunInAContainerWithoutJava() throws Exception {
        Service service = Service.in(temporary);
        WorkflowRun run = j.buildAndAssertSuccess(job(
                service,
                "docker.image('" + System.getenv("PYM_TEST_BASE") + "').inside('--network=host') {"
                        + " def r = pymTest(secrets: [E2E_SECRET: 'e2e-secret'])\necho \"passed ${r.passed}\" }"));
        j.assertLogContains("passed 1", run);
        assertThat(run.getAction(TestResultAction.class).getTotalCount()).isEqualTo(1);
        WorkflowRun refused = j.buildAndAssertStatus(
                Result.FAILURE,
                job(
                        service,
                        "docker.image('" + System.getenv("PYM_TEST_BASE")
                                + "').inside('--network=host') { pymBuild() }"));
        j.assertLogContains("There is no Java here", refused);
    }

    @Test
    void twoServicesOfOneRepositoryGoLiveBesideEachOther() throws Exception {
        Service service = Service.in(temporary);
        int live = FreePorts.next();
        Path other = Files.createDirectories(service.directory().resolve("other/test"));
        Files.writeString(
                other.resolveSibling("pym-config.yaml"),
                Files.readString(service.directory().resolve("pym-config.yaml"))
                        .replace("name: " + Service.NAME, "name: " + Service.NAME + "-b")
                        .replace(":" + Service.LIVE, ":" + live)
                        .replace(":" + Service.STAGING, ":" + FreePorts.next()));
        Files.writeString(
                other.resolve("test_other.py"), "def test_other():\n    pass\n\n\ndef test_more():\n    pass\n");
        service.write("other/requirements.txt", "").write("other/server.py", Service.server("other"));
        for (String file : List.of("testaccept/test_service.py", "testaccept/gate.py")) {
            service.write("other/" + file, Files.readString(service.directory().resolve(file)));
        }
        service.commit("another service");
        WorkflowRun run = j.buildAndAssertSuccess(job(service, """
                parallel a: {
                  stage('A') { echo "a ${pymTest().total}"; ALL }
                }, b: {
                  stage('B') { echo "b ${pymTest(, dir: 'other').total}"; OTHER }
                }
                """.replace("ALL", Scripts.ALL)
                .replace("OTHER", Scripts.ALL.replace("()", "(, dir: 'other')"))));
        j.assertLogContains("a 1", run);
        j.assertLogContains("b 2", run);
        assertThat(PymacaronRun.of(run).find("other").orElseThrow().getService())
                .isEqualTo(Service.NAME + "-b");
        assertThat(PymacaronRun.of(run).find(".").orElseThrow().getService()).isEqualTo(Service.NAME);
        assertThat(run.getAction(TestResultAction.class).getTotalCount()).isEqualTo(1 + 2 + 2 + 2);
        assertThat(Service.live()).isEqualTo("one");
        assertThat(Service.answer(live)).isEqualTo("other");
    }

    @Test
    void declarativeKnowsAllStepsToo() throws Exception {
        Service service = Service.in(temporary);
        WorkflowJob job = j.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition(
                Scripts.usual("""
                pipeline {
                  agent { node { label '%s'; customWorkspace '%s' } }
                  environment { XDG_STATE_HOME = '%s' }
                  stages {
                    stage('Look') { steps { pymConfig(); pymPlan() } }
                    stage('Unit') { steps { pymTest() } }
                    stage('Build') { steps { pymBuild(, forceBuild: true) } }
                    stage('Image') { steps { pymAccept(); pymPush() } }
                    stage('Staging') { steps { pymDeploy(); pymAccept() } }
                    stage('Live') { steps { pymPromote(); pymAccept() } }
                  }
                  post {
                    success { pymRollback() }
                  }
                }
                """.formatted(
                                agent.getNodeName(),
                                service.directory(),
                                service.directory().resolveSibling("state"))),
                true));
        WorkflowRun run = j.buildAndAssertSuccess(job);
        ServiceRun kept = PymacaronRun.of(run).getServices().get(0);
        assertThat(kept.getStages()).hasSize(10);
        assertThat(kept.last("rollback").orElseThrow().getDeployments())
                .extracting(DeploymentRecord::getVersion)
                .as("a first version gives way to nothing")
                .containsExactly("");
        assertThat(Service.live()).isEqualTo("nothing");
        assertThat(j.createWebClient()
                        .withJavaScriptEnabled(false)
                        .getPage(job, "deployments")
                        .asNormalizedText())
                .contains("nothing serves");
    }

    private static WorkflowJob job(Service service, String steps) throws Exception {
        return job(service, List.of(), steps);
    }

    private static WorkflowJob job(Service service, List<String> env, String steps) throws Exception {
        return Scripts.job(j, "job" + System.nanoTime(), agent.getNodeName(), service, env, steps);
    }
}
