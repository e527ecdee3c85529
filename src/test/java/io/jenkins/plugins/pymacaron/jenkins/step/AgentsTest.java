package io.jenkins.plugins.pymacaron.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import hudson.model.Slave;
import io.jenkins.plugins.pymacaron.cli.CleanEngine;
import io.jenkins.plugins.pymacaron.cli.Service;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.jenkins.run.StageRecord;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Agents that go away and come back, that hand on to each other, and that lack something. The controller runs nothing. */
@WithJenkins
@ExtendWith(CleanEngine.class)
@EnabledIfEnvironmentVariable(named = "PYM_TEST_BASE", matches = ".+")
class AgentsTest {
    private static JenkinsRule j;

    @RegisterExtension
    private final InboundAgentExtension agents = new InboundAgentExtension();

    @TempDir
    Path temporary;

    @BeforeAll
    static void jenkins(JenkinsRule rule) throws Exception {
        j = rule;
        j.jenkins.setNumExecutors(0);
        Scripts.secret(j);
    }

    @Test
    void aStageEndsWhileItsAgentIsAway() throws Exception {
        Slave agent = agents.createAgent(j, "leaves");
        Gate gate = new Gate(temporary.toRealPath());
        Service service = Service.in(temporary);
        WorkflowRun run = Scripts.job(
                        j,
                        "leaves",
                        agent.getNodeName(),
                        service,
                        gate.variables(Service.NAME + "-staging"),
                        "pymBuild(); pymPush(); pymDeploy(); pymAccept()")
                .scheduleBuild2(0)
                .waitForStart();
        gate.awaitUnlessEnded(run);
        agents.stop("leaves");
        InboundAgentExtension.waitForAgentOffline(j, "leaves");
        gate.open();
        assertThat(run.isBuilding()).isTrue();
        agents.start(j, "leaves");

        j.assertBuildStatusSuccess(j.waitForCompletion(run));
        assertThat(PymacaronRun.of(run).getServices().get(0).getStages())
                .extracting(StageRecord::getStage)
                .containsExactly("build", "push", "staging", "accept-staging");
        assertThat(Service.staging()).isEqualTo("one");
    }

    @Test
    void anAbortedBuildDoesNotWaitForAnAgentThatIsAway() throws Exception {
        Slave agent = agents.createAgent(j, "stays-away");
        Gate gate = new Gate(temporary.toRealPath());
        Service service = Service.in(temporary);
        WorkflowRun run = Scripts.job(j, "aborted", agent.getNodeName(), service, gate.variables("unit"), "pymTest()")
                .scheduleBuild2(0)
                .waitForStart();
        gate.awaitUnlessEnded(run);
        agents.stop("stays-away");
        InboundAgentExtension.waitForAgentOffline(j, "stays-away");
        run.doStop();
        j.assertBuildStatus(Result.ABORTED, j.waitForCompletion(run));
        gate.open();
        Gate.until("the process on the agent has not ended", () -> isEnded(service));
    }

    /** Returns whether a process of durable-task has left its exit code beside a directory. */
    private static boolean isEnded(Service service) throws IOException {
        Path beside = service.directory().resolveSibling("service@tmp");
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(beside, "durable-*")) {
            for (Path process : processes) {
                if (Files.exists(process.resolve("jenkins-result.txt"))) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void oneAgentBuildsAndAnotherDeploys() throws Exception {
        Slave builds = agents.createAgent(j, "builds");
        Slave deploys = agents.createAgent(j, "deploys");
        Service service = Service.in(temporary);
        Path copy = temporary.toRealPath().resolve("elsewhere/service");
        service.git("clone", "--quiet", service.directory().toString(), copy.toString());
        String build = Scripts.script(builds.getNodeName(), service, List.of(), "pymBuild(); pymPush()");
        String deploy = Scripts.script(
                        deploys.getNodeName(),
                        service,
                        List.of(),
                        "pymDeploy(); pymAccept(); pymPromote(); pymAccept()")
                .replace("dir('" + service.directory(), "dir('" + copy);
        WorkflowJob job = j.createProject(WorkflowJob.class, "two");
        job.setDefinition(new CpsFlowDefinition(build + deploy, true));
        WorkflowRun run = j.buildAndAssertSuccess(job);
        assertThat(Service.live()).isEqualTo("one");
        assertThat(PymacaronRun.of(run).getServices()).singleElement().satisfies(s -> assertThat(
                        s.last("live").orElseThrow().getOutcome())
                .isEqualTo("SUCCEEDED"));
    }

    @Test
    void missingPartsOfAnAgentAreReportedInOneLine() throws Exception {
        Slave agent = agents.createAgent(j, "poor");
        Service service = Service.in(temporary);
        for (List<String> lacking : List.of(
                List.of("docker", "pymBuild()", "Build image: docker: "),
                List.of("python", "pymTest()", "Unit tests: "),
                List.of("git", "pymBuild()", "git"))) {
            Path bin = programsBut(lacking.get(0));
            WorkflowJob job = Scripts.job(
                    j,
                    "no-" + lacking.get(0),
                    agent.getNodeName(),
                    service,
                    List.of("PATH=" + bin),
                    lacking.get(1).replace("()", "(secrets: [E2E_SECRET: 'e2e-secret'])"));
            WorkflowRun run = j.buildAndAssertStatus(Result.FAILURE, job);
            assertThat(run.getLog(100))
                    .filteredOn(line -> line.startsWith("ERROR: "))
                    .as(lacking.get(0))
                    .singleElement()
                    .asString()
                    .contains(lacking.get(2))
                    .doesNotContain("Exception", " --");
            j.assertLogNotContains("\tat ", run);
        }
    }

    /** Returns all programs of this machine, except those with this prefix. */
    private Path programsBut(String prefix) throws Exception {
        Path bin = Files.createDirectories(temporary.toRealPath().resolve("without-" + prefix));
        for (String directory : System.getenv("PATH").split(":")) {
            if (!Files.isDirectory(Path.of(directory))) {
                continue;
            }
            try (Stream<Path> programs = Files.list(Path.of(directory))) {
                for (Path program : programs.toList()) {
                    String name = program.getFileName().toString();
                    if (!name.startsWith(prefix)) {
                        try {
                            Files.createSymbolicLink(bin.resolve(name), program);
                        } catch (FileAlreadyExistsException e) {
                            // the same of an earlier directory
                        }
                    }
                }
            }
        }
        return bin;
    }
}
