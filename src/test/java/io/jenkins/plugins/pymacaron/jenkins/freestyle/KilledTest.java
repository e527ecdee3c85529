package io.jenkins.plugins.pymacaron.jenkins.freestyle;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.EnvVars;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.slaves.EnvironmentVariablesNodeProperty;
import io.jenkins.plugins.pymacaron.cli.CleanEngine;
import io.jenkins.plugins.pymacaron.cli.Service;
import io.jenkins.plugins.pymacaron.jenkins.agent.UnfinishedStages;
import io.jenkins.plugins.pymacaron.jenkins.credentials.Stores;
import io.jenkins.plugins.pymacaron.jenkins.step.Gate;
import io.jenkins.plugins.pymacaron.jenkins.step.HeldStage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/**
 * Controller and agent of a freestyle build are killed in the middle of a stage. Its stages are processes of the build, so
 * that the build is lost with either; what served serves again without it.
 */
@ExtendWith(CleanEngine.class)
@EnabledIfEnvironmentVariable(named = "PYM_TEST_BASE", matches = ".+")
class KilledTest {
    private static final String AGENT = "inbound";

    /** These must have learnt that their build wants them no more before they go on; the others make no change. */
    private static final List<String> CHANGING = List.of("staging", "promote", "rollback");

    @RegisterExtension
    private final RealJenkinsExtension jenkins = new RealJenkinsExtension();

    @RegisterExtension
    private final InboundAgentExtension agents = new InboundAgentExtension();

    @TempDir
    Path temporary;

    /** One in the short form; all of them with {@code -Dpym.full=true}. */
    static List<HeldStage> stages() {
        return Boolean.getBoolean("pym.full") ? HeldStage.ALL : List.of(HeldStage.of("promote"));
    }

    @ParameterizedTest
    @MethodSource("stages")
    void thePreviousVersionServesAgain(HeldStage held) throws Throwable {
        Path root = temporary.toRealPath();
        Service service = Service.in(temporary);
        assertThat(service.run("--no-test", "--no-push").code()).isZero();
        service.content("two")
                .at(Service.NAME + "-live", "exit 1")
                .holdDockerAt("", "")
                .commit("second");
        jenkins.startJenkins();
        InboundAgentExtension.Options inbound = InboundAgentExtension.Options.newBuilder()
                .name(AGENT)
                .webSocket()
                .build();
        agents.createAgent(jenkins, inbound);
        Gate first = new Gate(root, "controller");
        ArrayList<String> environment = environment(service, held, first);
        String directory = service.directory().toString();
        jenkins.runRemotely(KilledTest::begin, directory, environment);
        first.await();
        jenkins.stopJenkinsForcibly();
        jenkins.startJenkins();
        if (CHANGING.contains(held.stage())) {
            Gate.until("nobody told it", () -> HeldStage.isUnwanted(service.directory()));
        }
        first.open();
        jenkins.runRemotely(KilledTest::undone);
        assertThat(Service.live()).as("the controller was killed").isEqualTo("one");
        assertThat(Service.running()).contains("live serving").hasSizeLessThanOrEqualTo(2);

        Gate second = new Gate(root, "agent");
        ArrayList<String> again = environment(service, held, second);
        jenkins.runRemotely(KilledTest::begin, directory, again);
        second.await();
        agents.stop(AGENT);
        HeldStage.killEngine(service.directory());
        agents.start(jenkins, inbound);
        jenkins.runRemotely(KilledTest::undone);
        assertThat(Service.live()).as("the agent was killed").isEqualTo("one");
        assertThat(Service.running()).contains("live serving").hasSizeLessThanOrEqualTo(2);
    }

    private static ArrayList<String> environment(Service service, HeldStage held, Gate gate) {
        ArrayList<String> all = new ArrayList<>(held.environment(gate));
        all.add("XDG_STATE_HOME=" + service.directory().resolveSibling("state"));
        all.add("PATH+HELD=" + service.directory().resolveSibling("bin"));
        return all;
    }

    private static void begin(JenkinsRule j, String directory, ArrayList<String> environment) throws Throwable {
        j.jenkins.setNumExecutors(0);
        EnvVars all = new EnvVars();
        environment.forEach(all::addLine);
        j.jenkins.getGlobalNodeProperties().clear();
        j.jenkins
                .getGlobalNodeProperties()
                .add(new EnvironmentVariablesNodeProperty(all.entrySet().stream()
                        .map(e -> new EnvironmentVariablesNodeProperty.Entry(e.getKey(), e.getValue()))
                        .toList()));
        FreeStyleProject job = j.jenkins.getItemByFullName("killed", FreeStyleProject.class);
        if (job == null) {
            Stores.add(Stores.text("e2e-secret", Freestyle.SECRET));
            job = j.createFreeStyleProject("killed");
            job.setAssignedNode(j.jenkins.getNode(AGENT));
            job.setCustomWorkspace(directory);
            job.getBuildersList().add(Freestyle.builder());
            job.save();
        }
        job.scheduleBuild2(0).waitForStart();
    }

    private static void undone(JenkinsRule j) throws Throwable {
        FreeStyleProject job = j.jenkins.getItemByFullName("killed", FreeStyleProject.class);
        FreeStyleBuild build = job.getLastBuild();
        Gate.until("the build goes on", () -> !build.isBuilding());
        assertThat(build.getResult()).isNotEqualTo(Result.SUCCESS);
        Gate.until("it is not undone", () -> UnfinishedStages.get().all().isEmpty());
    }
}
