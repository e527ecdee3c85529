package io.jenkins.plugins.pymacaron.jenkins.report.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import io.jenkins.plugins.pymacaron.jenkins.history.PausedEnvironments;
import io.jenkins.plugins.pymacaron.jenkins.report.Delivery;
import io.jenkins.plugins.pymacaron.jenkins.report.Story;
import io.jenkins.plugins.pymacaron.jenkins.run.RollbackRequest;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.FakeChangeLogSCM;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class DeploymentsPageTest {
    private static final String FIRST = "261121-0910-main-1f2e3d";
    private static final String SECOND = "261122-1810-main-ab12cd";
    private static final String BROKEN = "261123-0815-main-77aa00";

    @Test
    void isComparedPausedAndRolledBack(JenkinsRule j) throws Exception {
        try (Chromium chromium = Chromium.start()) {
            FreeStyleProject job = j.createFreeStyleProject("hello");
            FakeChangeLogSCM scm = new FakeChangeLogSCM();
            job.setScm(scm);
            Delivery.build(j, job, Story.shipped(1, FIRST));
            scm.addChange().withAuthor("Ada").withMsg("Greet in Danish");
            Delivery.build(j, job, Story.shipped(2, SECOND));
            Delivery.build(j, job, Story.rolledBackLive(3, BROKEN, SECOND));

            Page page = chromium.page(1280, false);
            page.navigate(j.getURL() + job.getUrl());
            assertThat(page.locator(".pym-trend canvas")).hasCount(1);
            Locator card = page.locator(".pym-serving__card").first();
            assertThat(card).containsText("Live · Docker");
            assertThat(card).containsText(SECOND);
            assertThat(card).containsText("14 passed");
            assertThat(page.locator(".pym-serving__card").nth(1)).containsText("live did not accept this version");
            assertThat(Chromium.barriers(page, ".pym-serving", ".pym-trend")).isEmpty();
            hasARoomyLegend(page, 9);
            Shots.take(page, "job");
            link(page, "Deployments").first().click();
            Locator live = page.locator("section").first();
            assertThat(live.getByRole(AriaRole.HEADING)).hasText("Live · Docker");
            assertThat(live.locator("code.pym-id")).hasText(Story.LIVE);
            assertThat(live.locator("tbody tr").nth(1)).containsText("2 of 16 failed");
            assertThat(Chromium.barriers(page, "#main-panel")).isEmpty();
            assertThat(live.locator("strong")).hasText(SECOND);
            assertThat(live.locator("tbody tr").nth(1)).containsText("did not pass");
            Shots.take(page, "deployments");
            assertThat(((Number) live.locator(".pym-scroll").evaluate("e => e.scrollWidth - e.clientWidth")).intValue())
                    .as("the buttons can be seen without scrolling")
                    .isZero();

            live.getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName("Compare since " + FIRST))
                    .click();
            assertThat(page.locator("table")).containsText("Greet in Danish");
            assertThat(page.locator("table")).containsText("Ada");
            assertThat(Chromium.barriers(page, "#main-panel")).isEmpty();
            Shots.take(page, "compare");
            link(page, "Back to the deployments").click();

            page.getByRole(AriaRole.SEARCHBOX, new Page.GetByRoleOptions().setName("Search the history"))
                    .fill(BROKEN);
            page.keyboard().press("Enter");
            assertThat(live.locator("tbody tr")).hasCount(1);
            page.locator(".pym-filter select").selectOption("accepted");
            page.locator(".pym-filter button").click();
            assertThat(live).containsText("None of its 4 deployments matches");
            link(page, "Show all").click();
            assertThat(live.locator("tbody tr")).hasCount(4);

            live.getByText("Pause deployments").click();
            assertThat(live.locator("form[action=pause]")).containsText("Pause all deployments to Live · Docker");
            assertThat(live.locator("form[action=pause] > label")).hasCount(2);
            live.locator("form[action=pause]").getByLabel("Reason").fill("the database moves");
            live.getByLabel("Until").selectOption("8");
            Shots.take(page, "pause");
            live.locator("form[action=pause] button").click();
            assertThat(live.locator(".jenkins-badge").first()).containsText("paused by");
            assertThat(live.locator(".pym-paused")).containsText("Paused: the database moves.");
            assertThat(PausedEnvironments.get().pausedBy(Story.LIVE, job)).isPresent();
            Shots.take(page, "paused");
            live.getByText("Resume deployments").click();
            page.locator("dialog.jenkins-dialog button[data-id=ok]").click();
            assertThat(live.getByText("Pause deployments")).isVisible();
            assertThat(PausedEnvironments.get().pausedBy(Story.LIVE, job)).isEmpty();

            Delivery.prepare(job, Story.of(4, FIRST).rolledBack(FIRST));
            Locator row = live.locator("tbody tr").filter(new Locator.FilterOptions().setHasText(FIRST));
            row.getByText("Roll back to this version").click();
            assertThat(row.locator("form")).containsText("Roll back Live · Docker from ");
            assertThat(row.locator("form")).containsText(" to " + FIRST + "?");
            row.getByLabel("Reason").fill("the new one loses orders");
            assertThat(Chromium.barriers(page, "#main-panel")).isEmpty();
            Shots.take(page, "roll-back");
            row.locator("form button").click();
            page.waitForURL(url -> url.endsWith(job.getUrl()));
            j.waitUntilNoActivity();
            FreeStyleBuild back = job.getLastBuild();
            assertThat(back.getNumber()).isEqualTo(4);
            assertThat(RollbackRequest.of(back)).get().extracting("version").isEqualTo(FIRST);
            assertThat(RollbackRequest.of(back)).get().extracting("reason").isEqualTo("the new one loses orders");

            for (int width : new int[] {1280, 400}) {
                Page other = chromium.page(width, width == 1280);
                other.navigate(j.getURL() + job.getUrl() + "deployments/");
                assertThat(other.locator("strong").first()).hasText(FIRST);
                assertThat(other.locator("tbody tr").first()).containsText("Reason: the new one loses orders");
                assertThat(Chromium.overflow(other)).as("at %d", width).isZero();
                assertThat(Chromium.barriers(other, "#main-panel")).isEmpty();
                Shots.take(other, "deployments-" + width);
                other.navigate(j.getURL() + job.getUrl());
                // The last good build tested nothing, so that the junit plugin shows no trend of tests.
                assertThat(other.locator(".pym-trend canvas")).hasCount(2);
                hasARoomyLegend(other, 9);
                assertThat(Chromium.barriers(other, ".pym-serving", ".pym-trend"))
                        .isEmpty();
                Shots.take(other, "job-" + width);
                other.navigate(j.getURL() + job.getUrl() + "3/");
                assertThat(other.locator(".pym-summary"))
                        .containsText(BROKEN + " was rolled back: " + SECOND + " serves again");
                assertThat(Chromium.barriers(other, ".pym-summary")).isEmpty();
                Shots.take(other, "build-" + width);
                int overflow = Chromium.overflow(other);
                other.locator(".pym-summary").evaluate("card => card.remove()");
                assertThat(overflow).as("no more than without it, at %d", width).isEqualTo(Chromium.overflow(other));
            }
            assertThat(chromium.complaints()).isEmpty();
        }
    }

    /**
     * Checks that every stage is named, and none is cut off; a click takes it out of the chart, another brings it back.
     */
    private static void hasARoomyLegend(Page page, int stages) {
        Locator legend = page.locator(".pym-trend .pym-legend").first();
        assertThat(legend.locator("li")).hasCount(stages);
        assertThat(((Number) legend.evaluate("list => Math.max(...[...list.children].map(i =>"
                                + " i.getBoundingClientRect().right)) - list.getBoundingClientRect().right"))
                        .doubleValue())
                .isLessThanOrEqualTo(0.5);
        String option =
                "() => echarts.getInstanceByDom(document.querySelector('.pym-trend__chart')).getOption().legend[0]";
        assertThat(page.evaluate(option)).extracting("show").isEqualTo(false);
        Locator push = legend.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Push image"));
        push.click();
        assertThat(push).hasAttribute("aria-pressed", "false");
        assertThat(page.evaluate(option)).extracting("selected.Push image").isEqualTo(false);
        push.click();
        assertThat(push).hasAttribute("aria-pressed", "true");
    }

    private static Locator link(Page page, String name) {
        return page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(name));
    }
}
