package io.jenkins.plugins.pymacaron.jenkins.report.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.model.User;
import io.jenkins.plugins.pymacaron.cli.Service;
import io.jenkins.plugins.pymacaron.jenkins.dsl.Jobs;
import io.jenkins.plugins.pymacaron.jenkins.freestyle.PymacaronBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * Makes the pictures of the documentation, of builds that deploy a service:
 * {@code mvn test -Dtest=DocumentationImagesTest -Dpymacaron.shots=docs/images -Dpymacaron.documentation=true}. It
 * needs the same set-up as the tests with a real engine. For Jenkins' own symbols in the pictures, add
 * {@code -Dmaven.test.additionalClasspath=target/jenkins-for-test/WEB-INF/classes}.
 */
@WithJenkins
@EnabledIfSystemProperty(named = "pymacaron.documentation", matches = "true")
class DocumentationImagesTest {
    private static final int WIDTH = 1280;
    private static final int HEIGHT = 780;
    private static final int REPORT_WIDTH = 1180;
    private static final int REPORT_HEIGHT = 1314;
    private static final long MOST_BYTES = 170_000;

    /** The bar with Save, which otherwise stands before what is below it. */
    private static final String AWAY = """
            () => {
              const parts = [...document.querySelectorAll("#bottom-sticky, [class*='bottom-app-bar']")];
              for (let e = document.querySelector("button[name=Submit]"); e; e = e.parentElement) {
                if (["sticky", "fixed"].includes(getComputedStyle(e).position)) {
                  parts.push(e);
                }
              }
              parts.forEach(part => (part.style.display = "none"));
            }""";

    @Test
    void areTaken(JenkinsRule j, @TempDir Path temporary) throws Exception {
        Jobs.prepare(j);
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        User.getById("ada", true).setFullName("Ada Lovelace");
        j.createSlave("agent-1", "docker", null);
        j.jenkins.setNumExecutors(0);
        FreeStyleProject form = j.createFreeStyleProject("greetings-freestyle");
        form.getBuildersList().add(new PymacaronBuilder());
        try (PicturedService greetings = new PicturedService(temporary);
                Chromium chromium = Chromium.start()) {
            WorkflowJob job = Jobs.fromScm(j, "greetings", greetings.service());
            build(j, job, Result.SUCCESS);
            greetings.greets("Goddag", "Hello", "Greet in Danish");
            build(j, job, Result.FAILURE);
            greetings.greets("God dag", "God dag", "Greet as the Danes do");
            build(j, job, Result.SUCCESS);
            for (boolean dark : new boolean[] {false, true}) {
                Page page = chromium.page(WIDTH, dark);
                page.setViewportSize(WIDTH, HEIGHT);
                page.navigate(j.getURL() + "login");
                page.locator("input[name=j_username]").fill("ada");
                page.locator("input[name=j_password]").fill("ada");
                page.keyboard().press("Enter");
                page.waitForURL(url -> !url.contains("login"));
                take(page, j.getURL() + job.getUrl(), dark ? "-dark" : "");
                takeForm(page, j.getURL() + form.getUrl(), dark ? "-dark" : "");
                page.close();
            }
        }
    }

    /** Of pymdeploy, whose live acceptance fails, so that it is rolled back. */
    @Test
    void theReportIsTaken(@TempDir Path temporary) throws Exception {
        try (PicturedService greetings = new PicturedService(temporary);
                Chromium chromium = Chromium.start()) {
            assertThat(greetings.service().run().code()).isZero();
            greetings.greets("Goddag", "Hello", "Greet in Danish");
            Service.Ended back = greetings.service().run();
            assertThat(back.output()).contains("serves again at");
            String report = back.output()
                    .lines()
                    .filter(line -> line.startsWith("Report: "))
                    .findFirst()
                    .orElseThrow()
                    .substring("Report: ".length());
            Page page = chromium.page(REPORT_WIDTH, false);
            page.setViewportSize(REPORT_WIDTH, REPORT_HEIGHT);
            page.navigate(Path.of(report).toUri().toString());
            assertThat(page.locator("h1")).isVisible();
            settle(page);
            Path file = Shots.directory().orElseThrow().resolve("report.png");
            page.screenshot(new Page.ScreenshotOptions().setPath(file));
            assertThat(Files.size(file)).isBetween(1L, 2 * MOST_BYTES);
        }
    }

    private static void build(JenkinsRule j, WorkflowJob job, Result expected) throws Exception {
        WorkflowRun run = job.scheduleBuild2(0, new CauseAction(new Cause.UserIdCause("ada")))
                .get();
        j.assertBuildStatus(expected, run);
    }

    private static void take(Page page, String root, String kind) throws Exception {
        // With the whole chart.
        page.setViewportSize(WIDTH, HEIGHT + 120);
        page.navigate(root);
        assertThat(page.locator(".pym-trend canvas")).not().hasCount(0);
        assertThat(page.locator(".pym-legend li")).not().hasCount(0);
        // The charts are drawn bit by bit.
        AtomicReference<Object> drawn = new AtomicReference<>("");
        page.waitForCondition(() -> {
            Object now = page.locator(".pym-trend canvas").last().evaluate("canvas => canvas.toDataURL()");
            return now.equals(drawn.getAndSet(now));
        });
        shot(page, "jenkins-job" + kind);
        page.setViewportSize(WIDTH, HEIGHT);
        page.navigate(root + "2/");
        assertThat(page.locator(".pym-summary")).isVisible();
        shot(page, "jenkins-build" + kind);
        page.navigate(root + "deployments/");
        assertThat(page.locator("section")).hasCount(2);
        shot(page, "jenkins-deployments" + kind);
        page.navigate(root + "2/acceptance/");
        assertThat(page.locator("#pym-cases tbody tr").first()).isVisible();
        shot(page, "jenkins-acceptance" + kind);
    }

    private static void takeForm(Page page, String root, String kind) throws Exception {
        page.setViewportSize(WIDTH, 3 * HEIGHT);
        page.navigate(root + "configure");
        Locator builder = page.locator("div[descriptorid$=PymacaronBuilder]");
        assertThat(builder).isVisible();
        page.evaluate(AWAY);
        settle(page);
        Path file = Shots.directory().orElseThrow().resolve("jenkins-freestyle" + kind + ".png");
        builder.screenshot(new Locator.ScreenshotOptions().setPath(file));
        assertThat(Files.size(file)).isBetween(1L, MOST_BYTES);
    }

    /** Waits until no colour fades into another any more. */
    private static void settle(Page page) {
        page.waitForFunction("() => document.getAnimations().every(a => a.playState !== 'running')");
    }

    private static void shot(Page page, String name) throws Exception {
        settle(page);
        Shots.take(page, name);
        assertThat(Files.size(Shots.directory().orElseThrow().resolve(name + ".png")))
                .as(name)
                .isBetween(1L, MOST_BYTES);
    }
}
