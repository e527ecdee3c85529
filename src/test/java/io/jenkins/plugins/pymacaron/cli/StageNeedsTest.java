package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A stage asks for what it needs and for nothing else, says all that is missing, and keeps secrets to itself. */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class StageNeedsTest {
    @TempDir
    Path temporary;

    private Service service;
    private StagesApart stages;

    @BeforeEach
    void makeService() throws Exception {
        service = Service.in(temporary);
        stages = new StagesApart(service, "job-1");
    }

    private StageResult child(String stage) throws Exception {
        Service.Ended ended =
                service.runChild("stage", "--spec", stages.spec(stage, false).toString());
        assertThat(ended.code()).as(ended.output()).isZero();
        return stages.read(ended.output()
                .lines()
                .filter(line -> line.startsWith("{"))
                .findFirst()
                .orElseThrow());
    }

    @Test
    void anAgentWithoutADockerEngineRunsUnitTestsAndOneWithoutPythonPushes() throws Exception {
        service.with("DOCKER_HOST", "unix:///nowhere/d.sock");
        assertThat(child("unit").outcome()).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(child("config").outcome()).isEqualTo(RunOutcome.SUCCEEDED);
        StageResult build = child("build");
        assertThat(build.outcome()).isEqualTo(RunOutcome.CONFIG_INVALID);
        assertThat(build.message()).contains("/nowhere/d.sock");

        service.with("DOCKER_HOST", System.getenv("DOCKER_HOST"));
        stages.asking("python", "/nowhere/python").asking("push", "true");
        String secret = service.environment().remove(Service.SECRET);
        stages.secretIs(secret).good("build");
        stages.good("push");
        assertThat(stages.bad("unit", RunOutcome.CONFIG_INVALID).message()).contains("(and 1 more)");
        assertThat(stages.log()).contains("/nowhere/python").contains("env_secrets names " + Service.SECRET);
        assertThat(stages.bad("staging", RunOutcome.CONFIG_INVALID).message()).contains(Service.SECRET);
    }

    @Test
    void secretsThatTestsPrintAreInNoResult() throws Exception {
        String secret = service.environment().get(Service.SECRET);
        service.with("OTHER", "bound elsewhere")
                .write("test/test_unit.py", """
                        import unittest


                        class UnitTest(unittest.TestCase):
                            def test_talks(self):
                                print('SECRET')
                                self.fail('it is SECRET, and also bound elsewhere')
                        """.replace("SECRET", secret))
                .commit("talks");
        stages.hiding("OTHER");

        StageResult failed = stages.bad("unit", RunOutcome.TESTS_FAILED);

        assertThat(failed.toJson())
                .doesNotContain(secret)
                .doesNotContain("bound elsewhere")
                .contains("***");
        assertThat(stages.log()).doesNotContain(secret).doesNotContain("bound elsewhere");
    }

    @Test
    void anotherCheckoutHasAnotherImage() throws Exception {
        stages.good("build");
        service.content("two").commit("second");
        stages.good("unit");
        assertThat(stages.bad("staging", RunOutcome.CONFIG_INVALID).message()).contains("there is no image yet");
    }
}
