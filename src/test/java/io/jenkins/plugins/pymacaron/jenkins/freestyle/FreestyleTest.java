package io.jenkins.plugins.pymacaron.jenkins.freestyle;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.tasks.junit.TestResultAction;
import io.jenkins.plugins.pymacaron.cli.CleanEngine;
import io.jenkins.plugins.pymacaron.cli.Service;
import io.jenkins.plugins.pymacaron.docker.ImageFacts;
import io.jenkins.plugins.pymacaron.jenkins.config.Defaults;
import io.jenkins.plugins.pymacaron.jenkins.config.PymacaronGlobalConfiguration;
import io.jenkins.plugins.pymacaron.jenkins.credentials.SecretBinding;
import io.jenkins.plugins.pymacaron.jenkins.history.DeploymentHistory;
import io.jenkins.plugins.pymacaron.jenkins.history.DeploymentsAction;
import io.jenkins.plugins.pymacaron.jenkins.history.EnvironmentView;
import io.jenkins.plugins.pymacaron.jenkins.history.PausedEnvironments;
import io.jenkins.plugins.pymacaron.jenkins.lock.EnvironmentQueue;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.jenkins.run.RollbackRequest;
import io.jenkins.plugins.pymacaron.jenkins.step.Gate;
import io.jenkins.plugins.pymacaron.jenkins.step.Secrets;
import io.jenkins.plugins.pymacaron.pipeline.contract.EnvironmentNames;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The build step in real jobs, with a real service in real containers of the docker target. */
@WithJenkins
@ExtendWith(CleanEngine.class)
@EnabledIfEnvironmentVariable(named = "PYM_TEST_BASE", matches = ".+")
class FreestyleTest {
    private static final String LIVE = "docker/" + Service.NAME + "/live";
    private static final String NAME_LABEL = "io.jenkins.plugins.pymacaron.name";
    private static final String STAGING = "docker/" + Service.NAME + "/staging";

    private static JenkinsRule j;
    private static Freestyle freestyle;

    @TempDir
    Path temporary;

    @BeforeAll
    static void jenkins(JenkinsRule rule) throws Exception {
        j = rule;
        freestyle = new Freestyle(rule);
    }

    private Service service() throws Exception {
        Service service = Service.in(temporary);
        freestyle.environment(service, List.of());
        return service;
    }

    @Test
    void aServiceGoesLiveABrokenOneIsRolledBackAndAUserRollsBack() throws Exception {
        Service service = service();
        FreeStyleProject job = freestyle.job("deploys", service, Freestyle.builder());
        FreeStyleBuild first = j.buildAndAssertSuccess(job);
        assertThat(Service.live()).isEqualTo("one");
        assertThat(Service.running()).containsExactly("live serving", "staging serving");
        assertThat(secretOfLive()).isEqualTo(Freestyle.SECRET);
        assertThat(Freestyle.stages(first))
                .containsExactly(
                        "preflight",
                        "unit",
                        "build",
                        "container",
                        "push",
                        "staging",
                        "accept-staging",
                        "pre-promote",
                        "promote",
                        "live");
        assertPreflight(first);
        List<String> log = first.getLog(1000);
        assertThat(log).containsSubsequence("== Unit tests", "== Build image", "== Promote to live", "== Accept live");
        assertThat(first.getAction(TestResultAction.class).getTotalCount()).isEqualTo(1 + 2 + 2 + 2);
        assertThat(DeploymentHistory.of(job).byEnvironment().keySet())
                .extracting(EnvironmentNames::shown)
                .containsExactlyInAnyOrder(STAGING, LIVE);
        assertThat(job.getAction(DeploymentsAction.class).getEnvironments())
                .extracting(EnvironmentView::getTitle)
                .containsExactly("Live · Docker on agent", "Staging · Docker on agent");
        Secrets.assertNowhere(j, temporary, "s3cr$t");
        assertThat(EnvironmentQueue.get().holder(LIVE)).isEmpty();

        service.content("two").at(Service.NAME + "-live", "exit 1").commit("wrong when it is live");
        FreeStyleBuild broken = j.buildAndAssertStatus(Result.FAILURE, job);
        assertThat(Service.live()).isEqualTo("one");
        String rolledBack = ") and was rolled back: " + Service.version(Service.LIVE) + " serves again";
        assertThat(broken.getLog(1000))
                .filteredOn(line -> line.contains("live failed its acceptance ("))
                .hasSize(2)
                .allMatch(line -> line.endsWith(rolledBack));
        j.assertLogNotContains("\tat ", broken);
        assertThat(Freestyle.stages(broken)).endsWith("promote", "live", "rollback");
        assertThat(DeploymentHistory.of(job).entries().get(0).reason())
                .as("of a rollback that the deployment did by itself")
                .startsWith("Accept live: ");

        service.at(Service.NAME + "-live", "exit 0").commit("right");
        j.buildAndAssertSuccess(job);
        assertThat(Service.live()).isEqualTo("two");
        new RollbackRequest(".", LIVE, "", "Anna", false, "two loses orders").schedule(job);
        j.waitUntilNoActivity();
        FreeStyleBuild back = j.assertBuildStatusSuccess(job.getLastBuild());
        assertThat(Service.live()).isEqualTo("one");
        j.assertLogContains("Anna asked to roll back " + LIVE + " to the previous version.", back);
        assertThat(Freestyle.stages(back)).containsExactly("rollback");
        assertThat(DeploymentHistory.of(job).entries().get(0).reason()).isEqualTo("two loses orders");

        new RollbackRequest("other", LIVE, "", "Anna").schedule(job);
        j.waitUntilNoActivity();
        j.assertLogContains("Nothing to do for .", j.assertBuildStatusSuccess(job.getLastBuild()));
        new RollbackRequest(".", "docker/other/live", "", "Anna").schedule(job);
        j.waitUntilNoActivity();
        j.assertLogContains("Nothing to do for [" + LIVE + "]", j.assertBuildStatusSuccess(job.getLastBuild()));
        assertThat(Service.live()).isEqualTo("one");
    }

