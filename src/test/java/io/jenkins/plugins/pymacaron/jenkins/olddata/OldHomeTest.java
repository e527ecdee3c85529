package io.jenkins.plugins.pymacaron.jenkins.olddata;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.ExtensionList;
import hudson.diagnosis.OldDataMonitor;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.Result;
import io.jenkins.plugins.pymacaron.jenkins.config.Defaults;
import io.jenkins.plugins.pymacaron.jenkins.config.PymacaronFolderProperty;
import io.jenkins.plugins.pymacaron.jenkins.config.PymacaronGlobalConfiguration;
import io.jenkins.plugins.pymacaron.jenkins.freestyle.PymacaronBuilder;
import io.jenkins.plugins.pymacaron.jenkins.history.DeploymentEntry;
import io.jenkins.plugins.pymacaron.jenkins.history.DeploymentHistory;
import io.jenkins.plugins.pymacaron.jenkins.history.PausedEnvironments;
import io.jenkins.plugins.pymacaron.jenkins.lock.EnvironmentQueue;
import io.jenkins.plugins.pymacaron.jenkins.lock.Inputs;
import io.jenkins.plugins.pymacaron.jenkins.report.Story;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.jenkins.run.StageRecord;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jenkinsci.plugins.durabletask.BourneShellScript;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** The data of earlier versions, as {@link OldHomeMakerTest} made it with them, exists in this version. */
class OldHomeTest {
    private static final int EXECUTORS = 4;
    private static final int LOST_AFTER_SECONDS = 5;
    private static final String TEAM = "team/hello";
    /** The log lines of a class that cannot read the data of another version. */
    private static final String FAULTS =
            "InvalidClassException|ClassCastException|NullPointerException|NoSuchFieldError|MissingMethodException"
                    + "|MissingPropertyException|ClassNotFoundException|IllegalStateException";

    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    @RegisterExtension
    private final RealJenkinsExtension real = new RealJenkinsExtension();

    private int usualSeconds;

    static List<String> homes() throws IOException {
        return OldHome.names();
    }

    @ParameterizedTest
    @MethodSource("homes")
    void isReadAndGoneOnWith(String home) throws Throwable {
        OldHome.copy(home, sessions.getHome().toPath());
        sessions.then(j -> {
            assertSettings(j);
            assertBuilds();
            assertPages(j);
            assertRunning(j);
            assertThat(ExtensionList.lookupSingleton(OldDataMonitor.class)
                            .getData()
                            .keySet())
                    .as("what could not be read")
                    .isEmpty();
            for (Item item : j.jenkins.getAllItems()) {
                item.save();
            }
        });
        sessions.then(j -> {
            assertSettings(j);
            assertBuilds();
        });
    }

    /** durable-task takes five minutes before it believes that a process is gone ({@code HEARTBEAT_CHECK_INTERVAL}). */
    @BeforeEach
    void noticeLostProcessesSoon() throws ReflectiveOperationException {
        Field interval = lostAfter();
        usualSeconds = interval.getInt(null);
        interval.setInt(null, LOST_AFTER_SECONDS);
    }

    @AfterEach
    void noticeLostProcessesAsUsual() throws ReflectiveOperationException {
        lostAfter().setInt(null, usualSeconds);
    }

    private static Field lostAfter() throws ReflectiveOperationException {
        Field interval = BourneShellScript.class.getDeclaredField("HEARTBEAT_CHECK_INTERVAL");
        interval.setAccessible(true);
        return interval;
    }

    @Test
    void isThereAgainWhenThePluginIsEnabledAgain() throws Throwable {
        String newest = OldHome.names().get(OldHome.names().size() - 1);
        OldHome.copy(newest, real.getHome().toPath());
        real.startJenkins();
        real.runRemotely(j -> {
            assertBuilds();
        });
        real.stopJenkins();
        List<Path> disabled = disable(real.getHome().toPath());
        real.startJenkins();
        real.runRemotely(OldHomeTest::loadsWithoutThePlugin);
        real.stopJenkins();
        for (Path mark : disabled) {
            Files.delete(mark);
        }
        real.startJenkins();
        real.runRemotely(j -> {
            assertSettings(j);
            assertBuilds();
            assertThat(EnvironmentQueue.get().held("asks#1", environments()))
                    .as("by builds that have ended")
                    .isEmpty();
        });
    }

    /** @return the files that keep it disabled */
    private static List<Path> disable(Path home) throws IOException {
        List<Path> marks = new ArrayList<>();
        try (var plugins = Files.newDirectoryStream(home.resolve("plugins"), "pymacaron.*")) {
            for (Path plugin : plugins) {
                if (plugin.toString().matches(".*\\.[hj]p[il]")) {
                    marks.add(Files.createFile(plugin.resolveSibling(plugin.getFileName() + ".disabled")));
                }
            }
        }
        assertThat(marks).hasSize(1);
        return marks;
    }

