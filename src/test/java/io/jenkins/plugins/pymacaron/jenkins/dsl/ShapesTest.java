package io.jenkins.plugins.pymacaron.jenkins.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.FreePorts;
import io.jenkins.plugins.pymacaron.cli.CleanEngine;
import io.jenkins.plugins.pymacaron.cli.Service;
import io.jenkins.plugins.pymacaron.docker.ContainerFacts;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The shapes of Pipelines that {@code pymacaronDeploy} is called from. */
@WithJenkins
@ExtendWith(CleanEngine.class)
class ShapesTest {
    private static final String NO_ACCEPTANCE = "skip: ['container', 'staging', 'live']";
    private static final String ENVIRONMENT = "io.jenkins.plugins.pymacaron.environment";
    private static JenkinsRule j;

    private Service service;

    @BeforeAll
    static void jenkins(JenkinsRule rule) throws Exception {
        j = rule;
        Jobs.prepare(rule);
    }

    @BeforeEach
    void service(@TempDir Path temporary) throws Exception {
        service = Service.in(temporary);
    }

    @AfterEach
    void removeBoth() throws Exception {
        for (ContainerFacts container : both()) {
            Service.docker().containers().remove(container.id());
        }
    }

    @Test
    void declarativeCallsItAsAStep() throws Exception {
        Jobs.withJenkinsfile(
                service,
                "pipeline { agent any; stages { stage('Ship') { steps { pymacaronDeploy(%s, %s, testImage: '%s') } } } }"
                        .formatted(Jobs.python(), NO_ACCEPTANCE, RealDocker.base()));
        WorkflowRun run = j.buildAndAssertSuccess(Jobs.fromScm(j, "declarative", service));
        assertThat(Flow.stages(run)).containsSubsequence("Ship", "Preflight", "Unit tests", "Promote to live");
        assertThat(Service.answer(Service.LIVE)).isEqualTo("one");
        assertThat(Flow.count(run, "withDockerContainer")).as("the unit tests").isOne();
        assertThat(PymacaronRun.of(run).find(".").orElseThrow().last("unit"))
                .get()
                .satisfies(unit -> assertThat(unit.getPassed()).isOne());
    }

    @Test
    void twoServicesInParallelDoNotMix() throws Exception {
        int a = service("a");
        int b = service("b");
        String call = "pymacaronDeploy(dir: '%s', " + Jobs.python() + ", skip: ['unit', 'staging', 'live'])";
        Jobs.withJenkinsfile(
                service,
                "def done = [:]; parallel a: { done.a = %s }, b: { done.b = %s }; echo \"${done.a.url} and ${done.b.url}\""
                        .formatted(call.formatted("a"), call.formatted("b")));
        WorkflowRun run = j.buildAndAssertSuccess(Jobs.fromScm(j, "both", service));
        j.assertLogContains("http://127.0.0.1:" + a + " and http://127.0.0.1:" + b, run);
        assertThat(Service.answer(a)).isEqualTo("a");
        assertThat(Service.answer(b)).isEqualTo("b");
        assertThat(PymacaronRun.of(run).getServices())
                .extracting(s -> s.getDirectory() + " " + s.getService())
                .containsExactlyInAnyOrder("a " + Service.NAME + "-a", "b " + Service.NAME + "-b");
        assertThat(Flow.stages(run)).filteredOn("Promote to live"::equals).hasSize(2);
    }

    /** Makes one of two services in the repository. Returns the port of its live. */
    private int service(String name) throws Exception {
        int live = FreePorts.next();
        service.write(name + "/pym-config.yaml", """
                name: %s-%s
                deploy_target: docker
                docker_repo: e2e
                registry: %s
                docker_base: %s
                live_url: http://127.0.0.1:%d
                staging:
                  live_url: http://127.0.0.1:%d
                """.formatted(
                                Service.NAME,
                                name,
                                RealDocker.variable("PYM_TEST_REGISTRY"),
                                RealDocker.base(),
                                live,
                                FreePorts.next()))
                .write(name + "/requirements.txt", "")
                .write(name + "/server.py", Service.server(name))
                .write(name + "/testaccept/test_nothing.py", """
                        import unittest


                        class NothingTest(unittest.TestCase):
                            def test_nothing(self):
                                pass
                        """);
        return live;
    }

    private static List<ContainerFacts> both() throws Exception {
        return Service.docker().containers().labelled(Map.of(ENVIRONMENT, "")).stream()
                .filter(c -> c.labels().get(ENVIRONMENT).startsWith("docker/" + Service.NAME + "-"))
                .toList();
    }
}