    private static String secretOfLive() throws Exception {
        try (var answer = URI.create("http://127.0.0.1:" + Service.LIVE + "/secret")
                .toURL()
                .openStream()) {
            String json = new String(answer.readAllBytes(), StandardCharsets.UTF_8);
            return new String(Base64.getDecoder().decode(json.replace("\"", "").strip()), StandardCharsets.UTF_8);
        }
    }

    @Test
    void anAbortBringsBackThePreviousVersion() throws Exception {
        Service service = service();
        FreeStyleProject job = freestyle.job("aborted", service, Freestyle.builder());
        j.buildAndAssertSuccess(job);
        service.content("two").commit("second");
        Gate gate = new Gate(temporary.toRealPath());
        freestyle.environment(service, gate.variables(Service.NAME + "-live"));
        FreeStyleBuild build = job.scheduleBuild2(0).waitForStart();
        gate.awaitUnlessEnded(build);
        assertThat(Service.live()).isEqualTo("two");
        build.getExecutor().interrupt();
        j.assertBuildStatus(Result.ABORTED, j.waitForCompletion(build));
        assertThat(Service.live()).isEqualTo("one");
        assertThat(Service.running()).contains("live serving");
        j.assertLogContains("The build was aborted before live was accepted. Live was rolled back: ", build);
        assertThat(PymacaronRun.of(build)
                        .getServices()
                        .get(0)
                        .last("live")
                        .orElseThrow()
                        .getOutcome())
                .isEqualTo("INTERRUPTED");
        assertThat(Freestyle.stages(build)).endsWith("live", "rollback");
        assertThat(EnvironmentQueue.get().holder(LIVE)).isEmpty();
    }

    @Test
    void buildsWaitForTheirTurnAndRespectAPause() throws Exception {
        Service service = service();
        PymacaronBuilder quick = Freestyle.builder();
        quick.setSkipUnit(true);
        quick.setSkipContainer(true);
        quick.setUntil("STAGING");
        Gate gate = new Gate(temporary.toRealPath());
        freestyle.environment(service, gate.variables(Service.NAME + "-staging"));
        FreeStyleBuild first =
                freestyle.job("first", service, quick).scheduleBuild2(0).waitForStart();
        gate.awaitUnlessEnded(first);
        // From a checkout of its own, as another job has one.
        Path other = Files.createDirectories(temporary.resolve("other"));
        Service.in(other);
        FreeStyleProject second = freestyle.job("second", service, quick);
        second.setCustomWorkspace(other.toRealPath().resolve("service").toString());
        FreeStyleBuild waiting = second.scheduleBuild2(0).waitForStart();
        j.waitForMessage(STAGING, waiting);
        waiting.getExecutor().interrupt();
        j.assertBuildStatus(Result.ABORTED, j.waitForCompletion(waiting));
        gate.open();
        j.assertBuildStatusSuccess(j.waitForCompletion(first));
        assertThat(Service.live()).isEqualTo("nothing");

        PausedEnvironments.get().pause(STAGING, second, "Anna");
        try {
            FreeStyleBuild refused = j.buildAndAssertStatus(Result.FAILURE, second);
            assertThat(errors(refused)).hasSize(1).first().asString().contains(STAGING, "Anna");
            assertThat(Freestyle.stages(refused)).as("before any work").containsExactly("preflight");
        } finally {
            PausedEnvironments.get().resume(STAGING, second);
        }
    }

