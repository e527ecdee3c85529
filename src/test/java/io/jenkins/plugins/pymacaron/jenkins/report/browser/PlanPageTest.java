package io.jenkins.plugins.pymacaron.jenkins.report.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.jenkins.plugins.pymacaron.cli.Service;
import io.jenkins.plugins.pymacaron.jenkins.dsl.Jobs;
import io.jenkins.plugins.pymacaron.jenkins.history.DeploymentsAction;
import io.jenkins.plugins.pymacaron.jenkins.lock.Inputs;
import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The plan of a build, as users see it who decide whether it goes live: of a service that is deployed for real. */
@WithJenkins
class PlanPageTest {
    private static final int MOST_TABS = 60;
    private static final String LINE = "pymacaronDeploy(%s, skip: ['unit', 'container', 'live']%s)";

    @Test
    void showsTheChangesTheServingVersionAndTheCommitsSinceIt(JenkinsRule j, @TempDir Path temporary) throws Exception {
        Jobs.prepare(j);
        try (PicturedService greetings = new PicturedService(temporary);
                Chromium chromium = Chromium.start()) {
            Service service = greetings.service();
            Jobs.withJenkinsfile(service, LINE.formatted(Jobs.python(), ""));
            WorkflowJob job = Jobs.fromScm(j, PicturedService.NAME, service);
            WorkflowRun first = j.buildAndAssertSuccess(job);
            String version = version(job);
            Page page = chromium.page(1280, false);

            Jobs.withJenkinsfile(service, LINE.formatted(Jobs.python(), ", plan: true"));
            greetings.greets("Goddag", "Goddag", "Greet in Danish");
            WorkflowRun planned = j.buildAndAssertSuccess(job);
            page.navigate(j.getURL() + planned.getUrl());
            tabTo(page, "e.tagName === 'A' && e.textContent.trim() === 'Plan'");
            page.keyboard().press("Enter");
            page.waitForURL(url -> url.endsWith("/plan/"));
            assertShows(page, version, List.of("Greet in Danish", "Jenkinsfile"));
            looksGoodEverywhere(chromium, j.getURL() + planned.getUrl() + "plan/", "plan");

            Jobs.withJenkinsfile(service, LINE.formatted(Jobs.python(), ", approve: true"));
            greetings.greets("God dag", "God dag", "Greet as the Danes do");
            WorkflowRun asking = job.scheduleBuild2(0).waitForStart();
            Inputs.await(asking);
            page.navigate(j.getURL() + asking.getUrl() + "plan/");
            assertShows(page, version, List.of("Greet as the Danes do", "Greet in Danish"));
            page.navigate(j.getURL() + asking.getUrl() + "input/");
            assertThat(page.locator("#main-panel")).containsText("Greet as the Danes do (ada)");
            assertThat(page.locator("#main-panel")).containsText(version + " serves at ");
            // The message is a heading there: it names the changes of live in one sentence, without those of staging.
            assertThat(page.locator("#main-panel")).containsText("Changes: create container ");
            assertThat(page.locator("#main-panel")).not().containsText("wait for");
            assertThat(page.locator("#main-panel")).not().containsText("-rehearsal");
            assertThat(page.locator("#main-panel")).not().containsText("-staging-");
            assertThat(page.locator("#main-panel")).containsText("Whole plan: " + asking.getUrl() + "plan");
            Shots.take(page, "plan-approve");
            Inputs.proceed(asking);
            j.assertBuildStatusSuccess(j.waitForCompletion(asking));

            page.navigate(j.getURL() + asking.getUrl() + "plan/");
            assertShows(page, version, List.of("Greet as the Danes do", "Greet in Danish"));
            page.navigate(j.getURL() + first.getUrl() + "plan/");
            assertThat(page.locator(".pym-plan__state").first()).hasText("nothing serves now");
            assertThat(page.locator("table")).hasCount(0);
            assertThat(chromium.complaints()).isEmpty();
        }
    }

    /** Checks the order of the changes, and that the version that they replace and its later commits are beside them. */
    private static void assertShows(Page page, String version, List<String> commits) {
        Locator section = page.locator("section");
        assertThat(section.locator("h2")).hasText(PicturedService.NAME);
        assertThat(section.locator("h3")).containsText(new String[] {
            "Plan for " + PicturedService.NAME + " at commit ",
            "docker/" + PicturedService.NAME + "/staging",
            "docker/" + PicturedService.NAME + "/live",
            "At the end",
            "Commits since " + version
        });
        assertThat(section.locator("ol").first().locator("li"))
                .containsText(new String[] {"build image ", "push image "});
        for (Locator serving : section.locator(".pym-plan__state").all()) {
            assertThat(serving).containsText(version + " serves at ");
        }
        assertThat(section.locator("ol").nth(2)).containsText("stop container");
        for (String commit : commits) {
            assertThat(section.locator("table")).containsText(commit);
        }
    }

    private static void looksGoodEverywhere(Chromium chromium, String address, String name) throws Exception {
        for (int width : new int[] {800, 1600}) {
            for (boolean dark : new boolean[] {false, true}) {
                Page page = chromium.page(width, dark);
                page.navigate(address);
                assertThat(page.locator("section")).isVisible();
                assertThat(Chromium.overflow(page)).as("at %d", width).isZero();
                assertThat(Chromium.barriers(page, "#main-panel"))
                        .as("at %d", width)
                        .isEmpty();
                Shots.take(page, name + "-" + width + (dark ? "-dark" : ""));
                page.close();
            }
        }
    }

    private static String version(WorkflowJob job) throws Exception {
        return job.getAction(DeploymentsAction.class)
                .getEnvironments()
                .get(0)
                .getCurrent()
                .version();
    }

    /** Goes on by the tab key alone. @param wanted of the element that has the focus, as {@code e} */
    private static void tabTo(Page page, String wanted) {
        for (int i = 0; i < MOST_TABS; i++) {
            page.keyboard().press("Tab");
            if ((Boolean) page.evaluate("() => { const e = document.activeElement; return " + wanted + "; }")) {
                return;
            }
        }
        throw new AssertionError("the tab key does not lead to: " + wanted);
    }
}
