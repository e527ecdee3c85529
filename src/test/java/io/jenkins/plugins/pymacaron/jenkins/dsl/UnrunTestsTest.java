package io.jenkins.plugins.pymacaron.jenkins.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import io.jenkins.plugins.pymacaron.cli.CleanEngine;
import io.jenkins.plugins.pymacaron.cli.Service;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** A service whose tests need pytest, on an agent whose Python has none. */
@WithJenkins
@ExtendWith(CleanEngine.class)
class UnrunTestsTest {
    private static final String MIXED = """
            import unittest


            class FineTest(unittest.TestCase):
                def test_fine(self):
                    pass


            def test_that_would_fail():
                assert False
            """;

    @TempDir
    Path temporary;

    @Test
    void endTheBuildBeforeAnyWorkUnlessTheServiceAsksForUnittest(JenkinsRule j) throws Exception {
        Jobs.prepare(j);
        Service service = Service.in(temporary).write("test/test_mixed.py", MIXED);
        Path python = Files.writeString(
                temporary.resolve("python"),
                "#!/bin/sh\nexec " + RealDocker.variable("PYM_TEST_PYTHON") + " -S \"$@\"\n");
        Files.setPosixFilePermissions(python, PosixFilePermissions.fromString("rwxr-xr-x"));
        WorkflowJob job = null;
        for (boolean plan : new boolean[] {false, true}) {
            Jobs.withJenkinsfile(service, "pymacaronDeploy python: '%s', plan: %s".formatted(python, plan));
            job = job == null ? Jobs.fromScm(j, "mixed", service) : job;
            WorkflowRun run = j.buildAndAssertStatus(Result.FAILURE, job);
            assertThat(Flow.stages(run)).containsExactly("Preflight!");
            j.assertLogContains(
                    "test/test_mixed.py: error: unittest does not run test_that_would_fail, which pytest does", run);
            Consoles.assertSpeakToUsersOfJenkins(j, run);
        }
        assertThat(Service.containers()).isEmpty();

        Path config = service.directory().resolve("pym-config.yaml");
        service.write("pym-config.yaml", Files.readString(config).replace("accept: {", "accept: {runner: unittest, "))
                .commit("unittest");
        WorkflowRun asked = j.buildAndAssertSuccess(job);
        j.assertLogContains("unittest does not run test_that_would_fail, which pytest does", asked);
        j.assertLogContains("accept.runner asks for that.", asked);
    }
}