    @Test
    void mistakesAreSaidInOneLineBeforeAnyWork() throws Exception {
        Service service = service();
        PymacaronBuilder unknown = Freestyle.builder();
        unknown.setSecrets(List.of(new SecretBinding("E2E_SECRET", "typo")));
        assertMistake(
                "unknown", service, unknown, "There is no credential 'typo' for E2E_SECRET that unknown may use.");
        PymacaronBuilder missing = Freestyle.builder();
        missing.setSecrets(List.of());
        assertMistake("missing", service, missing, "E2E_SECRET");
        PymacaronBuilder outside = Freestyle.builder();
        outside.setDir("../other");
        assertMistake("outside", service, outside, "is outside the workspace");
        PymacaronBuilder nowhere = Freestyle.builder();
        nowhere.setDir("nowhere");
        assertMistake("nowhere", service, nowhere, "nowhere");
        PymacaronBuilder soon = Freestyle.builder();
        soon.setTimeouts("build=soon");
        assertMistake("soon", service, soon, "The timeout of build, soon, is not a duration");
        PymacaronBuilder shrinking = Freestyle.builder();
        shrinking.setCanary("50, 25");
        assertMistake("shrinking", service, shrinking, "canary must be a list of growing percentages");
        assertThat(Service.containers()).isEmpty();

        PymacaronBuilder plan = Freestyle.builder();
        plan.setUntil("PLAN");
        FreeStyleBuild planned = j.buildAndAssertSuccess(freestyle.job("plan", service, plan));
        j.assertLogContains("Planned changes of a deployment:", planned);
        j.assertLogContains(Service.NAME, planned);
        assertThat(Service.containers()).isEmpty();
    }

    @Test
    void theAgentKeepsAsManyImagesAsJenkinsSays() throws Exception {
        Service service = service();
        PymacaronBuilder quick = Freestyle.builder();
        quick.setSkipUnit(true);
        quick.setSkipContainer(true);
        quick.setSkipStaging(true);
        FreeStyleProject job = freestyle.job("few-images", service, quick);
        Defaults two = new Defaults();
        two.setKeepImages(2);
        PymacaronGlobalConfiguration.get().setDefaults(two);
        try {
            List<String> versions = new ArrayList<>();
            for (String content : List.of("image 1", "image 2", "image 3")) {
                service.content(content).commit(content);
                j.buildAndAssertSuccess(job);
                versions.add(Service.version(Service.LIVE));
            }
            assertThat(versions).doesNotHaveDuplicates();
            j.assertLogContains("removed old images: ", job.getLastBuild());
            List<ImageFacts> images = Service.docker().images().labelled(Map.of(NAME_LABEL, Service.NAME));
            assertThat(images).hasSize(2);
            assertThat(images)
                    .flatExtracting(ImageFacts::tags)
                    .as("%s", versions)
                    .allSatisfy(tag -> assertThat(tag).doesNotEndWith(versions.get(0)));
            assertThat(images)
                    .flatExtracting(ImageFacts::tags)
                    .anyMatch(tag -> tag.endsWith(versions.get(1)))
                    .anyMatch(tag -> tag.endsWith(versions.get(2)));
            new RollbackRequest(".", LIVE, "", "Anna").schedule(job);
            j.waitUntilNoActivity();
            j.assertBuildStatusSuccess(job.getLastBuild());
            assertThat(Service.live()).isEqualTo("image 2");
        } finally {
            PymacaronGlobalConfiguration.get().setDefaults(new Defaults());
        }
    }

    /** Says what it found before any work. */
    private static void assertPreflight(FreeStyleBuild build) throws Exception {
        j.assertLogContains("Service " + Service.NAME + " of pym-config.yaml, to docker", build);
        j.assertLogContains("Image: " + System.getenv("PYM_TEST_REGISTRY") + "/", build);
        j.assertLogContains("Tests: " + System.getenv("PYM_TEST_PYTHON") + " (Python ", build);
        j.assertLogContains("Credentials: E2E_SECRET by 'e2e-secret'", build);
        j.assertLogContains(STAGING + ", where nothing serves now", build);
        j.assertLogContains(LIVE + ", where nothing serves now", build);
    }

    private static void assertMistake(String name, Service service, PymacaronBuilder builder, String part)
            throws Exception {
        FreeStyleBuild build = j.buildAndAssertStatus(Result.FAILURE, freestyle.job(name, service, builder));
        assertThat(errors(build)).as(name).hasSize(1).first().asString().contains(part);
        j.assertLogNotContains("\tat ", build);
        j.assertLogNotContains("== Build image", build);
    }

    private static List<String> errors(FreeStyleBuild build) throws Exception {
        return build.getLog(1000).stream()
                .filter(line -> line.startsWith("ERROR: "))
                .toList();
    }
}