    /** Names no class of the plugin: there are none. */
    private static void loadsWithoutThePlugin(JenkinsRule j) throws Exception {
        assertThat(j.jenkins.getPluginManager().getPlugin("pymacaron").isActive())
                .isFalse();
        FreeStyleProject job = j.jenkins.getItemByFullName(TEAM, FreeStyleProject.class);
        assertThat(job.getBuilds()).hasSize(3);
        assertThat(job.getBuildByNumber(2).getResult()).isEqualTo(Result.SUCCESS);
        for (String name : List.of("asks", "waits", "tests")) {
            WorkflowRun run =
                    j.jenkins.getItemByFullName(name, WorkflowJob.class).getBuildByNumber(1);
            j.waitForCompletion(run);
            assertThat(run.getResult()).as(name).isEqualTo(Result.FAILURE);
            assertThat(run.getLog(Integer.MAX_VALUE))
                    .as("the one line that workflow-cps has for it")
                    .contains("ERROR: Failed to load program");
        }
        try (JenkinsRule.WebClient web = j.createWebClient()) {
            web.getOptions().setJavaScriptEnabled(false);
            web.goTo("job/team/job/hello/");
            web.goTo("job/team/job/hello/2/");
        }
    }

    private static void assertSettings(JenkinsRule j) throws Exception {
        Defaults all = PymacaronGlobalConfiguration.get().getDefaults();
        assertThat(all.getTimeouts()).isEqualTo("build=20m");
        assertThat(all.getKeepImages()).isEqualTo(3);
        Folder team = j.jenkins.getItemByFullName("team", Folder.class);
        Defaults its = team.getProperties().get(PymacaronFolderProperty.class).getDefaults();
        assertThat(its.getCredentials().getDocker()).isEqualTo("team-registry");
        assertThat(its.getSecrets()).singleElement().satisfies(secret -> assertThat(secret.getName())
                .isEqualTo("API_KEY"));
        PymacaronBuilder step = hello().getBuildersList().get(PymacaronBuilder.class);
        j.assertEqualDataBoundBeans(OldHome.builder(), step);
        assertThat(PausedEnvironments.get().find(Story.STAGING, hello()))
                .hasValueSatisfying(pause -> assertThat(pause.getReason()).isEqualTo("the database moves"));
    }

    private static void assertBuilds() throws Exception {
        List<StageRecord> stages = PymacaronRun.find(hello().getBuildByNumber(3))
                .orElseThrow()
                .getServices()
                .get(0)
                .getStages();
        assertThat(stages)
                .extracting(StageRecord::getStage)
                .containsExactly(
                        "unit",
                        "build",
                        "container",
                        "push",
                        "staging",
                        "accept-staging",
                        "promote",
                        "live",
                        "rollback");
        assertThat(stages.get(7).getFailed()).isEqualTo(2);
        assertThat(stages.get(8).getDeployments().get(0).getVersion()).isEqualTo("2");
        assertThat(DeploymentHistory.of(hello()).entries())
                .extracting(DeploymentEntry::version)
                .containsExactly("2", "3", "3", "2", "2", "1", "1");
    }

    private static void assertPages(JenkinsRule j) throws Exception {
        try (JenkinsRule.WebClient web = j.createWebClient()) {
            web.getOptions().setJavaScriptEnabled(false);
            for (String page : List.of(
                    "",
                    "configure",
                    "deployments/",
                    "deployments/api/json",
                    "3/",
                    "3/acceptance/",
                    "3/acceptance/cases?section=0",
                    "1/plan/",
                    "3/api/json")) {
                assertThat(web.goTo("job/team/job/hello/" + page, null)
                                .getWebResponse()
                                .getStatusCode())
                        .as(page)
                        .isEqualTo(200);
            }
            assertThat(web.goTo("job/team/job/hello/deployments/").asNormalizedText())
                    .contains("live did not accept this version", "the database moves");
        }
    }

    /** Their agent's directories are gone: they end, each with a line that says so, and hold nothing. */
    private static void assertRunning(JenkinsRule j) throws Exception {
        // The one that asked needs an executor, while the two others have not given theirs back.
        j.jenkins.setNumExecutors(EXECUTORS);
        assertThat(EnvironmentQueue.get().held("asks#1", environments()))
                .as("by the build that asks")
                .isNotEmpty();
        Inputs.proceed(run(j, "asks"));
        for (String name : List.of("asks", "waits", "tests")) {
            WorkflowRun run = j.waitForCompletion(run(j, name));
            assertThat(run.getResult()).as(name).isEqualTo(Result.FAILURE);
            assertThat(JenkinsRule.getLog(run)).as(name).doesNotContainPattern(FAULTS);
        }
        assertThat(PymacaronRun.find(run(j, "asks"))
                        .orElseThrow()
                        .getServices()
                        .get(0)
                        .getStages())
                .extracting(StageRecord::getStage)
                .contains("build", "push", "staging", "accept-staging");
        assertThat(EnvironmentQueue.get().held("asks#1", environments())).isEmpty();
    }

    /** Returns the environments of the Pipelines that deploy. */
    private static Set<String> environments() throws IOException {
        WorkflowJob asks = jenkins.model.Jenkins.get().getItemByFullName("asks", WorkflowJob.class);
        return DeploymentHistory.of(asks).byEnvironment().keySet();
    }

    private static WorkflowRun run(JenkinsRule j, String job) {
        return j.jenkins.getItemByFullName(job, WorkflowJob.class).getBuildByNumber(1);
    }

    private static FreeStyleProject hello() {
        return jenkins.model.Jenkins.get().getItemByFullName(TEAM, FreeStyleProject.class);
    }
}
