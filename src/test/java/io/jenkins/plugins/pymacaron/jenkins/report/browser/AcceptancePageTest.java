package io.jenkins.plugins.pymacaron.jenkins.report.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import io.jenkins.plugins.pymacaron.jenkins.report.Delivery;
import io.jenkins.plugins.pymacaron.jenkins.report.Story;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class AcceptancePageTest {
    @Test
    void isReadFilteredAndTurned(JenkinsRule j) throws Exception {
        try (Chromium chromium = Chromium.start()) {
            FreeStyleProject job = j.createFreeStyleProject("hello");
            FreeStyleBuild build = Delivery.build(
                    j,
                    job,
                    Story.of(1, "261122-1810-main-ab12cd")
                            .accepted("unit", 250, 0, 0)
                            .accepted("container", 120, 2, 3));
            Page page = chromium.page(1280, false);

            page.navigate(j.getURL() + build.getUrl());
            page.locator(".pym-summary")
                    .getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName("Acceptance"))
                    .click();
            assertThat(page.locator(".pym-count")).hasText("125 tests");
            assertThat(tab(page, "Accept image")).hasAttribute("aria-selected", "true");
            Locator rows = page.locator("#pym-cases tbody tr");
            assertThat(rows).hasCount(100);
            assertThat(rows.nth(0)).containsText("Failed");
            assertThat(rows.nth(0)).containsText("expected 'hello', got 'Internal Server Error'");
            assertThat(rows.nth(0).locator("pre")).isVisible();
            assertThat(rows.nth(1).locator("pre")).isHidden();
            rows.nth(1).locator("summary").click();
            assertThat(rows.nth(1).locator("pre")).containsText("Traceback");
            assertThat(Chromium.barriers(page, "#main-panel")).isEmpty();
            Shots.take(page, "acceptance");

            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Next"))
                    .click();
            assertThat(page.locator(".pym-page")).hasText("2 of 2");
            assertThat(rows).hasCount(25);

            page.locator(".pym-status select").selectOption("SKIPPED");
            assertThat(page.locator(".pym-count")).hasText("3 of 125");
            assertThat(rows).hasCount(3);
            assertThat(rows.nth(0)).containsText("needs PYM_SLOW=1");
            assertThat(rows.nth(0).locator("details")).hasCount(0);
            assertThat(page.locator(".pym-pages")).isHidden();
            page.locator(".pym-status select").selectOption("");
            page.locator("#pym-search").fill("LANGUAGE_11");
            assertThat(page.locator(".pym-count")).hasText("11 of 125");
            assertThat(page).hasURL(Pattern.compile(".*/acceptance/\\?tab=1&search=LANGUAGE_11$"));
            isThereAgain(chromium.page(1280, false), page.url());
            page.locator("#pym-search").fill("no such test");
            assertThat(page.locator("#pym-cases")).containsText("No test matches");
            page.locator("#pym-search").fill("");

            tab(page, "Accept image").focus();
            page.keyboard().press("ArrowLeft");
            assertThat(tab(page, "Unit tests")).isFocused();
            assertThat(tab(page, "Unit tests")).hasAttribute("aria-selected", "true");
            assertThat(page.locator(".pym-count")).hasText("250 tests");
            page.locator(".pym-log summary").click();
            assertThat(page.locator(".pym-log pre")).containsText("GET /version 200");

            for (int width : new int[] {1280, 400}) {
                Page dark = chromium.page(width, width == 1280);
                dark.navigate(j.getURL() + build.getUrl() + "acceptance/");
                assertThat(dark.locator("#pym-cases tbody tr")).hasCount(100);
                assertThat(Chromium.overflow(dark)).as("at %d", width).isZero();
                assertThat(Chromium.barriers(dark, "#main-panel")).isEmpty();
                Shots.take(dark, "acceptance-" + width);
            }
            assertThat(chromium.complaints()).isEmpty();
        }
    }

    @Test
    void aServiceThatDidNotStartShowsItsLog(JenkinsRule j) throws Exception {
        try (Chromium chromium = Chromium.start()) {
            FreeStyleProject job = j.createFreeStyleProject("silent");
            FreeStyleBuild build = Delivery.build(
                    j,
                    job,
                    Story.of(1, "261122-1810-main-ab12cd")
                            .accepted("unit", 4, 0, 0)
                            .silent(
                                    "container",
                                    "the service ended with exit code 3: KeyError: 'DB_URL'",
                                    "Traceback (most recent call last):\nKeyError: 'DB_URL'"));
            Page page = chromium.page(1280, false);

            page.navigate(j.getURL() + build.getUrl() + "acceptance/");
            assertThat(tab(page, "Accept image")).hasAttribute("aria-selected", "true");
            assertThat(page.locator("dl:not([hidden])")).containsText("No test ran");
            assertThat(page.locator("dl:not([hidden])")).containsText("exit code 3");
            assertThat(page.locator(".pym-log pre")).isVisible();
            assertThat(page.locator(".pym-log pre")).containsText("KeyError: 'DB_URL'");
            Shots.take(page, "acceptance-silent");
            tab(page, "Unit tests").click();
            assertThat(page.locator(".pym-count")).hasText("4 tests");
            assertThat(page.locator(".pym-log pre")).isHidden();
            assertThat(chromium.complaints()).isEmpty();
        }
    }

    /** Checks that the address of a page shows the same to others, also with a filter, a page of many, and nonsense. */
    private static void isThereAgain(Page page, String url) {
        page.navigate(url);
        assertThat(page.locator(".pym-count")).hasText("11 of 125");
        assertThat(page.locator("#pym-search")).hasValue("LANGUAGE_11");
        assertThat(tab(page, "Accept image")).hasAttribute("aria-selected", "true");
        String plain = url.substring(0, url.indexOf('?'));
        page.navigate(plain + "?tab=0&show=failed");
        assertThat(page.locator(".pym-count")).hasText("0 of 250");
        assertThat(page.locator(".pym-status select")).hasValue("FAILED");
        assertThat(tab(page, "Unit tests")).hasAttribute("aria-selected", "true");
        page.navigate(plain + "?tab=0&page=3");
        assertThat(page.locator(".pym-page")).hasText("3 of 3");
        page.navigate(plain + "?tab=nine&show=%3Cb%3E&page=-7");
        assertThat(page.locator(".pym-count")).hasText("125 tests");
        page.close();
    }

    private static Locator tab(Page page, String name) {
        return page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName(name));
    }
}
