package io.jenkins.plugins.pymacaron.jenkins.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.model.Cause;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.TaskListener;
import io.jenkins.plugins.pymacaron.pipeline.contract.Parameter;
import io.jenkins.plugins.pymacaron.pipeline.contract.RunRequest;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageSpec;
import org.jenkinsci.plugins.ghprb.GhprbCause;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Tests what the specification of a stage says about the rights of its build. */
@WithJenkins
class BuildLimitsTest {
    private static JenkinsRule j;
    private static FreeStyleProject job;

    @BeforeAll
    static void jenkins(JenkinsRule rule) throws Exception {
        j = rule;
        job = j.createFreeStyleProject("service");
    }

    private static FreeStyleBuild build(Cause cause) throws Exception {
        return j.assertBuildStatusSuccess(job.scheduleBuild2(0, cause));
    }

    private static RunRequest request(StageOrder order, FreeStyleBuild build) throws Exception {
        StageLauncher launcher = StageLauncher.prepare(
                order,
                build,
                build.getWorkspace(),
                new EnvVars(),
                j.jenkins.createLauncher(TaskListener.NULL),
                TaskListener.NULL);
        try {
            return StageSpec.fromJson(launcher.getDirectory()
                            .child(StageFiles.SPECIFICATION)
                            .readToString())
                    .toRequest(true);
        } finally {
            launcher.getDirectory().deleteRecursive();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"config", "plan", "unit", "build", "container"})
    void aChangeRequestMayWriteNothingToTheRegistryInAnyOfItsStages(String stage) throws Exception {
        StageOrder order = StageOrder.of(stage).with(Parameter.SHIP, true);

        RunRequest request = request(order, build(new GhprbCause()));

        assertThat(request.is(Parameter.SHIP)).isFalse();
        assertThat(request.push())
                .as("an image of the same content in the registry is used")
                .isTrue();
        assertThat(request(order, build(new Cause.UserIdCause())).is(Parameter.SHIP))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"push", "staging", "pre-promote", "promote", "rollback"})
    void aChangeRequestIsRefusedTheOtherStages(String stage) throws Exception {
        FreeStyleBuild change = build(new GhprbCause());

        assertThatThrownBy(() -> request(StageOrder.of(stage), change))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("Only branches are pushed and deployed");
    }
}
