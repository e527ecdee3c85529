package io.jenkins.plugins.pymacaron.jenkins.report.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import hudson.model.FreeStyleProject;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.pymacaron.jenkins.freestyle.PymacaronBuilder;
import io.jenkins.plugins.pymacaron.jenkins.report.Delivery;
import io.jenkins.plugins.pymacaron.jenkins.report.Story;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * The pictures of the documentation: {@code mvn test -Dtest=DocumentationImagesTest -Dpymacaron.shots=docs/images
 * -Dpymacaron.documentation=true}. That Jenkins' own symbols are in them takes
 * {@code -Dmaven.test.additionalClasspath=target/jenkins-for-test/WEB-INF/classes}.
 */
@WithJenkins
@EnabledIfSystemProperty(named = "pymacaron.documentation", matches = "true")
class DocumentationImagesTest {
    private static final int HEIGHT = 780;
    private static final long MOST_BYTES = 150_000;

    @Test
    void areTaken(JenkinsRule j) throws Exception {
        try (Chromium chromium = Chromium.start()) {
            j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
            User ada = User.getById("ada", true);
            ada.setFullName("Ada Lovelace");
            FreeStyleProject job = j.createFreeStyleProject("hello");
            try (ACLContext ignored = ACL.as(ada)) {
                Delivery.build(j, job, Story.shipped(1, "261121-0910-main-1f2e3d"));
                Delivery.build(j, job, Story.shipped(2, "261122-1810-main-ab12cd"));
                Delivery.build(j, job, Story.takenBack(3, "261123-0815-main-77aa00", "261122-1810-main-ab12cd"));
                Delivery.build(j, job, Story.shipped(4, "261123-1140-main-90be11"));
            }
            String root = j.getURL() + job.getUrl();
            Page page = chromium.page(1280, false);
            page.setViewportSize(1280, HEIGHT);
            page.navigate(root);
            assertThat(page.locator(".pym-trend canvas")).hasCount(1);
            // The charts are drawn bit by bit.
            AtomicReference<Object> drawn = new AtomicReference<>("");
            page.waitForCondition(() -> {
                Object now = page.locator(".pym-trend canvas").last().evaluate("canvas => canvas.toDataURL()");
                return now.equals(drawn.getAndSet(now));
            });
            Shots.take(page, "jenkins-job");
            page.navigate(root + "4/");
            assertThat(page.locator(".pym-summary")).isVisible();
            Shots.take(page, "jenkins-build");
            page.navigate(root + "deployments/");
            assertThat(page.locator("section")).hasCount(2);
            Shots.take(page, "jenkins-deployments");
            page.navigate(root + "3/acceptance/");
            assertThat(page.locator("#pym-cases tbody tr").first()).isVisible();
            Shots.take(page, "jenkins-acceptance");
            Page dark = chromium.page(1280, true);
            dark.setViewportSize(1280, HEIGHT);
            dark.navigate(root + "3/acceptance/");
            assertThat(dark.locator("#pym-cases tbody tr").first()).isVisible();
            Shots.take(dark, "jenkins-acceptance-dark");

            FreeStyleProject form = j.createFreeStyleProject("hello-freestyle");
            form.getBuildersList().add(new PymacaronBuilder());
            // So that the bar with Save, at the bottom of the window, is below it.
            page.setViewportSize(1280, 3 * HEIGHT);
            page.navigate(j.getURL() + form.getUrl() + "configure");
            Locator builder = page.locator("div[descriptorid$=PymacaronBuilder]");
            assertThat(builder).isVisible();
            builder.screenshot(new Locator.ScreenshotOptions()
                    .setPath(Shots.directory().orElseThrow().resolve("jenkins-freestyle.png")));
        }
        for (String name : new String[] {"job", "build", "deployments", "acceptance", "acceptance-dark", "freestyle"}) {
            assertThat(size(name)).as(name).isBetween(1L, MOST_BYTES);
        }
    }

    private static long size(String name) throws IOException {
        Path picture = Shots.directory().orElseThrow().resolve("jenkins-" + name + ".png");
        return Files.size(picture);
    }
}
