package io.jenkins.plugins.pymacaron.jenkins.report.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import hudson.model.FreeStyleProject;
import io.jenkins.plugins.pymacaron.jenkins.dsl.PymacaronDeployStep;
import io.jenkins.plugins.pymacaron.jenkins.freestyle.PymacaronBuilder;
import io.jenkins.plugins.pymacaron.jenkins.step.PymBuildStep;
import io.jenkins.plugins.pymacaron.jenkins.step.PymDeployStep;
import io.jenkins.plugins.pymacaron.jenkins.step.StepHolder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The form of the build step, as people with screens, keyboards and screen readers have it. */
@WithJenkins
class FormPageTest {
    private static final String BUILDER = "div[descriptorid$=PymacaronBuilder]";
    private static final String HOLDER = "div[descriptorid$=StepHolder]";
    private static final int MOST_TABS = 200;

    /** The label of each field, by its name. */
    private static final String LABELS = """
            root => Object.fromEntries([...root.querySelectorAll('input, select, textarea')]
              .filter(e => e.name.startsWith('_.'))
              .map(e => {
                const label = e.type === 'checkbox'
                  ? e.parentElement.querySelector('label')
                  : e.closest('.jenkins-form-item').querySelector('.jenkins-form-label');
                return [e.name, label ? label.firstChild.textContent.trim() : ''];
              }))""";

    @Test
    void fitsScreensAndIsFilledInWithoutAMouse(JenkinsRule j) throws Exception {
        try (Chromium chromium = Chromium.start()) {
            FreeStyleProject job = j.createFreeStyleProject("hello");
            PymacaronBuilder builder = new PymacaronBuilder();
            builder.setTimeouts("staging=10m");
            job.getBuildersList().add(builder);
            String form = j.getURL() + job.getUrl() + "configure";
            for (int width : new int[] {800, 1600}) {
                for (boolean dark : new boolean[] {false, true}) {
                    Page page = chromium.page(width, dark);
                    page.setViewportSize(width, 2600);
                    page.navigate(form);
                    Locator step = page.locator(BUILDER);
                    assertThat(step).isVisible();
                    open(step);
                    assertThat(Chromium.overflow(page)).as("at %d", width).isZero();
                    assertThat(Chromium.barriers(page, BUILDER))
                            .as("at %d", width)
                            .isEmpty();
                    Shots.take(page, "form-" + width + (dark ? "-dark" : ""));
                    page.close();
                }
            }

            Page page = chromium.page(1280, false);
            page.navigate(form);
            assertThat(page.locator(BUILDER)).isVisible();
            page.locator(BUILDER + " select[name='_.until']").focus();
            tabTo(page, "e.name === '_.dir'");
            page.keyboard().type("services/hello");
            tabTo(page, "e.name === '_.skipLive'");
            page.keyboard().press("Space");
            tabTo(page, "e.classList.contains('advanced-button') && e.textContent.trim() === 'Advanced'");
            page.keyboard().press("Enter");
            tabTo(page, "e.textContent.trim() === 'Add a timeout'");
            page.keyboard().press("Enter");
            assertThat(page.locator(BUILDER + " select[name='_.stage']")).hasCount(2);
            Locator added = page.locator(BUILDER + " select[name='_.stage']").last();
            assertThat(added.locator("option")).hasCount(10);
            added.focus();
            page.keyboard().type("Build");
            tabTo(page, "e.name === '_.time'");
            page.keyboard().type("20m");
            tabTo(page, "e.name === 'Submit'");
            page.keyboard().press("Enter");
            page.waitForURL(url -> url.endsWith(job.getUrl()));
            PymacaronBuilder kept = job.getBuildersList().get(PymacaronBuilder.class);
            assertThat(kept.getDir()).isEqualTo("services/hello");
            assertThat(kept.isSkipLive()).isTrue();
            assertThat(kept.getTimeouts()).isEqualTo("staging=10m\nbuild=20m");
            assertThat(chromium.complaints()).isEmpty();
        }
    }

    @Test
    void hasTheLabelsOfTheSnippetGenerator(JenkinsRule j) throws Exception {
        try (Chromium chromium = Chromium.start()) {
            FreeStyleProject job = j.createFreeStyleProject("labels");
            job.getBuildersList().add(new PymacaronBuilder());
            FreeStyleProject steps = j.createFreeStyleProject("steps");
            steps.getBuildersList().add(new StepHolder(new PymDeployStep()));
            steps.getBuildersList().add(new StepHolder(new PymBuildStep()));
            steps.getBuildersList().add(new StepHolder(new PymacaronDeployStep()));
            Page page = chromium.page(1280, false);
            page.navigate(j.getURL() + job.getUrl() + "configure");
            Map<String, String> ours = labels(page.locator(BUILDER));
            page.navigate(j.getURL() + steps.getUrl() + "configure");
            Map<String, String> theirs = new TreeMap<>();
            for (Locator holder : page.locator(HOLDER).all()) {
                theirs.putAll(labels(holder));
            }
            Map<String, String> common = new TreeMap<>(ours);
            common.keySet().retainAll(theirs.keySet());
            assertThat(theirs).containsAllEntriesOf(common);
            assertThat(common.keySet())
                    .containsAll(List.of(
                            "_.allowOlder",
                            "_.canary",
                            "_.dir",
                            "_.docker",
                            "_.env",
                            "_.forceBuild",
                            "_.keepFailed",
                            "_.python",
                            "_.skipUnit",
                            "_.skipContainer",
                            "_.skipStaging",
                            "_.skipLive",
                            "_.target"));
            assertThat(theirs.values()).noneMatch(String::isEmpty);
            assertThat(chromium.complaints()).isEmpty();
        }
    }

    /** The generator shows the same form on a page of its own. */
    @Test
    void theFormOfTheOneLineFitsScreensToo(JenkinsRule j) throws Exception {
        try (Chromium chromium = Chromium.start()) {
            FreeStyleProject job = j.createFreeStyleProject("line");
            PymacaronDeployStep line = new PymacaronDeployStep();
            line.setApprove(true);
            line.setTimeouts(Map.of("staging", "10m"));
            job.getBuildersList().add(new StepHolder(line));
            for (int width : new int[] {800, 1600}) {
                for (boolean dark : new boolean[] {false, true}) {
                    Page page = chromium.page(width, dark);
                    page.setViewportSize(width, 2600);
                    page.navigate(j.getURL() + job.getUrl() + "configure");
                    Locator step = page.locator(HOLDER);
                    assertThat(step.locator("input[name='_.submitter']")).isVisible();
                    open(step);
                    assertThat(Chromium.overflow(page)).as("at %d", width).isZero();
                    // The list of the steps around it is the test's own.
                    assertThat(Chromium.barriers(page, HOLDER + " .pym-form"))
                            .as("at %d", width)
                            .isEmpty();
                    Shots.take(page, "line-form-" + width + (dark ? "-dark" : ""));
                    page.close();
                }
            }
            assertThat(chromium.complaints()).isEmpty();
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, String> labels(Locator part) {
        assertThat(part.locator("select[name='_.target']").first()).isVisible();
        return new TreeMap<>((Map<String, String>) part.evaluate(LABELS));
    }

    /** Opens all folded parts. */
    private static void open(Locator step) {
        for (Locator button : step.locator(".advanced-button").all()) {
            if (button.isVisible()) {
                button.click();
            }
        }
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
